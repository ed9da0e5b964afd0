// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/depthwise-kernels.h"
#include <string.h>
#include "nn/kernels.h"

#define STRING_(x) #x
#define STRING(x) STRING_(x)

// Of a row, summed at once for two rows: 12 sums, two weights and a pixel are 15 of the 16 registers that AVX2 has.
#define PIXELS 6
// Of d_out, taken at a time for the weights' gradient.
#define ROWS 6

#define TARGET __attribute__((target("avx512f,avx512vl,fma")))
#define LANES 16
#define NAME_OF avx512
#define NAME(x) x##_avx512
#include "nn/depthwise-kernels-body.h"

#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#define NAME_OF avx2
#define NAME(x) x##_avx2
#include "nn/depthwise-kernels-body.h"

#define TARGET
#define LANES 4
#define NAME_OF plain
#define NAME(x) x##_plain
#include "nn/depthwise-kernels-body.h"

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
