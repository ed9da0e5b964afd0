// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/kernels.h"
#include <string.h>

// As many rows as keep all accumulators of a panel in registers, beside its weights: 12 of 32, 12 of 16, 8 of 16.
#define ROWS (LANES == 16 ? 12 : LANES == 8 ? 6 : 2)
#define BODY "nn/kernels-body.h"
#include "nn/each-target.h"

const PctKernels *
pct_kernels_get(void)
{
  return pct_kernels_get_all()[0];
}

const PctKernels *const *
pct_kernels_get_all(void)
{
  static const PctKernels *const all[] = { &kernels_avx512, &kernels_avx2, &kernels_plain, NULL };
  return all + pct_kernels_get_first();
}

guint
pct_kernels_get_first(void)
{
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"))
    return 0;
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 1 : 2;
}

gsize
pct_kernels_packed_size(gsize k, gsize n)
{
  return (n + PCT_PANEL - 1) / PCT_PANEL * PCT_PANEL * k;
}

void
pct_kernels_pack(float *panels, const float *weights, gsize k, gsize n, gsize first, gsize end)
{
  panels += first * k * PCT_PANEL;
  for (gsize column = first * PCT_PANEL; column < end * PCT_PANEL; column += PCT_PANEL) {
    gsize width = MIN(PCT_PANEL, n - column);
    for (gsize i = 0; i < k; i++, panels += PCT_PANEL) {
      memcpy(panels, weights + i * n + column, width * sizeof(float));
      memset(panels + width, 0, (PCT_PANEL - width) * sizeof(float));
    }
  }
}
