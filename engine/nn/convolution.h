// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic that conv2d and conv-transpose2d share. A convolution relates a large picture to a small one through
// taps: small pixel (y,x) and large pixel (y*stride + tap.y - padding, ...) meet at every tap. Gathering computes small
// from large; spreading computes large from small (the adjoint), a phase at a time, so that no product is with a zero.
// Everything is copies into a matrix and matrix products; tiles depend on sizes alone.
#pragma once
#include "nn/operation.h"

typedef struct {
  int batch;
  int large_height, large_width, large_channels;
  int small_height, small_width, small_channels;
  int stride[2], padding[2];
  const PctTaps *taps;
  PctPool *pool;
  float *scratch;  // pct_convolution_scratch floats
} PctConvolution;

// Of a convolution's node: large and small are its input and output, or for a transposed one its output and input.
PctConvolution pct_convolution_of(const PctNode *node, PctShape large, PctShape small, int batch, PctPool *pool,
                                  float *scratch);
// Floats that a copy of its weights takes in scratch memory: a multiple of 16, because what follows may hold pointers.
gsize pct_convolution_weights_size(const PctConvolution *convolution);

// Floats of scratch that any one of the functions below may use.
gsize pct_convolution_scratch(const PctConvolution *convolution, guint n_threads);

// small = beta small + W^T patches + bias. weights (tap, large channel, small channel); bias (small_channels,) or NULL.
void pct_convolution_gather(const PctConvolution *convolution, float *small, const float *large, const float *weights,
                            const float *bias, float beta);
// large = beta large + spread small + bias. weights (tap, small channel, large channel); bias (large_channels,) or NULL.
void pct_convolution_spread(const PctConvolution *convolution, float *large, const float *small, const float *weights,
                            const float *bias, float beta);
// The same for few large channels, weights (tap, large channel, small channel): products first, then added in place.
void pct_convolution_scatter(const PctConvolution *convolution, float *large, const float *small, const float *weights,
                             const float *bias, float beta);
// gradient (tap, large channel, small channel) or, with small_first, (tap, small channel, large channel):
// += the sum over small pixels of large x small at every tap.
void pct_convolution_weights(const PctConvolution *convolution, float *gradient, const float *large, const float *small,
                             gboolean small_first);

// out (tap, b, a) = in (tap, a, b).
void pct_convolution_transpose(PctPool *pool, float *out, const float *in, int n_taps, int a, int b);
// out (columns,) += sum over rows of in (rows, columns).
void pct_add_column_sums(PctPool *pool, float *out, const float *in, gsize rows, gsize columns);
