// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode/cropped-kernels.h"
#include "nn/kernels.h"

// Pixels times two vectors of channels, or two rows times pixels: 12 sums, two weights and a pixel are 15 of the 16
// registers that AVX2 has.
#define PIXELS (PCT_CROPPED_MARGIN + 1)

// Of a 1x1 convolution, at a time; a multiple of PIXELS.
#define MIX_PIXELS 120

#define BODY "encode/cropped-kernels-body.h"
#include "nn/each-target.h"

const PctCroppedKernels *
pct_cropped_kernels_get(void)
{
  return pct_cropped_kernels_get_all()[0];
}

const PctCroppedKernels *const *
pct_cropped_kernels_get_all(void)
{
  static const PctCroppedKernels *const all[] = { &kernels_avx512, &kernels_avx2, &kernels_plain, NULL };
  return all + pct_kernels_get_first();
}
