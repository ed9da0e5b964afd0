// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/census.h"

static void
count_tier(PctTierCensus *out, const PctRecording *recording, PctTier tier)
{
  const int *trials = pct_recording_get_tier_trials(recording, tier, &out->n_trials);
  const int *images = pct_recording_get_tier_images(recording, tier, &out->n_images);
  g_autofree int *shown = g_new0(int, pct_recording_get_n_images(recording));
  for (int i = 0; i < out->n_trials; i++)
    shown[pct_recording_get_trial_image(recording, trials[i])]++;
  out->least_repeats = out->n_images > 0 ? G_MAXINT : 0;
  for (int i = 0; i < out->n_images; i++) {
    int n = shown[images[i]];
    out->least_repeats = MIN(out->least_repeats, n);
    out->most_repeats = MAX(out->most_repeats, n);
    out->n_repeated += n > 1;
  }
}

PctCensus *
pct_census_new(const PctRecording *recording, const PctStatistics *statistics)
{
  g_return_val_if_fail(statistics->n_neurons == pct_recording_get_n_neurons(recording), NULL);
  PctCensus *census = g_new0(PctCensus, 1);
  int n_images = pct_recording_get_n_images(recording), m = statistics->n_neurons, n_trials;
  for (int tier = 0; tier < PCT_N_TIERS; tier++)
    count_tier(&census->tiers[tier], recording, (PctTier)tier);
  census->unshown = g_new(int, n_images);
  census->constant = g_new(int, m);
  census->silent = g_new(int, m);
  for (int i = 0; i < n_images; i++) {
    pct_recording_get_image_trials(recording, i, &n_trials);
    // Of a filtered recording the other images were shown, in trials that were filtered away.
    if (n_trials == 0 && !pct_recording_get_trials(recording))
      census->unshown[census->n_unshown++] = i;
  }
  for (int j = 0; j < m; j++)
    if (statistics->response_min[j] >= statistics->response_max[j])
      census->constant[census->n_constant++] = j;
    else if (!(statistics->response_std[j] > 0))
      census->silent[census->n_silent++] = j;
  return census;
}

void
pct_census_free(PctCensus *census)
{
  if (!census)
    return;
  g_free(census->unshown);
  g_free(census->constant);
  g_free(census->silent);
  g_free(census);
}

gboolean
pct_census_find_repeats(const PctCensus *census, PctTier *tier)
{
  for (int t = PCT_N_TIERS - 1; t >= 0; t--)
    if (census->tiers[t].n_repeated > 0) {
      *tier = (PctTier)t;
      return TRUE;
    }
  return FALSE;
}
