// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/response-space.h"
#include <math.h>
#include <stdlib.h>
#include "base/blas.h"
#include "base/principal-directions.h"

#define SEED 1
// Trials a component at least: fewer would fit the trials themselves.
#define TRIALS_A_COMPONENT 10

struct _PctResponseSpace {
  gatomicrefcount references;
  gsize m, k;
  float *weights;  // (M,K) responses less their means, to components of unit variance
  float *mean;     // (M,)
  double typical, far;
};

static double
distance_of(const float *components, gsize k)
{
  double sum = 0;
  for (gsize j = 0; j < k; j++)
    sum += (double)components[j] * components[j];
  return sqrt(sum / (double)k);
}

static int
compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void
measure_train(PctResponseSpace *space, const float *z, const float *vectors, gsize n, PctPool *pool)
{
  gsize k = space->k;
  g_autofree float *components = g_new(float, n * k);
  g_autofree double *distances = g_new(double, n);
  pct_gemm(pool, FALSE, FALSE, n, k, space->m, 1, z, space->m, vectors, k, 0, components, k);
  for (gsize i = 0; i < n; i++)
    distances[i] = distance_of(components + i * k, k);
  qsort(distances, n, sizeof *distances, compare);
  space->typical = distances[(n - 1) / 2];
  space->far = distances[MIN(n - 1, (gsize)(0.99 * (double)n))];
}

PctResponseSpace *
pct_response_space_new(const PctRecording *recording, const PctStatistics *statistics, int n_components,
                       const PctRun *run, GError **error)
{
  int n_trials;
  const int *trials = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n_trials);
  gsize n = (gsize)n_trials, m = (gsize)statistics->n_neurons;
  gsize k = MAX(1, MIN(MIN((gsize)n_components, m), n / TRIALS_A_COMPONENT));
  g_autoptr(PctFloats) z = pct_aligned_new(n * m, error);
  if (!z)
    return NULL;
  for (gsize i = 0; i < n; i++) {
    pct_recording_read_responses(recording, trials[i], z + i * m);
    for (gsize j = 0; j < m; j++)
      z[i * m + j] = (z[i * m + j] - statistics->response_mean[j]) / statistics->response_scale[j];
    if (i % 256 == 0 && !pct_run_step(run, 0, 0, error))
      return NULL;
  }
  g_autofree float *values = g_new(float, k), *vectors = g_new(float, m * k);
  if (!pct_principal_directions(z, n, m, k, SEED, values, vectors, run, error))
    return NULL;
  for (gsize i = 0; i < m * k; i++)
    vectors[i] *= values[i % k] > 0 ? 1 / sqrtf(values[i % k]) : 0;
  PctResponseSpace *space = g_new0(PctResponseSpace, 1);
  g_atomic_ref_count_init(&space->references);
  space->m = m;
  space->k = k;
  measure_train(space, z, vectors, n, pct_run_get_pool(run));
  for (gsize i = 0; i < m * k; i++)
    vectors[i] /= statistics->response_scale[i / k];
  space->weights = g_steal_pointer(&vectors);
  space->mean = g_memdup2(statistics->response_mean, m * sizeof(float));
  return space;
}

PctResponseSpace *
pct_response_space_ref(PctResponseSpace *space)
{
  g_atomic_ref_count_inc(&space->references);
  return space;
}

void
pct_response_space_unref(PctResponseSpace *space)
{
  if (!space || !g_atomic_ref_count_dec(&space->references))
    return;
  g_free(space->weights);
  g_free(space->mean);
  g_free(space);
}

double
pct_response_space_get_distance(const PctResponseSpace *space, const float *responses)
{
  g_autofree float *components = g_new0(float, space->k);
  for (gsize i = 0; i < space->m; i++) {
    float from = responses[i] - space->mean[i];
    for (gsize j = 0; j < space->k; j++)
      components[j] += from * space->weights[i * space->k + j];
  }
  return distance_of(components, space->k);
}

double
pct_response_space_get_typical(const PctResponseSpace *space)
{
  return space->typical;
}

double
pct_response_space_get_far(const PctResponseSpace *space)
{
  return space->far;
}
