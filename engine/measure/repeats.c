// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "measure/repeats.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include "base/error.h"

// The image's trials that belong to the tier (an image may be in two), appended to trials; how many.
static int
append_trials(const PctRecording *recording, PctTier tier, int image, GArray *trials)
{
  int n_all, n = 0;
  const int *all = pct_recording_get_image_trials(recording, image, &n_all);
  for (int i = 0; i < n_all; i++)
    if (pct_recording_get_trial_tier(recording, all[i]) == tier) {
      g_array_append_val(trials, all[i]);
      n++;
    }
  return n;
}

PctRepeats *
pct_repeats_new(const PctRecording *recording, PctTier tier, int at_least, GError **error)
{
  int n_images;
  const int *images = pct_recording_get_tier_images(recording, tier, &n_images);
  g_autoptr(GArray) trials = g_array_new(FALSE, FALSE, sizeof(int));
  g_autoptr(PctRepeats) repeats = g_new0(PctRepeats, 1);
  repeats->n_neurons = pct_recording_get_n_neurons(recording);
  repeats->images = g_new(int, n_images);
  repeats->first = g_new0(int, n_images + 1);
  for (int i = 0; i < n_images; i++) {
    guint before = trials->len;
    if (append_trials(recording, tier, images[i], trials) < at_least) {
      g_array_set_size(trials, before);
      continue;
    }
    repeats->images[repeats->n_images++] = images[i];
    repeats->first[repeats->n_images] = (int)trials->len;
  }
  repeats->n_trials = (int)trials->len;
  gsize n_values = (gsize)repeats->n_trials * (gsize)repeats->n_neurons;
  repeats->responses = g_try_new(float, MAX(n_values, 1));
  if (!repeats->responses) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for %d trials of %d neurons."),
                repeats->n_trials, repeats->n_neurons);
    return NULL;
  }
  pct_recording_read_trials(recording, (const int *)(const void *)trials->data, repeats->n_trials, repeats->responses);
  return g_steal_pointer(&repeats);
}

void
pct_repeats_free(PctRepeats *repeats)
{
  if (!repeats)
    return;
  g_free(repeats->images);
  g_free(repeats->first);
  g_free(repeats->responses);
  g_free(repeats);
}

void
pct_copy_columns(double *out, const float *in, gsize n_rows, gsize n_all, gsize first, gsize n_columns)
{
  for (gsize row = 0; row < n_rows; row++)
    for (gsize column = 0; column < n_columns; column++)
      out[column * n_rows + row] = in[row * n_all + first + column];
}

double
pct_mean(const double *values, gsize n)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += values[i];
  return sum / (double)n;
}

double
pct_variance(const double *values, gsize n)
{
  if (n < 2)
    return NAN;
  double mean = pct_mean(values, n), square = 0;
  for (gsize i = 0; i < n; i++)
    square += (values[i] - mean) * (values[i] - mean);
  return square / (double)(n - 1);
}

double
pct_correlation(const double *a, const double *b, gsize n)
{
  if (n < 2)
    return NAN;
  double mean_a = pct_mean(a, n), mean_b = pct_mean(b, n), aa = 0, bb = 0, ab = 0;
  for (gsize i = 0; i < n; i++) {
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
    ab += (a[i] - mean_a) * (b[i] - mean_b);
  }
  // What is left of flat values is rounding.
  double least = 1e-24 * (double)n;
  return aa > least * mean_a * mean_a && bb > least * mean_b * mean_b ? ab / sqrt(aa * bb) : NAN;
}

double
pct_mean_of_finite(const float *values, gsize n)
{
  double sum = 0;
  gsize n_finite = 0;
  for (gsize i = 0; i < n; i++)
    if (isfinite(values[i])) {
      sum += values[i];
      n_finite++;
    }
  return n_finite > 0 ? sum / (double)n_finite : NAN;
}
