// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of the point readout: one picture (height, width, channels) seen by neurons first .. end-1, each at
// one position between four pixels. Arrays are of one item of the batch. One source (point-kernels-body.h) for several
// instruction sets.
#pragma once
#include "nn/graph.h"

typedef struct {
  const char *name;
  // out (n,) = the picture at each position (n,2) times weights (n, channels), + bias (n,).
  void (*forward)(PctShape shape, gsize first, gsize end, const float *picture, const float *positions,
                  const float *weights, const float *bias, float *out);
  // d_picture (height, width, channels) += its gradient, given d_out (n,).
  void (*picture)(PctShape shape, gsize first, gsize end, const float *positions, const float *weights,
                  const float *d_out, float *d_picture);
  // d_positions (n,2) = beta d_positions + their gradient; beta 0 (not read) or 1.
  void (*positions)(PctShape shape, gsize first, gsize end, const float *picture, const float *positions,
                    const float *weights, const float *d_out, float *d_positions, float beta);
  // d_weights (n, channels) += their gradient.
  void (*weights)(PctShape shape, gsize first, gsize end, const float *picture, const float *positions,
                  const float *d_out, float *d_weights);
} PctPointKernels;

// For this processor. Constant.
const PctPointKernels *pct_point_kernels_get(void);
// All that this processor can run, NULL-terminated; for tests.
const PctPointKernels *const *pct_point_kernels_get_all(void);
