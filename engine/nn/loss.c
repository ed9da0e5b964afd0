// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/loss.h"
#include <math.h>
#include "nn/simd.h"

#define LANES 8
#define POISSON_EPSILON 1e-8

static double
sum_lanes(const double lanes[LANES])
{
  double sum = 0;
  for (int i = 0; i < LANES; i++)
    sum += lanes[i];
  return sum;
}

PCT_SIMD static double
sum_squares(const float *restrict a, const float *restrict b, gsize n)
{
  double lanes[LANES] = { 0 };
  gsize i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int j = 0; j < LANES; j++) {
      double d = (double)a[i + j] - b[i + j];
      lanes[j] += d * d;
    }
  for (; i < n; i++)
    lanes[i % LANES] += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
  return sum_lanes(lanes);
}

PCT_SIMD static double
sum_distances(const float *restrict a, const float *restrict b, gsize n)
{
  double lanes[LANES] = { 0 };
  gsize i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int j = 0; j < LANES; j++)
      lanes[j] += fabs((double)a[i + j] - b[i + j]);
  for (; i < n; i++)
    lanes[i % LANES] += fabs((double)a[i] - b[i]);
  return sum_lanes(lanes);
}

double
pct_loss_mse(const float *prediction, const float *target, gsize n, float *gradient)
{
  g_return_val_if_fail(n > 0, NAN);
  float scale = (float)(2 / (double)n);
  if (gradient)
    for (gsize i = 0; i < n; i++)
      gradient[i] = scale * (prediction[i] - target[i]);
  return sum_squares(prediction, target, n) / (double)n;
}

double
pct_loss_l1(const float *prediction, const float *target, gsize n, float *gradient)
{
  g_return_val_if_fail(n > 0, NAN);
  float scale = (float)(1 / (double)n);
  if (gradient)
    for (gsize i = 0; i < n; i++)
      gradient[i] = prediction[i] > target[i] ? scale : prediction[i] < target[i] ? -scale : 0;
  return sum_distances(prediction, target, n) / (double)n;
}

// target has one value (step 0) or n (step 1).
static double
cross_entropy(const float *prediction, const float *target, gsize step, gsize n, float *gradient)
{
  g_return_val_if_fail(n > 0, NAN);
  double sum = 0;
  for (gsize i = 0; i < n; i++) {
    double p = prediction[i], t = target[i * step], e = exp(-fabs(p));
    sum += (p > 0 ? p : 0) - p * t + log1p(e);
    // The logistic function, from an exponential that cannot overflow.
    if (gradient)
      gradient[i] = (float)(((p >= 0 ? 1 : e) / (1 + e) - t) / (double)n);
  }
  return sum / (double)n;
}

double
pct_loss_bce(const float *prediction, const float *target, gsize n, float *gradient)
{
  return cross_entropy(prediction, target, 1, n, gradient);
}

double
pct_loss_bce_constant(const float *prediction, float target, gsize n, float *gradient)
{
  return cross_entropy(prediction, &target, 0, n, gradient);
}

double
pct_loss_poisson(const float *prediction, const float *target, gsize n, float *gradient)
{
  g_return_val_if_fail(n > 0, NAN);
  double sum = 0;
  for (gsize i = 0; i < n; i++) {
    double rate = prediction[i] + POISSON_EPSILON, response = target[i] < 0 ? 0 : target[i];
    sum += prediction[i] - response * log(rate);
    if (gradient)
      gradient[i] = (float)((1 - response / rate) / (double)n);
  }
  return sum / (double)n;
}
