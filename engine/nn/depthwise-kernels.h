// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of depthwise convolutions. They see one picture and one vector of channels at a time, copied so that
// its channels are adjacent, its rows have the zeros left and right that the padding asks for, and channels that are
// missing in the last vector are zeros: no bounds are checked within a row, and rows above and below are left out.
// One source (depthwise-kernels-body.h) for several instruction sets. The order of every sum depends on sizes and the
// instruction set alone.
#pragma once
#include <glib.h>

typedef struct {
  int in_height, in_width;    // the width with its padding
  int out_height, out_width;
  int kernel[2];
  int top;                    // rows of zeros above, which are not there in memory; less than kernel[0]
} PctDepthwiseShape;

typedef struct {
  const char *name;
  int lanes;                  // channels of a vector
  // to (height, left + width + left, lanes) = the first `used` of from's channels; from's pixels are `channels` apart.
  void (*pack)(float *to, const float *from, int height, int width, int left, gsize channels, gsize used);
  // out = beta out + bias + the correlation of in (in_height, in_width, lanes) with weights (tap, lanes). out's pixels
  // are `channels` apart, and only their first `used` channels are written. bias (used,) or NULL; beta 0 (out is not
  // read) or 1.
  void (*correlate)(const PctDepthwiseShape *shape, const float *in, const float *weights, const float *bias,
                    float *out, gsize channels, gsize used, float beta);
  // d_weights (tap, lanes) += sum over pixels of d_out (out_height, out_width, lanes) times in, shifted by the tap.
  void (*weights)(const PctDepthwiseShape *shape, const float *in, const float *d_out, float *d_weights);
} PctDepthwiseKernels;

// For this processor. Constant.
const PctDepthwiseKernels *pct_depthwise_kernels_get(void);
// All that this processor can run, NULL-terminated; for tests.
const PctDepthwiseKernels *const *pct_depthwise_kernels_get_all(void);
