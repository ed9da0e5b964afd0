// SPDX-License-Identifier: GPL-3.0-or-later
// Lines through series: slopes against the two-point formula, and intervals that hold what they promise where
// neighbours are alike, which intervals for independent values do not.
#include <math.h>
#include "base/random.h"
#include "measure/repeats.h"
#include "measure/trend.h"

enum { N = 400 };

// An autoregressive series: its correlation from one to the next is `memory`.
static void
fill(double *out, double memory, guint64 seed)
{
  PctRandom random = pct_random(11, seed);
  double last = pct_random_normal(&random);
  for (int i = 0; i < N; i++)
    out[i] = last = memory * last + sqrt(1 - memory * memory) * pct_random_normal(&random);
}

static void
test_exact(void)
{
  double x[12], y[12];
  for (int i = 0; i < 12; i++) {
    x[i] = i;
    y[i] = 2 - 0.5 * i;
  }
  PctTrend trend = pct_trend(x, y, 12);
  g_assert_cmpuint(trend.n, ==, 12);
  g_assert_cmpfloat_with_epsilon(trend.slope, -0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon(trend.intercept, 2, 1e-12);
  g_assert_cmpfloat_with_epsilon(trend.interval.low, -0.5, 1e-9);
  // What is not finite is passed over.
  x[3] = NAN;
  y[7] = INFINITY;
  trend = pct_trend(x, y, 12);
  g_assert_cmpuint(trend.n, ==, 10);
  g_assert_cmpfloat_with_epsilon(trend.slope, -0.5, 1e-12);
}

static void
test_unknown(void)
{
  double x[20], y[20];
  for (int i = 0; i < 20; i++) {
    x[i] = 3;
    y[i] = i;
  }
  g_assert_true(isnan(pct_trend(x, y, 20).slope));
  g_assert_true(isnan(pct_trend_correlation(x, y, 20).slope));
  g_assert_true(isnan(pct_trend_correlation(y, x, 20).interval.low));
  g_assert_true(isnan(pct_trend(y, y, PCT_LEAST_FOR_TREND - 1).slope));
  g_assert_cmpuint(pct_trend(y, y, 0).n, ==, 0);
}

static void
test_correlation(void)
{
  double x[N], y[N];
  fill(x, 0.5, 1);
  fill(y, 0.5, 2);
  for (int i = 0; i < N; i++)
    y[i] += x[i];
  PctTrend trend = pct_trend_correlation(x, y, N);
  g_assert_cmpfloat_with_epsilon(trend.slope, pct_correlation(x, y, N), 1e-12);
  g_assert_cmpfloat(trend.interval.low, <, trend.slope);
  g_assert_cmpfloat(trend.interval.high, >, trend.slope);
  g_assert_cmpfloat(trend.interval.low, >, 0.4);
}

// How often the interval of a correlation that is none holds zero, in 400 pairs of series.
static double
count_held(double memory, double *narrow)
{
  int held = 0, held_narrow = 0;
  for (guint64 seed = 0; seed < 400; seed++) {
    double x[N], y[N];
    fill(x, memory, 1000 + 2 * seed);
    fill(y, memory, 1001 + 2 * seed);
    PctTrend trend = pct_trend_correlation(x, y, N);
    held += trend.interval.low <= 0 && trend.interval.high >= 0;
    held_narrow += fabs(trend.slope) <= 1.96 / sqrt(N);
  }
  *narrow = held_narrow / 400.0;
  return held / 400.0;
}

static void
test_coverage(void)
{
  double narrow, white = count_held(0, &narrow);
  g_assert_cmpfloat(white, >, 0.91);
  g_assert_cmpfloat(white, <, 0.99);
  double slow = count_held(0.9, &narrow);
  g_test_message("held %.3f of independent and %.3f of slow series; for independent values %.3f", white, slow, narrow);
  g_assert_cmpfloat(narrow, <, 0.6);
  g_assert_cmpfloat(slow, >, 0.86);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/trend/exact", test_exact);
  g_test_add_func("/trend/unknown", test_unknown);
  g_test_add_func("/trend/correlation", test_correlation);
  g_test_add_func("/trend/coverage", test_coverage);
  return g_test_run();
}
