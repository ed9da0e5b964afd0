// SPDX-License-Identifier: GPL-3.0-or-later
// The same three computations as convolution.c, by kernels that reach pixels through pointers: nothing is copied but the
// weights. For layers of enough channels to fill a vector; convolution.c takes the others. Between the two of them only.
#pragma once
#include "nn/convolution.h"

// Gathering and spreading; and the weights' gradient.
gboolean pct_indirect_suits(const PctConvolution *c);
gboolean pct_indirect_suits_weights(const PctConvolution *c, gboolean small_first);

gsize pct_indirect_scratch(const PctConvolution *c, guint n_threads);

void pct_indirect_gather(const PctConvolution *c, float *small, const float *large, const float *weights,
                         const float *bias, float beta);
void pct_indirect_spread(const PctConvolution *c, float *large, const float *small, const float *weights,
                         const float *bias, float beta);
void pct_indirect_weights(const PctConvolution *c, float *gradient, const float *large, const float *small,
                          gboolean small_first);

// Large pixels of a phase of a spreading, along one axis: those with (pixel + padding) mod stride = phase.
static inline int
pct_phase_first(int phase, int stride, int padding)
{
  return ((phase - padding) % stride + stride) % stride;
}

static inline int
pct_phase_count(int size, int phase, int stride, int padding)
{
  int first = pct_phase_first(phase, stride, padding);
  return first < size ? (size - 1 - first) / stride + 1 : 0;
}
