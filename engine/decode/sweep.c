// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/sweep.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"

#define TRIALS_AT_ONCE 64

static const char *const kind_names[PCT_N_SWEEP_KINDS] = { "alone", "companions", "grid", "walk", "repeats" };

const char *
pct_sweep_kind_get_name(PctSweepKind kind)
{
  g_return_val_if_fail((guint)kind < PCT_N_SWEEP_KINDS, NULL);
  return kind_names[kind];
}

gboolean
pct_response_slopes(const PctRecording *recording, int neuron, float *out, const PctRun *run, GError **error)
{
  int n, m = pct_recording_get_n_neurons(recording);
  g_return_val_if_fail(neuron >= 0 && neuron < m, FALSE);
  const int *trials = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n);
  g_autofree float *all = g_new(float, pct_recording_get_n_trials(recording));
  g_autofree float *rows = g_new(float, (gsize)TRIALS_AT_ONCE * (gsize)m);
  // Of products with the neuron's deviations, which sum to zero, the others' means fall out.
  g_autofree double *products = g_new0(double, m);
  pct_recording_read_neuron(recording, neuron, all);
  double mean = 0, square = 0;
  for (int t = 0; t < n; t++)
    mean += all[trials[t]] / n;
  for (int t = 0; t < n; t += TRIALS_AT_ONCE) {
    int count = MIN(n - t, TRIALS_AT_ONCE);
    pct_recording_read_trials(recording, trials + t, count, rows);
    for (int i = 0; i < count; i++) {
      double deviation = all[trials[t + i]] - mean;
      const float *row = rows + (gsize)i * (gsize)m;
      square += deviation * deviation;
      for (int j = 0; j < m; j++)
        products[j] += deviation * row[j];
    }
    if (!pct_run_step(run, t + count, n, error))
      return FALSE;
  }
  if (!(square > 0)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("Neuron %d never changes its response in the train tier: nothing is known of its companions."),
                neuron);
    return FALSE;
  }
  for (int j = 0; j < m; j++)
    out[j] = (float)(products[j] / square);
  out[neuron] = 1;
  return TRUE;
}

static PctSweep *
sweep_new(PctSweepKind kind, int n_neurons, gsize n, gsize n_columns, GError **error)
{
  PctSweep *sweep = g_new0(PctSweep, 1);
  *sweep = (PctSweep){ .kind = kind, .n_neurons = n_neurons, .n = n, .n_columns = n_columns,
                       .n_averaged = g_new0(double, n), .values = g_new0(float, 2 * n) };
  sweep->responses = g_try_new(float, n * (gsize)n_neurons);
  if (sweep->responses)
    return sweep;
  g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is no memory for %zu responses of %d neurons."), n,
              n_neurons);
  pct_sweep_free(sweep);
  return NULL;
}

void
pct_sweep_free(PctSweep *sweep)
{
  if (!sweep)
    return;
  g_free(sweep->responses);
  g_free(sweep->n_averaged);
  g_free(sweep->values);
  g_free(sweep);
}

static float
value_at(const PctSweepRecipe *recipe, int axis, gsize i)
{
  int n = recipe->n_steps[axis];
  float from = recipe->from[axis], to = recipe->to[axis];
  return n == 1 ? from : i == (gsize)n - 1 ? to : from + (to - from) * (float)i / (float)(n - 1);
}

// slopes NULL: the others stay.
static PctSweep *
new_neuron(const PctSweepRecipe *recipe, const PctSweepStart *start, int m, const float *slopes, GError **error)
{
  gsize n = (gsize)recipe->n_steps[0];
  PctSweep *sweep = sweep_new(recipe->kind, m, n, n, error);
  for (gsize i = 0; sweep && i < n; i++) {
    float *row = sweep->responses + i * (gsize)m, value = value_at(recipe, 0, i);
    memcpy(row, start->responses, (gsize)m * sizeof(float));
    float by = value - start->responses[recipe->neurons[0]];
    for (int j = 0; slopes && j < m; j++)
      row[j] += slopes[j] * by;
    row[recipe->neurons[0]] = value;
    sweep->values[2 * i] = value;
    sweep->n_averaged[i] = start->n_averaged;
  }
  return sweep;
}

static PctSweep *
new_grid(const PctSweepRecipe *recipe, const PctSweepStart *start, int m, GError **error)
{
  gsize n_columns = (gsize)recipe->n_steps[1], n = (gsize)recipe->n_steps[0] * n_columns;
  PctSweep *sweep = sweep_new(recipe->kind, m, n, n_columns, error);
  for (gsize i = 0; sweep && i < n; i++) {
    float *row = sweep->responses + i * (gsize)m;
    memcpy(row, start->responses, (gsize)m * sizeof(float));
    for (int axis = 0; axis < 2; axis++)
      row[recipe->neurons[axis]] = sweep->values[2 * i + (gsize)axis] =
        value_at(recipe, axis, axis == 0 ? i / n_columns : i % n_columns);
    sweep->n_averaged[i] = start->n_averaged;
  }
  return sweep;
}

static const int *
get_trials(const PctRecording *recording, int image, int *n, GError **error)
{
  const int *trials = image >= 0 ? pct_recording_get_image_trials(recording, image, n) : NULL;
  if (trials && *n > 0)
    return trials;
  if (image < 0) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("This picture has no recorded trials."));
    return NULL;
  }
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("No trial showed image %d: there are no responses to it."),
              image);
  return NULL;
}

static PctSweep *
new_walk(const PctSweepRecipe *recipe, const PctSweepStart *start, const PctRecording *recording, GError **error)
{
  int m = pct_recording_get_n_neurons(recording), n_trials;
  const int *trials = get_trials(recording, recipe->image, &n_trials, error);
  if (!trials)
    return NULL;
  g_autofree float *end = g_new(float, m);
  gboolean single = recipe->repeat >= 0;
  double from = start->n_averaged, to = single ? 1 : n_trials;
  if (single)
    pct_recording_read_responses(recording, trials[MIN(recipe->repeat, n_trials - 1)], end);
  else
    pct_recording_read_mean_responses(recording, recipe->image, end);
  gsize n = (gsize)recipe->n_steps[0];
  PctSweep *sweep = sweep_new(recipe->kind, m, n, n, error);
  for (gsize i = 0; sweep && i < n; i++) {
    float t = n > 1 ? (float)i / (float)(n - 1) : 0, *row = sweep->responses + i * (gsize)m;
    for (int j = 0; j < m; j++)
      row[j] = (1 - t) * start->responses[j] + t * end[j];
    sweep->values[2 * i] = t;
    sweep->n_averaged[i] = from == to ? from : 1 / ((1 - t) / from + t / to);
  }
  return sweep;
}

// The trials of an image one after another.
static PctSweep *
new_trials(const PctSweepStart *start, const PctRecording *recording, GError **error)
{
  int m = pct_recording_get_n_neurons(recording), n;
  const int *trials = get_trials(recording, start->image, &n, error);
  PctSweep *sweep = trials ? sweep_new(PCT_SWEEP_REPEATS, m, (gsize)n, (gsize)n, error) : NULL;
  if (!sweep)
    return NULL;
  pct_recording_read_trials(recording, trials, n, sweep->responses);
  for (int i = 0; i < n; i++) {
    sweep->values[2 * i] = (float)i;
    sweep->n_averaged[i] = 1;
  }
  return sweep;
}

// Those of one image exchanged for another's, one a step.
static PctSweep *
new_exchange(const PctSweepRecipe *recipe, const PctSweepStart *start, const PctRecording *recording, GError **error)
{
  int n_from, n_to;
  const int *from = get_trials(recording, start->image, &n_from, error);
  const int *to = from ? get_trials(recording, recipe->image, &n_to, error) : NULL;
  if (!to)
    return NULL;
  gsize m = (gsize)pct_recording_get_n_neurons(recording), k = (gsize)MIN(n_from, n_to);
  PctSweep *sweep = sweep_new(PCT_SWEEP_REPEATS, (int)m, k + 1, k + 1, error);
  if (!sweep)
    return NULL;
  g_autofree float *rows = g_new(float, k * m);
  g_autofree float *others = g_new(float, k * m);
  pct_recording_read_trials(recording, from, (int)k, rows);
  pct_recording_read_trials(recording, to, (int)k, others);
  for (gsize i = 0; i <= k; i++) {
    for (gsize j = 0; j < m; j++) {
      double sum = 0;
      for (gsize t = 0; t < k; t++)
        sum += (t < i ? others : rows)[t * m + j];
      sweep->responses[i * m + j] = (float)(sum / (double)k);
    }
    sweep->values[2 * i] = (float)i;
    sweep->n_averaged[i] = (double)k;
  }
  return sweep;
}

PctSweep *
pct_sweep_new(const PctSweepRecipe *recipe, const PctSweepStart *start, const PctRecording *recording,
              const PctRun *run, GError **error)
{
  int m = pct_recording_get_n_neurons(recording);
  g_return_val_if_fail(recipe->n_steps[0] >= 1 && recipe->n_steps[0] <= PCT_SWEEP_MOST, NULL);
  g_return_val_if_fail(recipe->kind > PCT_SWEEP_GRID || (recipe->neurons[0] >= 0 && recipe->neurons[0] < m), NULL);
  g_autofree float *slopes = NULL;
  switch (recipe->kind) {
    case PCT_SWEEP_COMPANIONS:
      slopes = g_new(float, m);
      return pct_response_slopes(recording, recipe->neurons[0], slopes, run, error)
               ? new_neuron(recipe, start, m, slopes, error)
               : NULL;
    case PCT_SWEEP_GRID:
      g_return_val_if_fail(recipe->neurons[1] >= 0 && recipe->neurons[1] < m && recipe->n_steps[1] >= 1, NULL);
      g_return_val_if_fail(recipe->n_steps[1] <= PCT_SWEEP_MOST / recipe->n_steps[0], NULL);
      return new_grid(recipe, start, m, error);
    case PCT_SWEEP_WALK: return new_walk(recipe, start, recording, error);
    case PCT_SWEEP_REPEATS:
      return recipe->image < 0 ? new_trials(start, recording, error) : new_exchange(recipe, start, recording, error);
    case PCT_SWEEP_ALONE:
    default: return new_neuron(recipe, start, m, NULL, error);
  }
}

static double
squared_distance(const float *a, const float *b, gsize m)
{
  double sum = 0;
  for (gsize j = 0; j < m; j++) {
    double difference = (double)a[j] - b[j];
    sum += difference * difference;
  }
  return sum;
}

int
pct_sweep_find_nearest(const PctSweep *sweep, const float *responses)
{
  gsize nearest = 0, m = (gsize)sweep->n_neurons;
  double least = G_MAXDOUBLE, step = 0;
  for (gsize i = 0; i < sweep->n; i++) {
    double distance = squared_distance(sweep->responses + i * m, responses, m);
    if (distance < least) {
      least = distance;
      nearest = i;
    }
  }
  const float *at = sweep->responses + nearest * m;
  if (nearest > 0)
    step = squared_distance(at, at - m, m);
  if (nearest + 1 < sweep->n)
    step = MAX(step, squared_distance(at, at + m, m));
  // A sweep of one vector, or of equal ones, has no outside.
  return step > 0 && least > step ? -1 : (int)nearest;
}
