// SPDX-License-Identifier: GPL-3.0-or-later
// A straight line through values in order of time, and how sure its slope is. Neighbouring trials are alike (arousal
// and adaptation change slowly), so that intervals which take trials for independent are far too narrow. These are
// Newey & West's (1987, Econometrica 55:703) with Bartlett weights up to a lag of 1.3 sqrt(n) (Lazarus et al. 2018,
// Journal of Business & Economic Statistics 36:541) and the critical value for such a lag (Kiefer & Vogelsang 2005,
// Econometric Theory 21:1130).
#pragma once
#include <glib.h>
#include "measure/bootstrap.h"

typedef struct {
  gsize n;               // pairs of finite values
  double slope, intercept;
  PctInterval interval;  // 95 %, of the slope
} PctTrend;

// Fewer than this are no trend.
#define PCT_LEAST_FOR_TREND 10

// y against x, both (n,) in order of time; a pair that is not finite is passed over. Unknown (NAN) for fewer than
// PCT_LEAST_FOR_TREND pairs or an x that does not vary.
PctTrend pct_trend(const double *x, const double *y, gsize n);
// The same of both in units of their spread: the slope is Pearson's correlation. Intervals are cut at -1 and 1.
PctTrend pct_trend_correlation(const double *x, const double *y, gsize n);
