// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/repeats.h"
#include <glib/gi18n-lib.h>
#include "work/project-private.h"

typedef struct {
  PctOpened *opened;  // dropped when the job is over
  PctModelDecoder *decoder;
  PctTier tier;
} Work;

static void
work_free(gpointer data)
{
  Work *work = data;
  pct_opened_unref(work->opened);
  pct_kept_unref(work->decoder);
  g_free(work);
}

static gboolean
measure_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  const Work *work = pct_job_get_data(job);
  g_autoptr(PctDecoder) decoder = pct_model_decoder_get(work->decoder, error);
  PctRepeatCurve *curve = decoder
                            ? pct_repeat_curve_new(decoder, work->opened->recording, work->opened->statistics, work->tier,
                                                   &PCT_REPEAT_OPTIONS_DEFAULT, run, error)
                            : NULL;
  if (curve)
    pct_job_set_result(job, curve, (GDestroyNotify)pct_repeat_curve_free);
  return curve != NULL;
}

static void
finished(PctJob *job)
{
  Work *work = pct_job_get_data(job);
  // The list of finished jobs must not keep a whole recording.
  g_clear_pointer(&work->opened, pct_opened_unref);
  g_clear_pointer(&work->decoder, pct_kept_unref);
}

gboolean
pct_project_has_repeats(PctProject *self, PctTier tier)
{
  g_return_val_if_fail(PCT_IS_PROJECT(self), FALSE);
  gboolean modes[2];
  pct_score_set_modes(pct_project_get_opened(self)->recording, tier, modes);
  return modes[FALSE] && modes[TRUE];
}

PctJob *
pct_project_measure_repeats(PctProject *self, PctModel *model, PctTier tier)
{
  g_return_val_if_fail(PCT_IS_PROJECT(self) && pct_model_get_state(model) == PCT_MODEL_FINISHED, NULL);
  g_return_val_if_fail(pct_model_get_role(model) == PCT_ROLE_DECODER, NULL);
  Work *work = g_new0(Work, 1);
  work->opened = pct_opened_ref(pct_project_get_opened(self));
  work->decoder = pct_kept_ref(pct_model_get_decoder(model));
  work->tier = tier;
  g_autofree char *title = g_strdup_printf(_("Averaging repeats: %s"), pct_model_get_name(model));
  PctJob *job = pct_job_new(title, measure_in_thread, work, work_free);
  g_signal_connect(job, "finished", G_CALLBACK(finished), NULL);
  pct_lanes_submit(pct_project_get_lanes(self), PCT_LANE_BACKGROUND, job);
  return job;
}

const PctRepeatCurve *
pct_repeats_job_get_curve(PctJob *job)
{
  return pct_job_get_result(job);
}
