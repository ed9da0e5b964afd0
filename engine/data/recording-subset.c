// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/recording-subset.h"
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "data/recording-behaviour.h"
#include "data/recording-hash.h"
#include "data/recording-labels.h"

// (*n,) the trials that stay.
static int *
choose_trials(const PctRecording *recording, const int *images, int n_images, int *n)
{
  int n_trials = pct_recording_get_n_trials(recording);
  g_autofree guint8 *kept = g_malloc0((gsize)pct_recording_get_n_images(recording));
  for (int i = 0; images && i < n_images; i++)
    kept[images[i]] = 1;
  int *trials = g_new(int, n_trials);
  *n = 0;
  for (int i = 0; i < n_trials; i++)
    if (!images || pct_recording_get_trial_tier(recording, i) != PCT_TIER_TRAIN ||
        kept[pct_recording_get_trial_image(recording, i)])
      trials[(*n)++] = i;
  return trials;
}

// out (n_trials, n_neurons) of elements `size` bytes wide, from in (.., M).
static void
copy_responses(gpointer out, gconstpointer in, gsize size, const int *trials, int n_trials, const int *neurons,
               int n_neurons, gsize m)
{
  for (int i = 0; i < n_trials; i++) {
    const char *from = (const char *)in + (gsize)trials[i] * m * size;
    char *to = (char *)out + (gsize)i * (gsize)n_neurons * size;
    for (int j = 0; neurons && j < n_neurons; j++)
      memcpy(to + (gsize)j * size, from + (gsize)neurons[j] * size, size);
    if (!neurons)
      memcpy(to, from, m * size);
  }
}

// Everything of a neuron but its responses.
static void
copy_neurons(PctRecordingData *data, const PctRecordingData *from, const int *neurons)
{
  int d = data->position_dimensions = from->position_dimensions;
  data->unit_ids = g_new(gint64, data->n_neurons);
  data->cell_positions = from->cell_positions ? g_new(float, (gsize)data->n_neurons * (gsize)d) : NULL;
  for (int j = 0; j < data->n_neurons; j++) {
    int neuron = neurons ? neurons[j] : j;
    // Where the file has no ids, a neuron's number is its own, and so stays.
    data->unit_ids[j] = from->unit_ids ? from->unit_ids[neuron] : neuron;
    if (data->cell_positions)
      memcpy(data->cell_positions + (gsize)j * (gsize)d, from->cell_positions + (gsize)neuron * (gsize)d,
             (gsize)d * sizeof(float));
  }
  pct_recording_data_copy_labels(data, from, neurons);
}

// Everything of a trial but its responses.
static void
copy_trials(PctRecordingData *data, const PctRecordingData *from, const int *trials)
{
  gsize n = (gsize)MAX(data->n_trials, 1);
  data->image_index = g_new(gint32, n);
  data->tiers = g_new(guint8, n);
  data->trial_repeat = from->trial_repeat ? g_new(gint32, n) : NULL;
  for (int i = 0; i < data->n_trials; i++) {
    data->image_index[i] = from->image_index ? from->image_index[trials[i]] : trials[i];
    data->tiers[i] = from->tiers[trials[i]];
    if (data->trial_repeat)
      data->trial_repeat[i] = from->trial_repeat[trials[i]];
  }
  pct_recording_data_copy_behaviour(data, from, trials);
}

static gboolean
copy_arrays(PctRecordingData *data, const PctRecordingData *from, const int *trials, const int *neurons)
{
  gsize pixels = (gsize)data->n_images * (gsize)data->height * (gsize)data->width;
  gsize m = (gsize)from->n_neurons, values = (gsize)data->n_trials * (gsize)data->n_neurons;
  if (from->image_bytes) {
    if (!(data->image_bytes = g_try_malloc(pixels)))
      return FALSE;
    memcpy(data->image_bytes, from->image_bytes, pixels);
  } else {
    if (!(data->image_floats = g_try_new(float, pixels)))
      return FALSE;
    memcpy(data->image_floats, from->image_floats, pixels * sizeof(float));
  }
  if (from->responses_half) {
    if (!(data->responses_half = g_try_new(guint16, MAX(values, 1))))
      return FALSE;
    copy_responses(data->responses_half, from->responses_half, sizeof(guint16), trials, data->n_trials, neurons,
                   data->n_neurons, m);
  } else {
    if (!(data->responses_float = g_try_new(float, MAX(values, 1))))
      return FALSE;
    copy_responses(data->responses_float, from->responses_float, sizeof(float), trials, data->n_trials, neurons,
                   data->n_neurons, m);
  }
  return TRUE;
}

static PctRecording *
subset(const PctRecording *recording, const int *neurons, int n_neurons, const int *trials, int n_trials, GError **error)
{
  const PctRecordingData *from = pct_recording_get_data(recording);
  PctRecordingData data = { .name = g_strdup(from->name), .n_images = from->n_images, .height = from->height,
                            .width = from->width, .n_trials = n_trials, .averaged = from->averaged };
  data.n_neurons = neurons ? n_neurons : from->n_neurons;
  if (!copy_arrays(&data, from, trials, neurons)) {
    pct_recording_data_clear(&data);
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for %d trials of %d neurons."),
                n_trials, neurons ? n_neurons : from->n_neurons);
    return NULL;
  }
  copy_neurons(&data, from, neurons);
  copy_trials(&data, from, trials);
  return pct_recording_new_take(&data, error);
}

PctRecording *
pct_recording_subset(const PctRecording *recording, const int *neurons, int n_neurons, const int *images, int n_images,
                     GError **error)
{
  int n_trials;
  g_autofree int *trials = choose_trials(recording, images, n_images, &n_trials);
  return subset(recording, neurons, n_neurons, trials, n_trials, error);
}

PctRecording *
pct_recording_subset_trials(const PctRecording *recording, const int *trials, int n_trials, GError **error)
{
  return subset(recording, NULL, 0, trials, n_trials, error);
}

PctRecording *
pct_recording_filter_trials(PctRecording *recording, const int *trials, int n_trials, const char *condition,
                            GError **error)
{
  PctRecording *part = pct_recording_subset_trials(recording, trials, n_trials, error);
  if (part)
    pct_recording_set_part(part, pct_recording_get_fingerprint(recording), condition);
  return part;
}

static int
compare(const void *a, const void *b)
{
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

void
pct_choose_nested(int n, int count, guint64 seed, guint64 stream, int *out)
{
  g_return_if_fail(count >= 0 && count <= n);
  g_autofree guint32 *order = g_new(guint32, MAX(n, 1));
  PctRandom random = pct_random(seed, stream);
  pct_random_permutation(&random, order, (guint32)n);
  for (int i = 0; i < count; i++)
    out[i] = (int)order[i];
  qsort(out, (gsize)count, sizeof *out, compare);
}
