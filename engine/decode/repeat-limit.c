// SPDX-License-Identifier: GPL-3.0-or-later
// For a given k the law is a straight line in 1 / (n + k); of the k on a grid the one is taken whose line is nearest. A
// grid, since what is left over is flat in k where noise hardly matters, and a descent would stop anywhere.
#include <math.h>
#include "decode/repeat-curve.h"

#define N_STEPS 60
#define LEAST 1e-3  // of the largest n: the finest k above 0

// What is left over (sum of squares) of the line through values by 1 / (n + k); *limit is where it meets 0.
static double
fit_line(const double *n, const double *values, int count, double k, double *limit)
{
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0, rest = 0;
  for (int i = 0; i < count; i++) {
    mean_x += 1 / (n[i] + k) / count;
    mean_y += values[i] / count;
  }
  for (int i = 0; i < count; i++) {
    double x = 1 / (n[i] + k) - mean_x;
    xx += x * x;
    xy += x * (values[i] - mean_y);
  }
  double slope = xx > 0 ? xy / xx : 0;
  *limit = mean_y - slope * mean_x;
  for (int i = 0; i < count; i++) {
    double off = values[i] - *limit - slope / (n[i] + k);
    rest += off * off;
  }
  return rest;
}

double
pct_repeat_limit(const double *n, const double *values, int count, double *k)
{
  double best_k = 0, best, limit;
  for (int i = 0; i < count; i++)
    if (!isfinite(values[i]))
      return NAN;
  if (count < 3)
    return NAN;
  best = fit_line(n, values, count, 0, &limit);
  for (int step = 0; count > 3 && step <= N_STEPS; step++) {
    double here_k = n[count - 1] * pow(LEAST, 1 - (double)step / N_STEPS), here_limit;
    double rest = fit_line(n, values, count, here_k, &here_limit);
    // Of laws that fit alike, the simplest: a difference of rounding is none.
    if (rest < best * (1 - 1e-9)) {
      best = rest;
      best_k = here_k;
      limit = here_limit;
    }
  }
  if (k)
    *k = best_k;
  return limit;
}
