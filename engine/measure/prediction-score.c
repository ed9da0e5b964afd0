// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/prediction-score.h"
#include <math.h>
#include "measure/repeats.h"

// Neurons whose trials are looked at together: their responses are neighbours in memory.
#define CHUNK 32

typedef struct {
  const PctRepeats *repeats;
  const float *predictions;
  PctPredictionScore *out;
} Task;

// One neuron. Room that a chunk's neurons share.
typedef struct {
  const double *trials;       // (n_trials,)
  const double *predictions;  // (n_images,)
  double *scratch;            // (n_trials,)
  double *repeated, *means;   // (n_images,) predictions and mean responses of the images shown more than once
} Neuron;

const char *
pct_prediction_measure_get_name(PctPredictionMeasure measure)
{
  static const char *const names[] = { "single", "averaged", "cc_norm", "feve" };
  return names[measure];
}

static double
single_trials(const PctRepeats *repeats, const Neuron *neuron)
{
  double *of_trial = neuron->scratch;
  for (int i = 0; i < repeats->n_images; i++)
    for (int k = repeats->first[i]; k < repeats->first[i + 1]; k++)
      of_trial[k] = neuron->predictions[i];
  return pct_correlation(neuron->trials, of_trial, (gsize)repeats->n_trials);
}

static void
measure_neuron(const PctRepeats *repeats, const Neuron *neuron, double *out)
{
  out[PCT_PREDICTION_SINGLE] = single_trials(repeats, neuron);
  // Over images with repeats: the trials, the variance within an image and what it leaves in a mean, squared errors.
  double *trials = neuron->scratch, noise = 0, noise_of_means = 0, error = 0;
  gsize n = 0, n_trials = 0;
  for (int i = 0; i < repeats->n_images; i++) {
    gsize count = (gsize)(repeats->first[i + 1] - repeats->first[i]);
    if (count < 2)
      continue;
    for (int k = repeats->first[i]; k < repeats->first[i + 1]; k++) {
      double off = neuron->trials[k] - neuron->predictions[i];
      error += off * off;
      trials[n_trials++] = neuron->trials[k];
    }
    double variance = pct_variance(trials + n_trials - count, count);
    noise += variance;
    noise_of_means += variance / (double)count;
    neuron->repeated[n] = neuron->predictions[i];
    neuron->means[n++] = pct_mean(trials + n_trials - count, count);
  }
  double correlation = pct_correlation(neuron->repeated, neuron->means, n);
  double of_means = pct_variance(neuron->means, n), signal = of_means - noise_of_means / (double)n;
  double explainable = pct_variance(trials, n_trials) - noise / (double)n;
  double unexplained = error / (double)n_trials - noise / (double)n;
  out[PCT_PREDICTION_AVERAGED] = correlation;
  out[PCT_PREDICTION_CC_NORM] = signal > 0 ? correlation * sqrt(of_means / signal) : NAN;
  out[PCT_PREDICTION_FEVE] = explainable > 0 ? 1 - unexplained / explainable : NAN;
}

static void
measure(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  const PctRepeats *repeats = task->repeats;
  gsize n_trials = (gsize)repeats->n_trials, n_images = (gsize)repeats->n_images, m = (gsize)repeats->n_neurons;
  g_autofree double *trials = g_new(double, (end - first) * n_trials), *scratch = g_new(double, n_trials);
  g_autofree double *predictions = g_new(double, (end - first) * n_images);
  g_autofree double *repeated = g_new(double, n_images), *means = g_new(double, n_images);
  pct_copy_columns(trials, repeats->responses, n_trials, m, first, end - first);
  pct_copy_columns(predictions, task->predictions, n_images, m, first, end - first);
  for (gsize i = first; i < end; i++) {
    Neuron neuron = { trials + (i - first) * n_trials, predictions + (i - first) * n_images, scratch, repeated,
                      means };
    double values[PCT_N_PREDICTION_MEASURES];
    measure_neuron(repeats, &neuron, values);
    for (int k = 0; k < PCT_N_PREDICTION_MEASURES; k++)
      task->out->values[k][i] = (float)values[k];
  }
}

PctPredictionScore *
pct_prediction_score_new(const PctRecording *recording, PctTier tier, const float *predictions, const PctRun *run,
                         GError **error)
{
  g_autoptr(PctRepeats) repeats = pct_repeats_new(recording, tier, 1, error);
  if (!repeats || !pct_run_step(run, 0, 1, error))
    return NULL;
  g_autoptr(PctPredictionScore) score = g_new0(PctPredictionScore, 1);
  gsize m = (gsize)repeats->n_neurons;
  score->n_neurons = repeats->n_neurons;
  score->n_images = repeats->n_images;
  score->n_trials = repeats->n_trials;
  for (int i = 0; i < repeats->n_images; i++)
    score->n_repeated += repeats->first[i + 1] - repeats->first[i] > 1;
  for (int k = 0; k < PCT_N_PREDICTION_MEASURES; k++)
    score->values[k] = g_new(float, m);
  Task task = { repeats, predictions, score };
  pct_parallel_for(pct_run_get_pool(run), m, CHUNK, measure, &task);
  for (int k = 0; k < PCT_N_PREDICTION_MEASURES; k++)
    score->mean[k] = pct_mean_of_finite(score->values[k], m);
  return pct_run_step(run, 1, 1, error) ? g_steal_pointer(&score) : NULL;
}

void
pct_prediction_score_free(PctPredictionScore *score)
{
  if (!score)
    return;
  for (int k = 0; k < PCT_N_PREDICTION_MEASURES; k++)
    g_free(score->values[k]);
  g_free(score);
}
