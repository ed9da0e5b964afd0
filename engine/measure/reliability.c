// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/reliability.h"
#include <math.h>
#include "measure/repeats.h"

// Neurons whose trials are looked at together: their responses are neighbours in memory.
#define CHUNK 32

typedef struct {
  const PctRepeats *repeats;
  PctReliability *out;
} Task;

// trials (n_trials,) of one neuron; others is room for as many.
static double
oracle(const PctRepeats *repeats, const double *trials, double *others)
{
  for (int i = 0; i < repeats->n_images; i++) {
    int first = repeats->first[i], n = repeats->first[i + 1] - first;
    double sum = pct_mean(trials + first, (gsize)n) * n;
    for (int k = first; k < first + n; k++)
      others[k] = (sum - trials[k]) / (n - 1);
  }
  return pct_correlation(trials, others, (gsize)repeats->n_trials);
}

static double
explainable_variance(const PctRepeats *repeats, const double *trials)
{
  double total = pct_variance(trials, (gsize)repeats->n_trials), within = 0;
  for (int i = 0; i < repeats->n_images; i++) {
    int first = repeats->first[i];
    within += pct_variance(trials + first, (gsize)(repeats->first[i + 1] - first)) / repeats->n_images;
  }
  return (total - within) / total;
}

static void
measure(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  const PctRepeats *repeats = task->repeats;
  gsize n = (gsize)repeats->n_trials;
  g_autofree double *trials = g_new(double, (end - first) * n), *others = g_new(double, n);
  pct_copy_columns(trials, repeats->responses, n, (gsize)repeats->n_neurons, first, end - first);
  for (gsize i = first; i < end; i++) {
    double value = oracle(repeats, trials + (i - first) * n, others);
    task->out->oracle[i] = (float)value;
    // A neuron that never varies has neither.
    task->out->explainable_variance[i] =
        isnan(value) ? NAN : (float)explainable_variance(repeats, trials + (i - first) * n);
  }
}

PctReliability *
pct_reliability_new(const PctRecording *recording, PctTier tier, const PctRun *run, GError **error)
{
  g_autoptr(PctRepeats) repeats = pct_repeats_new(recording, tier, 2, error);
  if (!repeats || !pct_run_step(run, 0, 1, error))
    return NULL;
  g_autoptr(PctReliability) reliability = g_new0(PctReliability, 1);
  gsize m = (gsize)repeats->n_neurons;
  *reliability = (PctReliability){ .n_neurons = repeats->n_neurons,
                                   .n_images = repeats->n_images,
                                   .n_trials = repeats->n_trials,
                                   .oracle = g_new(float, m),
                                   .explainable_variance = g_new(float, m) };
  Task task = { repeats, reliability };
  pct_parallel_for(pct_run_get_pool(run), m, CHUNK, measure, &task);
  reliability->mean_oracle = pct_mean_of_finite(reliability->oracle, m);
  reliability->mean_explainable_variance = pct_mean_of_finite(reliability->explainable_variance, m);
  return pct_run_step(run, 1, 1, error) ? g_steal_pointer(&reliability) : NULL;
}

void
pct_reliability_free(PctReliability *reliability)
{
  if (!reliability)
    return;
  g_free(reliability->oracle);
  g_free(reliability->explainable_variance);
  g_free(reliability);
}
