// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode/rate.h"
#include <math.h>
#include "nn/simd.h"

#define CHUNK 8192

// ELU(x) + 1 is exp x below 0 and x + 1 above.
static inline float
rate_of(float x, gboolean softplus)
{
  float e = pct_exp(softplus ? -fabsf(x) : x < 0 ? x : 0);
  if (softplus)
    return (x > 0 ? x : 0) + log1pf(e);
  return x > 0 ? x + 1 : e;
}

static inline float
slope_of(float x, gboolean softplus)
{
  float e = pct_exp(softplus ? -fabsf(x) : x < 0 ? x : 0);
  if (softplus)
    return (x >= 0 ? 1 : e) / (1 + e);
  return x > 0 ? 1 : e;
}

typedef struct {
  float *out;
  const float *sums, *responses;
  double weight, *parts;
  PctRateLoss loss;
  gboolean softplus;
} Task;

static void
compute(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  for (gsize i = first; i < end; i++)
    t->out[i] = rate_of(t->sums[i], t->softplus);
}

void
pct_rate_compute(float *rates, const float *sums, gsize n, gboolean softplus, PctPool *pool)
{
  pct_parallel_for(pool, n, CHUNK, compute, &(Task){ .out = rates, .sums = sums, .softplus = softplus });
}

void
pct_rate_compute_slopes(float *slopes, const float *sums, gsize n, gboolean softplus)
{
  for (gsize i = 0; i < n; i++)
    slopes[i] = slope_of(sums[i], softplus);
}

static void
sum_loss(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  double sum = 0;
  for (gsize i = first; i < end; i++) {
    float rate = rate_of(t->sums[i], t->softplus), slope = slope_of(t->sums[i], t->softplus);
    float response = t->responses[i], d;
    if (t->loss == PCT_RATE_POISSON) {
      response = response > 0 ? response : 0;
      sum += rate - response * logf(rate + 1e-8f);
      d = 1 - response / (rate + 1e-8f);
    } else {
      d = 2 * (rate - response);
      sum += 0.25 * d * d;
    }
    t->out[i] = (float)t->weight * d * slope;
  }
  t->parts[first / CHUNK] = sum;
}

double
pct_rate_loss(PctRateLoss loss, const float *sums, const float *responses, gsize n, gboolean softplus, double weight,
              float *gradient, PctPool *pool)
{
  gsize n_parts = (n + CHUNK - 1) / CHUNK;
  g_autofree double *parts = g_new0(double, n_parts + 1);
  Task task = { gradient, sums, responses, weight, parts, loss, softplus };
  pct_parallel_for(pool, n, CHUNK, sum_loss, &task);
  double total = 0;
  for (gsize i = 0; i < n_parts; i++)
    total += parts[i];
  return weight * total;
}
