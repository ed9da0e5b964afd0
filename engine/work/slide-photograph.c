// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/slide-photograph.h"
#include <glib/gi18n-lib.h>
#include "base/blas.h"
#include "data/photograph.h"
#include "decode/informed-features.h"
#include "work/project-private.h"

// Trials that a prediction is taken to be the mean of: decoders that ask then trust it.
#define MANY 64
// Trials that the noise is measured from: somebody waits.
#define MOST_TRIALS 200
#define NOISE_STREAM ((guint64)0x70 << 32)

typedef struct {
  PctOpened *opened;
  PctModelEncoder *encoder;
  char *path;
  gboolean with_noise;
  guint64 seed;
} Work;

static void
work_free(gpointer data)
{
  Work *work = data;
  pct_opened_unref(work->opened);
  pct_kept_unref(work->encoder);
  g_free(work->path);
  g_free(work);
}

static void
photograph_free(gpointer data)
{
  PctPhotograph *photograph = data;
  g_free(photograph->name);
  pct_picture_unref(photograph->picture);
  pct_responses_unref(photograph->responses);
  g_free(photograph);
}

// responses (M,) += a trial's noise, measured where the encoder was not fitted.
static gboolean
add_noise(const Work *work, PctEncoder *encoder, float *responses, const PctRun *run, GError **error)
{
  const PctStatistics *statistics = work->opened->statistics;
  PctFit fit = { .recording = work->opened->recording, .statistics = statistics, .encoder = encoder };
  int n;
  const int *numbers = pct_recording_get_tier_trials(fit.recording, PCT_TIER_VALIDATION, &n);
  if (n == 0)
    numbers = pct_recording_get_tier_trials(fit.recording, PCT_TIER_TRAIN, &n);
  n = MIN(n, MOST_TRIALS);
  g_auto(PctTrialRows) trials = { 0 };
  const PctInformedOptions defaults = PCT_INFORMED_OPTIONS_DEFAULT;
  if (!pct_trial_rows_read(&trials, fit.recording, statistics, numbers, (gsize)n, run, error))
    return FALSE;
  g_autoptr(PctResponseNoise) noise =
    pct_informed_features_measure_noise(&fit, &trials, numbers, defaults.n_modes, run, error);
  if (!noise)
    return FALSE;
  gsize m = (gsize)statistics->n_neurons;
  g_autofree float *z = g_new(float, m);
  pct_response_noise_draw(noise, z, 1, work->seed, NOISE_STREAM, pct_run_get_pool(run));
  for (gsize i = 0; i < m; i++)
    responses[i] += z[i] * statistics->response_scale[i];
  return TRUE;
}

static gboolean
show(PctJob *job, const PctRun *run, GError **error)
{
  const Work *work = pct_job_get_data(job);
  int height = pct_recording_get_height(work->opened->recording), width = pct_recording_get_width(work->opened->recording);
  gsize m = (gsize)work->opened->statistics->n_neurons;
  g_autofree float *pixels = g_new(float, (gsize)height * (gsize)width), *responses = g_new(float, m);
  if (!pct_photograph_read_framed(work->path, height, width, pixels, error))
    return FALSE;
  g_autoptr(PctEncoder) encoder = pct_model_encoder_get(work->encoder, error);
  if (!encoder || !pct_encoder_predict(encoder, pixels, 1, responses, run, error) ||
      (work->with_noise && !add_noise(work, encoder, responses, run, error)))
    return FALSE;
  PctPhotograph *photograph = g_new(PctPhotograph, 1);
  *photograph = (PctPhotograph){ g_filename_display_basename(work->path), pct_picture_new(height, width, pixels),
                                 pct_responses_new((int)m, responses, work->with_noise ? 1 : MANY) };
  pct_job_set_result(job, photograph, photograph_free);
  return TRUE;
}

static void
finished(PctJob *job)
{
  Work *work = pct_job_get_data(job);
  // The list of finished jobs must not keep a whole recording.
  g_clear_pointer(&work->opened, pct_opened_unref);
  g_clear_pointer(&work->encoder, pct_kept_unref);
}

PctJob *
pct_project_show_photograph(PctProject *self, const char *path, PctModel *encoder, gboolean with_noise, guint64 seed)
{
  g_return_val_if_fail(PCT_IS_PROJECT(self) && path && pct_model_get_role(encoder) == PCT_ROLE_ENCODER, NULL);
  Work *work = g_new(Work, 1);
  *work = (Work){ pct_opened_ref(pct_project_get_opened(self)), pct_kept_ref(pct_model_get_encoder(encoder)),
                  g_strdup(path), with_noise, seed };
  PctJob *job = pct_job_new(_("Showing a photograph"), show, work, work_free);
  g_signal_connect(job, "finished", G_CALLBACK(finished), NULL);
  pct_lanes_submit(pct_project_get_lanes(self), PCT_LANE_OPENING, job);
  return job;
}

const PctPhotograph *
pct_photograph_job_get(PctJob *job)
{
  return pct_job_get_result(job);
}
