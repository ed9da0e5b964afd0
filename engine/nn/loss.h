// SPDX-License-Identifier: GPL-3.0-or-later
// Losses as means over n values, on the calling thread. gradient (n,) receives d(mean) / d(prediction); NULL: not
// wanted. Sums are double precision over fixed lanes, so that the value's bits depend on the input alone. A NaN that
// goes in comes out.
#pragma once
#include <glib.h>

// (p - t)^2
double pct_loss_mse(const float *prediction, const float *target, gsize n, float *gradient);
// |p - t|; the derivative at 0 is 0.
double pct_loss_l1(const float *prediction, const float *target, gsize n, float *gradient);
// Binary cross-entropy of logits p against probabilities t: max(p,0) - p t + log(1 + exp(-|p|)).
double pct_loss_bce(const float *prediction, const float *target, gsize n, float *gradient);
// The same against one probability for all.
double pct_loss_bce_constant(const float *prediction, float target, gsize n, float *gradient);
// Rates p > 0 against responses t: p - max(t,0) log(p + 1e-8).
double pct_loss_poisson(const float *prediction, const float *target, gsize n, float *gradient);
