// SPDX-License-Identifier: GPL-3.0-or-later
// convolution.h's functions for pictures of one or two channels on both sides. A pixel's channels are too few there to
// fill a vector; a row's pixels are many. Each channel of a picture becomes a padded plane whose columns lie sorted by
// their remainder of the stride, so that every tap of a kernel meets a row of consecutive numbers, and no bound is
// checked within a row. For convolution.c only.
#pragma once
#include "nn/convolution.h"

gboolean pct_planes_suits(const PctConvolution *c);
gsize pct_planes_scratch(const PctConvolution *c, guint n_threads);
// weights (tap, large channel, small channel).
void pct_planes_gather(const PctConvolution *c, float *small, const float *large, const float *weights,
                       const float *bias, float beta);
// weights (tap, large channel, small channel) or, with small_first, (tap, small channel, large channel).
void pct_planes_spread(const PctConvolution *c, float *large, const float *small, const float *weights,
                       gboolean small_first, const float *bias, float beta);
void pct_planes_weights(const PctConvolution *c, float *gradient, const float *large, const float *small,
                        gboolean small_first);
