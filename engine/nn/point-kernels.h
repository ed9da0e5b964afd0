// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of the point readout: one picture (height, width, channels) seen by neurons first .. end-1, each at
// one position between four pixels. Arrays are of one item of the batch. One source (point-kernels-body.h) for several
// instruction sets.
#pragma once
#include "nn/graph.h"

typedef struct {
  const char *name;
  // products (n,4) = each of the four pixels around a position (n,2) times weights (n, channels); out (n,) = what they
  // amount to at the position, + bias (n,).
  void (*forward)(PctShape shape, gsize first, gsize end, const float *picture, const float *positions,
                  const float *weights, const float *bias, float *products, float *out);
  // d_picture (height, width, channels) += its gradient, given d_out (n,).
  void (*picture)(PctShape shape, gsize first, gsize end, const float *positions, const float *weights,
                  const float *d_out, float *d_picture);
  // d_weights (n, channels) += their gradient.
  void (*weights)(PctShape shape, gsize first, gsize end, const float *picture, const float *positions,
                  const float *d_out, float *d_weights);
} PctPointKernels;

// d_positions (n,2) = beta d_positions + their gradient, given the forward pass' products; beta 0 (not read) or 1.
void pct_point_positions(PctShape shape, gsize first, gsize end, const float *positions, const float *products,
                         const float *d_out, float *d_positions, float beta);

// For this processor. Constant.
const PctPointKernels *pct_point_kernels_get(void);
// All that this processor can run, NULL-terminated; for tests.
const PctPointKernels *const *pct_point_kernels_get_all(void);
