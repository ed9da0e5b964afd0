// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/recording.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>
#include "base/error.h"
#include "data/half.h"
#include "data/recording-behaviour.h"
#include "data/recording-hash.h"
#include "data/recording-labels.h"

// For each of n keys the items that have it, in order: those of key k are items[first[k] .. first[k+1]).
typedef struct {
  int *first;
  int *items;
} Lists;

struct _PctRecording {
  atomic_int ref_count;
  PctRecordingData data;
  Lists tier_trials;   // by tier: trials
  Lists tier_images;   // by tier: images, in order of first appearance
  Lists image_trials;  // by image: trials
  char *fingerprint;   // once made
  char *trials;        // the condition that chose them; NULL: all
};

static const char *const tier_names[PCT_N_TIERS] = { "train", "validation", "test" };

const char *
pct_tier_get_name(PctTier tier)
{
  g_return_val_if_fail(tier < PCT_N_TIERS, NULL);
  return tier_names[tier];
}

gboolean
pct_tier_from_name(const char *name, PctTier *tier)
{
  for (int i = 0; i < PCT_N_TIERS; i++)
    if (strcmp(name, tier_names[i]) == 0) {
      *tier = (PctTier)i;
      return TRUE;
    }
  return FALSE;
}

void
pct_recording_data_clear(PctRecordingData *data)
{
  g_free(data->name);
  g_free(data->image_bytes);
  g_free(data->image_floats);
  g_free(data->responses_half);
  g_free(data->responses_float);
  g_free(data->image_index);
  g_free(data->tiers);
  g_free(data->unit_ids);
  g_free(data->cell_positions);
  g_free(data->trial_repeat);
  pct_recording_data_clear_behaviour(data);
  pct_recording_data_clear_labels(data);
  *data = (PctRecordingData){ 0 };
}

static gboolean
check_sizes(const PctRecordingData *data, GError **error)
{
  gsize n;
  if (data->n_images < 1 || data->height < 1 || data->width < 1 || data->n_trials < 1 || data->n_neurons < 1 ||
      !(data->image_bytes || data->image_floats) || !(data->responses_half || data->responses_float) || !data->tiers) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("“%s” is empty: expected images, trials and neurons, found %d images of %d×%d pixels, %d trials and "
                  "%d neurons."), data->name, data->n_images, data->height, data->width, data->n_trials,
                data->n_neurons);
    return FALSE;
  }
  // What is made of them is held as float32 in places, so that those sizes must be possible too.
  if (!g_size_checked_mul(&n, (gsize)data->height, (gsize)data->width) || n > G_MAXINT / 4 ||
      !g_size_checked_mul(&n, n, (gsize)data->n_images * sizeof(float)) ||
      !g_size_checked_mul(&n, (gsize)data->n_trials * sizeof(float), (gsize)data->n_neurons)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” has sizes that no computer can hold."), data->name);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_trials(const PctRecordingData *data, GError **error)
{
  gboolean have_train = FALSE;
  if (!data->image_index && data->n_images != data->n_trials) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("“%s” has %d images and responses to %d trials, and no image index to say which trial showed which."),
                data->name, data->n_images, data->n_trials);
    return FALSE;
  }
  for (int i = 0; i < data->n_trials; i++) {
    if (data->image_index && (data->image_index[i] < 0 || data->image_index[i] >= data->n_images)) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                  _("“%s” says that trial %d showed image %d; expected an image from 0 to %d."), data->name, i,
                  data->image_index[i], data->n_images - 1);
      return FALSE;
    }
    if (data->tiers[i] >= PCT_N_TIERS) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” has an unknown tier at trial %d."), data->name, i);
      return FALSE;
    }
    have_train |= data->tiers[i] == PCT_TIER_TRAIN;
  }
  if (!have_train) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("“%s” has no trial in the tier “train”; nothing could be learned from it."), data->name);
    return FALSE;
  }
  return TRUE;
}

// Differences and normalised values of anything larger leave float32.
#define LARGEST 1e36f

static gboolean
check_magnitude(const PctRecordingData *data, const float *values, gsize n, gboolean pixels, GError **error)
{
  for (gsize i = 0; values && i < n; i++)
    if (fabsf(values[i]) > LARGEST) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  pixels ? _("“%s” has a pixel of %g; expected grey levels, 0 to 255.")
                         : _("“%s” has a response of %g; expected nothing beyond ±1e36."),
                  data->name, (double)values[i]);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_values(const PctRecordingData *data, GError **error)
{
  gsize m = (gsize)data->n_neurons, n = (gsize)data->n_trials * m, bad = n;
  if (data->responses_half) {
    for (gsize i = 0; i < n && bad == n; i++)
      if (!pct_half_is_finite(data->responses_half[i]))
        bad = i;
  } else {
    for (gsize i = 0; i < n && bad == n; i++)
      if (!isfinite(data->responses_float[i]))
        bad = i;
  }
  if (bad < n) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” has a response that is not a finite number, at trial %d, neuron %d."), data->name,
                (int)(bad / m), (int)(bad % m));
    return FALSE;
  }
  gsize hw = (gsize)data->height * (gsize)data->width;
  for (gsize i = 0; data->image_floats && i < hw * (gsize)data->n_images; i++)
    if (!isfinite(data->image_floats[i])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” has a pixel that is not a finite number, in image %d."),
                  data->name, (int)(i / hw));
      return FALSE;
    }
  gsize n_positions = data->cell_positions ? m * (gsize)data->position_dimensions : 0;
  for (gsize i = 0; i < n_positions; i++)
    if (!isfinite(data->cell_positions[i])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("“%s” has a position that is not a finite number, of neuron %d."), data->name,
                  (int)(i / (gsize)data->position_dimensions));
      return FALSE;
    }
  return check_magnitude(data, data->responses_float, n, FALSE, error) &&
         check_magnitude(data, data->image_floats, hw * (gsize)data->n_images, TRUE, error);
}

// Whole grey levels take a quarter of the memory as bytes.
static void
pack_images(PctRecordingData *data)
{
  gsize n = (gsize)data->n_images * (gsize)data->height * (gsize)data->width;
  if (data->image_bytes || !pct_is_whole_bytes(data->image_floats, n))
    return;
  data->image_bytes = g_try_malloc(n);
  if (!data->image_bytes)
    return;
  for (gsize i = 0; i < n; i++)
    data->image_bytes[i] = (guint8)data->image_floats[i];
  g_clear_pointer(&data->image_floats, g_free);
}

static int
image_of(const PctRecording *recording, int trial)
{
  return recording->data.image_index ? recording->data.image_index[trial] : trial;
}

static void
list_trials(PctRecording *recording)
{
  const PctRecordingData *data = &recording->data;
  int n = data->n_trials, k = data->n_images;
  Lists tier = { g_new0(int, PCT_N_TIERS + 1), g_new(int, n) }, image = { g_new0(int, (gsize)k + 1), g_new(int, n) };
  for (int i = 0; i < n; i++) {
    tier.first[data->tiers[i] + 1]++;
    image.first[image_of(recording, i) + 1]++;
  }
  for (int t = 0; t < PCT_N_TIERS; t++)
    tier.first[t + 1] += tier.first[t];
  for (int i = 0; i < k; i++)
    image.first[i + 1] += image.first[i];
  g_autofree int *next = g_memdup2(image.first, sizeof(int) * (gsize)k);
  int next_tier[PCT_N_TIERS] = { tier.first[0], tier.first[1], tier.first[2] };
  for (int i = 0; i < n; i++) {
    tier.items[next_tier[data->tiers[i]]++] = i;
    image.items[next[image_of(recording, i)]++] = i;
  }
  recording->tier_trials = tier;
  recording->image_trials = image;

  // An image may be shown in several tiers, and is then listed in each.
  Lists shown = { g_new0(int, PCT_N_TIERS + 1), g_new(int, n) };
  g_autofree guint8 *seen = g_malloc0((gsize)k);
  int n_shown = 0;
  for (int t = 0; t < PCT_N_TIERS; t++) {
    for (int i = tier.first[t]; i < tier.first[t + 1]; i++) {
      int showed = image_of(recording, tier.items[i]);
      if (seen[showed] & 1 << t)
        continue;
      seen[showed] |= (guint8)(1 << t);
      shown.items[n_shown++] = showed;
    }
    shown.first[t + 1] = n_shown;
  }
  recording->tier_images = shown;
}

PctRecording *
pct_recording_new_take(PctRecordingData *data, GError **error)
{
  if (!data->name)
    data->name = g_strdup("");
  if (!check_sizes(data, error) || !check_trials(data, error) || !check_values(data, error) ||
      !pct_recording_data_check_behaviour(data, error) || !pct_recording_data_check_labels(data, error)) {
    pct_recording_data_clear(data);
    return NULL;
  }
  pack_images(data);
  PctRecording *recording = g_new0(PctRecording, 1);
  atomic_init(&recording->ref_count, 1);
  recording->data = *data;
  *data = (PctRecordingData){ 0 };
  list_trials(recording);
  return recording;
}

PctRecording *
pct_recording_ref(PctRecording *recording)
{
  atomic_fetch_add_explicit(&recording->ref_count, 1, memory_order_relaxed);
  return recording;
}

void
pct_recording_unref(PctRecording *recording)
{
  if (!recording || atomic_fetch_sub_explicit(&recording->ref_count, 1, memory_order_acq_rel) != 1)
    return;
  Lists *lists[] = { &recording->tier_trials, &recording->tier_images, &recording->image_trials };
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
    g_free(lists[i]->first);
    g_free(lists[i]->items);
  }
  pct_recording_data_clear(&recording->data);
  g_free(recording->fingerprint);
  g_free(recording->trials);
  g_free(recording);
}

const PctRecordingData *
pct_recording_get_data(const PctRecording *recording)
{
  return &recording->data;
}

const char *
pct_recording_get_fingerprint(PctRecording *recording)
{
  if (g_once_init_enter(&recording->fingerprint))
    g_once_init_leave(&recording->fingerprint, pct_recording_data_hash(&recording->data));
  return recording->fingerprint;
}

void
pct_recording_set_part(PctRecording *recording, const char *fingerprint, const char *trials)
{
  recording->fingerprint = g_strdup(fingerprint);
  recording->trials = g_strdup(trials);
}

const char *
pct_recording_get_trials(const PctRecording *recording)
{
  return recording->trials;
}

const char *
pct_recording_get_name(const PctRecording *recording)
{
  return recording->data.name;
}

int
pct_recording_get_n_images(const PctRecording *recording)
{
  return recording->data.n_images;
}

int
pct_recording_get_height(const PctRecording *recording)
{
  return recording->data.height;
}

int
pct_recording_get_width(const PctRecording *recording)
{
  return recording->data.width;
}

int
pct_recording_get_n_trials(const PctRecording *recording)
{
  return recording->data.n_trials;
}

int
pct_recording_get_n_neurons(const PctRecording *recording)
{
  return recording->data.n_neurons;
}

gboolean
pct_recording_is_averaged(const PctRecording *recording)
{
  return recording->data.averaged;
}

const float *
pct_recording_get_cell_positions(const PctRecording *recording, int *dimensions)
{
  if (dimensions)
    *dimensions = recording->data.cell_positions ? recording->data.position_dimensions : 0;
  return recording->data.cell_positions;
}

gint64
pct_recording_get_unit_id(const PctRecording *recording, int neuron)
{
  g_return_val_if_fail(neuron >= 0 && neuron < recording->data.n_neurons, -1);
  return recording->data.unit_ids ? recording->data.unit_ids[neuron] : neuron;
}

int
pct_recording_get_trial_image(const PctRecording *recording, int trial)
{
  g_return_val_if_fail(trial >= 0 && trial < recording->data.n_trials, -1);
  return image_of(recording, trial);
}

PctTier
pct_recording_get_trial_tier(const PctRecording *recording, int trial)
{
  g_return_val_if_fail(trial >= 0 && trial < recording->data.n_trials, PCT_TIER_TRAIN);
  return (PctTier)recording->data.tiers[trial];
}

static const int *
get_list(const Lists *lists, int key, int *n)
{
  *n = lists->first[key + 1] - lists->first[key];
  return lists->items + lists->first[key];
}

const int *
pct_recording_get_tier_trials(const PctRecording *recording, PctTier tier, int *n_trials)
{
  g_return_val_if_fail(tier < PCT_N_TIERS, NULL);
  return get_list(&recording->tier_trials, (int)tier, n_trials);
}

const int *
pct_recording_get_tier_images(const PctRecording *recording, PctTier tier, int *n_images)
{
  g_return_val_if_fail(tier < PCT_N_TIERS, NULL);
  return get_list(&recording->tier_images, (int)tier, n_images);
}

const int *
pct_recording_get_image_trials(const PctRecording *recording, int image, int *n_trials)
{
  g_return_val_if_fail(image >= 0 && image < recording->data.n_images, NULL);
  return get_list(&recording->image_trials, image, n_trials);
}

gboolean
pct_recording_get_image_tier(const PctRecording *recording, int image, PctTier *tier)
{
  int n;
  const int *trials = pct_recording_get_image_trials(recording, image, &n);
  if (!trials || n == 0)
    return FALSE;
  *tier = (PctTier)recording->data.tiers[trials[0]];
  return TRUE;
}

void
pct_recording_read_image(const PctRecording *recording, int image, float *out)
{
  const PctRecordingData *data = &recording->data;
  g_return_if_fail(image >= 0 && image < data->n_images);
  gsize hw = (gsize)data->height * (gsize)data->width, first = (gsize)image * hw;
  if (data->image_floats)
    memcpy(out, data->image_floats + first, hw * sizeof *out);
  else
    for (gsize i = 0; i < hw; i++)
      out[i] = data->image_bytes[first + i];
}

void
pct_recording_read_images(const PctRecording *recording, const int *images, int n, float *out)
{
  gsize hw = (gsize)recording->data.height * (gsize)recording->data.width;
  for (int i = 0; i < n; i++)
    pct_recording_read_image(recording, images[i], out + (gsize)i * hw);
}

void
pct_recording_read_responses(const PctRecording *recording, int trial, float *out)
{
  const PctRecordingData *data = &recording->data;
  g_return_if_fail(trial >= 0 && trial < data->n_trials);
  gsize m = (gsize)data->n_neurons, first = (gsize)trial * m;
  if (data->responses_float)
    memcpy(out, data->responses_float + first, m * sizeof *out);
  else
    pct_half_to_float(out, data->responses_half + first, m);
}

void
pct_recording_read_trials(const PctRecording *recording, const int *trials, int n, float *out)
{
  for (int i = 0; i < n; i++)
    pct_recording_read_responses(recording, trials[i], out + (gsize)i * (gsize)recording->data.n_neurons);
}

void
pct_recording_read_neuron(const PctRecording *recording, int neuron, float *out)
{
  const PctRecordingData *data = &recording->data;
  g_return_if_fail(neuron >= 0 && neuron < data->n_neurons);
  gsize m = (gsize)data->n_neurons, n = (gsize)data->n_trials;
  if (data->responses_float) {
    for (gsize i = 0; i < n; i++)
      out[i] = data->responses_float[i * m + (gsize)neuron];
    return;
  }
  g_autofree guint16 *halves = g_new(guint16, n);
  for (gsize i = 0; i < n; i++)
    halves[i] = data->responses_half[i * m + (gsize)neuron];
  pct_half_to_float(out, halves, n);
}

int
pct_recording_read_mean_responses(const PctRecording *recording, int image, float *out)
{
  int n, m = recording->data.n_neurons;
  const int *trials = pct_recording_get_image_trials(recording, image, &n);
  g_return_val_if_fail(trials, 0);
  g_autofree double *sum = g_new0(double, m);
  for (int i = 0; i < n; i++) {
    // out doubles as the room for one trial.
    pct_recording_read_responses(recording, trials[i], out);
    for (int j = 0; j < m; j++)
      sum[j] += out[j];
  }
  for (int j = 0; j < m; j++)
    out[j] = n > 0 ? (float)(sum[j] / n) : 0;
  return n;
}
