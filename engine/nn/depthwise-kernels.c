// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/depthwise-kernels.h"
#include <string.h>
#include "nn/kernels.h"

// Of a row, summed at once for two rows: 12 sums, two weights and a pixel are 15 of the 16 registers that AVX2 has.
#define PIXELS 6
// Of d_out, taken at a time for the weights' gradient.
#define ROWS 6

#define BODY "nn/depthwise-kernels-body.h"
#include "nn/each-target.h"

const PctDepthwiseKernels *
pct_depthwise_kernels_get(void)
{
  return pct_depthwise_kernels_get_all()[0];
}

const PctDepthwiseKernels *const *
pct_depthwise_kernels_get_all(void)
{
  static const PctDepthwiseKernels *const all[] = { &kernels_avx512, &kernels_avx2, &kernels_plain, NULL };
  return all + pct_kernels_get_first();
}
