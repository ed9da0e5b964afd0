// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/noise-correlation.h"
#include <math.h>
#include "base/blas.h"
#include "data/recording-subset.h"
#include "measure/repeats.h"

#define CHUNK 32

typedef struct {
  const PctRepeats *repeats;
  float *length;  // (M,) of each neuron's residuals; 0: they do not vary
} Task;

// In place: each response becomes its residual around its image's mean.
static void
take_means(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  const PctRepeats *repeats = task->repeats;
  gsize m = (gsize)repeats->n_neurons;
  for (gsize j = first; j < end; j++) {
    double square = 0, largest = 0;
    for (int i = 0; i < repeats->n_images; i++) {
      gsize from = (gsize)repeats->first[i], to = (gsize)repeats->first[i + 1];
      double sum = 0;
      for (gsize t = from; t < to; t++)
        sum += repeats->responses[t * m + j];
      double mean = sum / (double)(to - from);
      for (gsize t = from; t < to; t++) {
        double value = repeats->responses[t * m + j], residual = value - mean;
        repeats->responses[t * m + j] = (float)residual;
        square += residual * residual;
        largest = MAX(largest, fabs(value));
      }
    }
    // What is left of flat values is rounding.
    task->length[j] = square > 1e-12 * largest * largest ? (float)sqrt(square) : 0;
  }
}

static void
measure_pairs(PctNoiseCorrelation *self, const float *products)
{
  gsize n = (gsize)self->n_neurons, pair = 0;
  double sum = 0, square = 0;
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < i; j++) {
      float value = CLAMP(products[i * n + j], -1, 1);
      self->pairs[pair++] = value;
      sum += value;
    }
  self->mean = sum / (double)pair;
  for (gsize k = 0; k < pair; k++)
    square += (self->pairs[k] - self->mean) * (self->pairs[k] - self->mean);
  self->sd = pair > 1 ? sqrt(square / (double)(pair - 1)) : NAN;
}

// The neurons compared, (self->n_neurons,).
static int *
choose(PctNoiseCorrelation *self, const float *length, int m, int most_neurons, guint64 seed)
{
  g_autofree int *varying = g_new(int, m);
  for (int j = 0; j < m; j++)
    if (length[j] > 0)
      varying[self->n_varying++] = j;
  self->n_neurons = MIN(self->n_varying, most_neurons);
  int *chosen = g_new(int, MAX(self->n_neurons, 1));
  pct_choose_nested(self->n_varying, self->n_neurons, seed, 0, chosen);
  for (int i = 0; i < self->n_neurons; i++)
    chosen[i] = varying[chosen[i]];
  return chosen;
}

PctNoiseCorrelation *
pct_noise_correlation_new(const PctRecording *recording, PctTier tier, int most_neurons, guint64 seed,
                          const PctRun *run, GError **error)
{
  g_return_val_if_fail(most_neurons >= 2, NULL);
  g_autoptr(PctNoiseCorrelation) self = g_new0(PctNoiseCorrelation, 1);
  self->mean = self->sd = NAN;
  g_autoptr(PctRepeats) repeats = pct_repeats_new(recording, tier, 2, error);
  if (!repeats || !pct_run_step(run, 1, 3, error))
    return NULL;
  self->n_images = repeats->n_images;
  self->n_trials = repeats->n_trials;
  gsize m = (gsize)repeats->n_neurons, rows = (gsize)repeats->n_trials;
  g_autofree float *length = g_new0(float, m);
  Task task = { repeats, length };
  pct_parallel_for(pct_run_get_pool(run), m, CHUNK, take_means, &task);
  g_autofree int *chosen = choose(self, length, (int)m, most_neurons, seed);
  gsize n = (gsize)self->n_neurons;
  if (!pct_run_step(run, 2, 3, error))
    return NULL;
  if (n < 2)
    return g_steal_pointer(&self);
  self->n_pairs = n * (n - 1) / 2;
  g_autoptr(PctFloats) z = pct_aligned_new(rows * n, error);
  g_autoptr(PctFloats) products = z ? pct_aligned_new(n * n, error) : NULL;
  if (!products)
    return NULL;
  for (gsize t = 0; t < rows; t++)
    for (gsize i = 0; i < n; i++)
      z[t * n + i] = repeats->responses[t * m + (gsize)chosen[i]] / length[chosen[i]];
  pct_gemm(pct_run_get_pool(run), TRUE, FALSE, n, n, rows, 1, z, n, z, n, 0, products, n);
  self->pairs = g_new(float, self->n_pairs);
  measure_pairs(self, products);
  return pct_run_step(run, 3, 3, error) ? g_steal_pointer(&self) : NULL;
}

void
pct_noise_correlation_free(PctNoiseCorrelation *noise)
{
  if (!noise)
    return;
  g_free(noise->pairs);
  g_free(noise);
}
