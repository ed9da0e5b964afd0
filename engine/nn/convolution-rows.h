// SPDX-License-Identifier: GPL-3.0-or-later
// convolution.h's gathering and weights' gradient for pictures of one channel, without stride and padding (the first layer
// of an encoder). What a pixel's channels are elsewhere, a row of the kernel is here: its pixels are adjacent in memory, so
// that the kernels reach a row of taps through one pointer and no patch is copied. For convolution.c only.
#pragma once
#include "nn/convolution.h"

gboolean pct_rows_suits(const PctConvolution *c);
gsize pct_rows_scratch(const PctConvolution *c, guint n_threads);
void pct_rows_gather(const PctConvolution *c, float *small, const float *large, const float *weights, const float *bias,
                     float beta);
void pct_rows_weights(const PctConvolution *c, float *gradient, const float *large, const float *small);
