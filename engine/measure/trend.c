// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/trend.h"
#include <math.h>
#include "measure/repeats.h"

#define UNKNOWN(count) ((PctTrend){ count, NAN, NAN, PCT_INTERVAL_UNKNOWN })

// Half the width of a 95 % interval in standard errors, where lags up to the share b of the length were weighted.
static double
critical_value(double b)
{
  return 1.96 + 2.9694 * b + 0.416 * b * b - 0.5324 * b * b * b;
}

// The long-run sum of products of values (n,) with themselves: Bartlett weights up to lag.
static double
long_run(const double *values, gsize n, gsize lag)
{
  double sum = 0;
  for (gsize k = 0; k <= lag; k++) {
    double products = 0;
    for (gsize i = k; i < n; i++)
      products += values[i] * values[i - k];
    sum += (k == 0 ? 1 : 2 * (1 - (double)k / (double)(lag + 1))) * products;
  }
  return sum;
}

// x and y (n,) are finite and become scratch.
static PctTrend
fit(double *x, double *y, gsize n)
{
  if (n < PCT_LEAST_FOR_TREND)
    return UNKNOWN(n);
  double mean_x = pct_mean(x, n), mean_y = pct_mean(y, n), xx = 0, xy = 0, largest = 0;
  for (gsize i = 0; i < n; i++) {
    largest = MAX(largest, fabs(x[i]));
    x[i] -= mean_x;
    y[i] -= mean_y;
    xx += x[i] * x[i];
    xy += x[i] * y[i];
  }
  // What is left of flat values is rounding.
  if (!(xx > 1e-24 * (double)n * largest * largest))
    return UNKNOWN(n);
  double slope = xy / xx;
  for (gsize i = 0; i < n; i++)
    y[i] = x[i] * (y[i] - slope * x[i]);
  gsize lag = MIN((gsize)ceil(1.3 * sqrt((double)n)), n - 1);
  double error = sqrt(long_run(y, n, lag) * (double)n / (double)(n - 2)) / xx;
  double half = critical_value((double)lag / (double)n) * error;
  return (PctTrend){ n, slope, mean_y - slope * mean_x, { slope - half, slope + half } };
}

// The finite pairs, in order; how many.
static gsize
keep_finite(const double *x, const double *y, gsize n, double *out_x, double *out_y)
{
  gsize kept = 0;
  for (gsize i = 0; i < n; i++)
    if (isfinite(x[i]) && isfinite(y[i])) {
      out_x[kept] = x[i];
      out_y[kept++] = y[i];
    }
  return kept;
}

PctTrend
pct_trend(const double *x, const double *y, gsize n)
{
  g_autofree double *kept_x = g_new(double, MAX(n, 1)), *kept_y = g_new(double, MAX(n, 1));
  return fit(kept_x, kept_y, keep_finite(x, y, n, kept_x, kept_y));
}

static void
divide_by_spread(double *values, gsize n)
{
  double mean = n > 0 ? pct_mean(values, n) : 0, spread = sqrt(pct_variance(values, n));
  for (gsize i = 0; i < n; i++)
    values[i] = (values[i] - mean) / spread;
}

PctTrend
pct_trend_correlation(const double *x, const double *y, gsize n)
{
  g_autofree double *kept_x = g_new(double, MAX(n, 1)), *kept_y = g_new(double, MAX(n, 1));
  gsize kept = keep_finite(x, y, n, kept_x, kept_y);
  // Flat values have no correlation with anything.
  if (kept < PCT_LEAST_FOR_TREND || !isfinite(pct_correlation(kept_x, kept_y, kept)))
    return UNKNOWN(kept);
  divide_by_spread(kept_x, kept);
  divide_by_spread(kept_y, kept);
  PctTrend trend = fit(kept_x, kept_y, kept);
  trend.interval = (PctInterval){ MAX(trend.interval.low, -1), MIN(trend.interval.high, 1) };
  return trend;
}
