// SPDX-License-Identifier: GPL-3.0-or-later
// From what a readout sums to a rate, which is not negative: ELU(x) + 1, or log(1 + exp x); and the losses between rates
// and responses with their derivatives by that sum. Sums over fixed chunks, the same bits on any number of threads.
#pragma once
#include <glib.h>
#include "base/parallel.h"

// rates (n,) from sums (n,), which may be the same array.
void pct_rate_compute(float *rates, const float *sums, gsize n, gboolean softplus, PctPool *pool);
// slopes (n,): the derivative of the rate by the sum.
void pct_rate_compute_slopes(float *slopes, const float *sums, gsize n, gboolean softplus);

typedef enum {
  PCT_RATE_POISSON,  // rate - max(response, 0) log(rate + 1e-8)
  PCT_RATE_SQUARED,  // (rate - response)^2
} PctRateLoss;

// weight times the loss summed over n numbers; gradient (n,): its derivative by the sums.
double pct_rate_loss(PctRateLoss loss, const float *sums, const float *responses, gsize n, gboolean softplus,
                     double weight, float *gradient, PctPool *pool);
