// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/trial-rows.h"
#include "base/blas.h"
#include "encode/tier-means.h"

typedef struct {
  const PctRecording *recording;
  const PctStatistics *statistics;
  const int *trials;
  PctTrialRows *rows;
} Reading;

static void
read_rows(gsize first, gsize end, guint thread, gpointer data)
{
  const Reading *r = data;
  const PctStatistics *statistics = r->statistics;
  gsize m = (gsize)statistics->n_neurons, p = (gsize)statistics->n_pixels;
  pct_recording_read_trials(r->recording, r->trials + first, (int)(end - first), r->rows->z + first * m);
  for (gsize i = first; i < end; i++) {
    float *z = r->rows->z + i * m, *picture = r->rows->pictures + i * p;
    for (gsize j = 0; j < m; j++) {
      float scale = statistics->response_scale[j];
      z[j] = (z[j] - statistics->response_mean[j]) / (scale > 0 ? scale : 1);
    }
    pct_recording_read_image(r->recording, pct_recording_get_trial_image(r->recording, r->trials[i]), picture);
    for (gsize j = 0; j < p; j++)
      picture[j] -= statistics->mean_image[j];
  }
}

gboolean
pct_trial_rows_read(PctTrialRows *rows, const PctRecording *recording, const PctStatistics *statistics,
                    const int *trials, gsize n, const PctRun *run, GError **error)
{
  rows->n = n;
  rows->z = pct_aligned_new(n * (gsize)statistics->n_neurons, error);
  rows->pictures = rows->z ? pct_aligned_new(n * (gsize)statistics->n_pixels, error) : NULL;
  if (!rows->pictures)
    return FALSE;
  Reading reading = { recording, statistics, trials, rows };
  pct_parallel_for(pct_run_get_pool(run), n, 32, read_rows, &reading);
  return pct_run_step(run, 0, 0, error);
}

void
pct_trial_rows_clear(PctTrialRows *rows)
{
  g_clear_pointer(&rows->z, pct_aligned_free);
  g_clear_pointer(&rows->pictures, pct_aligned_free);
  rows->n = 0;
}

gboolean
pct_tuning_rows_read(PctTuningRows *rows, const PctRecording *recording, const PctStatistics *statistics,
                     const PctRun *run, GError **error)
{
  g_autofree int *fitted = NULL, *held = NULL;
  int n_fitted, n_held, n_validation;
  pct_recording_get_tier_trials(recording, PCT_TIER_VALIDATION, &n_validation);
  pct_tier_means_split(recording, &fitted, &n_fitted, &held, &n_held);
  rows->held_out = n_validation == 0;
  return pct_trial_rows_read(&rows->fitted, recording, statistics, fitted, (gsize)n_fitted, run, error) &&
         pct_trial_rows_read(&rows->held, recording, statistics, held, (gsize)n_held, run, error);
}

gboolean
pct_tuning_rows_read_train(PctTuningRows *rows, const PctRecording *recording, const PctStatistics *statistics,
                           const PctRun *run, GError **error)
{
  int n;
  const int *trials = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n);
  pct_trial_rows_clear(&rows->held);
  if (rows->fitted.n == (gsize)n)  // nothing was held out
    return TRUE;
  pct_trial_rows_clear(&rows->fitted);
  return pct_trial_rows_read(&rows->fitted, recording, statistics, trials, (gsize)n, run, error);
}

void
pct_tuning_rows_clear(PctTuningRows *rows)
{
  pct_trial_rows_clear(&rows->fitted);
  pct_trial_rows_clear(&rows->held);
}
