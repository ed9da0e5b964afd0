// SPDX-License-Identifier: GPL-3.0-or-later
// What a score compares. Only the tier's own trials are read, so an image that two tiers share never mixes them.
#include "measure/score.h"
#include <string.h>

static PctScoreSet *
set_new(const PctRecording *recording, int n, gboolean averaged)
{
  PctScoreSet *set = g_new0(PctScoreSet, 1);
  *set = (PctScoreSet){ .n = n,
                        .n_neurons = pct_recording_get_n_neurons(recording),
                        .height = pct_recording_get_height(recording),
                        .width = pct_recording_get_width(recording),
                        .averaged = averaged };
  set->responses = g_malloc0_n((gsize)n * (gsize)set->n_neurons, sizeof(float));
  set->originals = g_malloc0_n((gsize)n * (gsize)set->height * (gsize)set->width, sizeof(float));
  set->images = g_new0(int, n);
  set->repeats = g_new0(int, n);
  return set;
}

// The mean over the trials of one image that belong to the tier; returns how many.
static int
read_mean(const PctRecording *recording, PctTier tier, int image, float *out, float *trial)
{
  int n_trials, n = 0, m = pct_recording_get_n_neurons(recording);
  const int *trials = pct_recording_get_image_trials(recording, image, &n_trials);
  g_autofree double *sum = g_new0(double, m);
  for (int i = 0; i < n_trials; i++) {
    if (pct_recording_get_trial_tier(recording, trials[i]) != tier)
      continue;
    pct_recording_read_responses(recording, trials[i], trial);
    for (int j = 0; j < m; j++)
      sum[j] += trial[j];
    n++;
  }
  for (int j = 0; j < m; j++)
    out[j] = (float)(sum[j] / MAX(n, 1));
  return n;
}

void
pct_score_set_modes(const PctRecording *recording, PctTier tier, gboolean modes[2])
{
  int n_images, n_trials;
  pct_recording_get_tier_images(recording, tier, &n_images);
  pct_recording_get_tier_trials(recording, tier, &n_trials);
  gboolean recorded = pct_recording_is_averaged(recording);
  modes[FALSE] = n_trials > 0 && !recorded;
  modes[TRUE] = n_trials > 0 && (recorded || n_images < n_trials);
}

PctScoreSet *
pct_score_set_new(const PctRecording *recording, PctTier tier, gboolean averaged)
{
  int n;
  const int *rows = averaged ? pct_recording_get_tier_images(recording, tier, &n)
                             : pct_recording_get_tier_trials(recording, tier, &n);
  PctScoreSet *set = set_new(recording, n, averaged);
  gsize m = (gsize)set->n_neurons, p = (gsize)set->height * (gsize)set->width;
  g_autofree float *trial = g_new(float, m);
  for (int i = 0; i < n; i++) {
    set->images[i] = averaged ? rows[i] : pct_recording_get_trial_image(recording, rows[i]);
    if (averaged)
      set->repeats[i] = read_mean(recording, tier, rows[i], set->responses + i * m, trial);
    else
      set->repeats[i] = 1;
  }
  if (!averaged)
    pct_recording_read_trials(recording, rows, n, set->responses);
  for (int i = 0; i < n; i++)
    pct_recording_read_image(recording, set->images[i], set->originals + i * p);
  return set;
}

void
pct_score_set_free(PctScoreSet *set)
{
  if (!set)
    return;
  g_free(set->responses);
  g_free(set->originals);
  g_free(set->images);
  g_free(set->repeats);
  g_free(set);
}
