// SPDX-License-Identifier: GPL-3.0-or-later
// Every instruction set's kernels that this processor can run, against loops in double precision, at sizes with rows,
// channels and columns left over.
#include <math.h>
#include "base/random.h"
#include "nn/kernels.h"

typedef struct {
  gsize rows, taps, channels, n;
} Size;

static const Size sizes[] = { { 1, 1, 1, 1 }, { 6, 4, 8, 16 }, { 13, 4, 9, 24 }, { 25, 16, 8, 33 }, { 12, 1, 64, 64 },
                              { 47, 3, 17, 48 } };

static float *
random_floats(gsize n, guint64 stream)
{
  float *values = g_new(float, n);
  pct_random_fill_normal(values, n, 11, stream);
  return values;
}

static void
test_indirect(gconstpointer data)
{
  const PctKernels *kernels = data;
  for (gsize s = 0; s < G_N_ELEMENTS(sizes); s++)
    for (int variant = 0; variant < 4; variant++) {
      const Size *z = &sizes[s];
      gsize k = z->taps * z->channels, pixels = z->rows + z->taps;
      g_autofree float *x = random_floats(pixels * z->channels, 1), *weights = random_floats(k * z->n, 2);
      g_autofree float *bias = random_floats(z->n, 3), *before = random_floats(z->rows * z->n, 4);
      g_autofree float *out = g_memdup2(before, z->rows * z->n * sizeof(float));
      g_autofree float *panels = g_new(float, pct_kernels_packed_size(k, z->n));
      g_autofree const float **in = g_new(const float *, z->rows * z->taps);
      g_autofree float **to = g_new(float *, z->rows);
      pct_kernels_pack(panels, weights, k, z->n, 0, (z->n + PCT_PANEL - 1) / PCT_PANEL);
      for (gsize r = 0; r < z->rows; r++) {
        to[r] = out + r * z->n;
        for (gsize t = 0; t < z->taps; t++)
          in[r * z->taps + t] = x + (r * 7 + t) % pixels * z->channels;
      }
      float beta = variant & 1 ? 1 : 0;
      kernels->indirect(z->rows, z->taps, z->channels, z->n, in, panels, to, variant & 2 ? bias : NULL, beta);
      for (gsize r = 0; r < z->rows; r++)
        for (gsize j = 0; j < z->n; j++) {
          double sum = (variant & 2 ? bias[j] : 0) + beta * before[r * z->n + j];
          for (gsize t = 0; t < z->taps; t++)
            for (gsize c = 0; c < z->channels; c++)
              sum += (double)in[r * z->taps + t][c] * weights[(t * z->channels + c) * z->n + j];
          g_assert_cmpfloat_with_epsilon(out[r * z->n + j], sum, 1e-4 * (1 + fabs(sum)));
        }
    }
}

static void
test_outer(gconstpointer data)
{
  const PctKernels *kernels = data;
  for (gsize s = 0; s < G_N_ELEMENTS(sizes); s++) {
    const Size *z = &sizes[s];
    gsize n = (z->n + PCT_PANEL - 1) / PCT_PANEL * PCT_PANEL, k = z->channels;
    g_autofree float *x = random_floats(z->rows * k, 5), *y = random_floats(z->rows * n, 6);
    g_autofree float *before = random_floats(k * n, 7), *c = g_memdup2(before, k * n * sizeof(float));
    g_autofree const float **a = g_new(const float *, z->rows * 3), **b = g_new(const float *, z->rows);
    for (gsize r = 0; r < z->rows; r++) {
      a[3 * r] = x + r * k;
      b[r] = y + (z->rows - 1 - r) * n;
    }
    kernels->outer(z->rows, k, n, a, 3, b, 1, c);
    for (gsize i = 0; i < k; i++)
      for (gsize j = 0; j < n; j++) {
        double sum = before[i * n + j];
        for (gsize r = 0; r < z->rows; r++)
          sum += (double)a[3 * r][i] * b[r][j];
        g_assert_cmpfloat_with_epsilon(c[i * n + j], sum, 1e-4 * (1 + fabs(sum)));
      }
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (const PctKernels *const *kernels = pct_kernels_get_all(); *kernels; kernels++) {
    g_autofree char *indirect = g_strconcat("/nn/kernels/indirect/", (*kernels)->name, NULL);
    g_autofree char *outer = g_strconcat("/nn/kernels/outer/", (*kernels)->name, NULL);
    g_test_add_data_func(indirect, *kernels, test_indirect);
    g_test_add_data_func(outer, *kernels, test_outer);
  }
  return g_test_run();
}
