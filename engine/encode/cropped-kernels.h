// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of a cropped encoder. A picture is kept in blocks of channels, (block, row, column, lane) with as
// many lanes as a vector has floats: a block of a few hundred pixels fits the first-level cache, which pixels 64
// channels apart would not. Rows beyond a picture and columns that are zeros are left out of every sum, not multiplied
// by. One source (cropped-kernels-body.h) for several instruction sets; the order of every sum depends on sizes and the
// instruction set.
#pragma once
#include <glib.h>

// Columns of zeros left and right of the data, where more than one column is summed over (convolve with a kernel wider
// than 1, depthwise): pixels are computed up to this many plus one at a time.
#define PCT_CROPPED_MARGIN 5

typedef struct {
  int in_height, in_stride;         // rows that are there; pixels from a row to the next
  int first, end;                   // columns of in that hold data, the margin counted
  gsize in_block;                   // floats from a block of channels to the next
  int out_height, out_width, out_stride;
  gsize out_block;
  int kernel_height, kernel_width;
  // Tap (i, j) of the result's pixel (y, x) is in's row y * row_step + i * tap_step - top, column x + j - left.
  int top, left, row_step, tap_step;
  int n_blocks;                     // of in's channels; 0: in is an image of one channel, not in blocks
} PctCroppedShape;

typedef struct {
  const char *name;
  int lanes;
  // out (2 blocks) = the correlation of in with weights (tap, channel, 2 * lanes) + bias (2 * lanes,), or without bias
  // (NULL); then its ELU, or times the slope that an ELU with the values `gate` (laid out as out) had. gate may be
  // NULL.
  void (*convolve)(const PctCroppedShape *shape, const float *in, const float *weights, const float *bias, gboolean elu,
                   const float *gate, float *out);
  // One block of channels, each with a kernel of its own: out = the correlation of in with weights (tap, lanes).
  void (*depthwise)(const PctCroppedShape *shape, const float *in, const float *weights, float *out);
  // One row of pixels (n_blocks, width, lanes), in_block apart, back into the image rows that they were computed from:
  // image[i * step + x + j] += sum over channels of row[x] weights[i][j], for i < height and j < kernel_width rounded
  // up to vectors, whose weights are 0 beyond. weights (pair of vectors, channel, 2 * lanes), vectors in the order of
  // (i, j).
  void (*spread)(const float *row, int width, int n_blocks, gsize in_block, const float *weights, int height,
                 int kernel_width, float *image, gsize step);
  // Two rows of a panel from four products (see cropped-input.c): upper = m0 + m1 + m2, lower = m1 - m2 + m3, plus bias
  // (2 * lanes,), then ELU. products (4, 2 blocks, width, lanes); lower NULL: there is no such row.
  void (*combine)(const float *products, int width, const float *bias, gboolean elu, float *upper, float *lower,
                  gsize out_block);
} PctCroppedKernels;

// For this processor. Constant.
const PctCroppedKernels *pct_cropped_kernels_get(void);
// All that this processor can run, NULL-terminated; for tests.
const PctCroppedKernels *const *pct_cropped_kernels_get_all(void);
