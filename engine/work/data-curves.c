// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/data-curves.h"
#include <glib/gi18n-lib.h>
#include "decode/model-folder.h"
#include "work/data-curve-file.h"
#include "work/source-files.h"
#include "work/workspace.h"

typedef struct {
  PctOpened *opened;  // dropped when the job is over
  PctModelInfo *info;
  PctSourceFiles files;
  PctModelDecoder *decoder;  // of the model that neurons are silenced for; NULL: it is fitted
  PctCurveAgainst against;
  PctTier tier;
  double *shares;
  guint n_shares;
} Work;

static void
work_free(gpointer data)
{
  Work *work = data;
  pct_opened_unref(work->opened);
  pct_model_info_free(work->info);
  pct_source_files_clear(&work->files);
  pct_kept_unref(work->decoder);
  g_free(work->shares);
  g_free(work);
}

static gboolean
measure_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  Work *work = pct_job_get_data(job);
  PctOpened *opened = work->opened;
  PctModelInfo *info = work->info;
  g_autoptr(PctEncoder) encoder = NULL;
  g_autoptr(PctMeiSet) meis = NULL;
  g_autoptr(PctDecoder) whole = work->decoder ? pct_model_decoder_get(work->decoder, error) : NULL;
  g_autofree char *hash =
    whole ? pct_decoder_folder_dup_hash(pct_kept_get_folder(work->decoder), run, error) : NULL;
  if (work->decoder ? !hash : !pct_source_files_open(&work->files, opened->recording, info, FALSE, &encoder, &meis, run, error))
    return FALSE;
  PctDataCurveWork what = {
    .curve = { .klass = pct_decoder_find_class(info->kind->kind), .against = work->against, .tier = work->tier,
               .seed = info->seed, .whole = whole,
               .fit = { .recording = opened->recording, .statistics = opened->statistics, .options = info->options,
                        .seed = info->seed, .encoder = encoder, .meis = meis, .photographs = info->photographs } },
    .info = info, .model = whole ? info->name : NULL, .model_hash = hash };
  g_autofree char *path = pct_data_curve_locate(opened->workspace, &what, error);
  if (!path || !pct_workspace_folder_describe(opened->workspace, opened->path, info->fingerprint, error) ||
      !pct_data_curve_run(&what, work->shares, work->n_shares, path, run, error))
    return FALSE;
  pct_job_set_result(job, g_steal_pointer(&path), g_free);
  return TRUE;
}

static void
finished(PctJob *job)
{
  Work *work = pct_job_get_data(job);
  // The list of finished jobs must not keep a whole recording.
  g_clear_pointer(&work->opened, pct_opened_unref);
  g_clear_pointer(&work->decoder, pct_kept_unref);
  pct_source_files_clear(&work->files);
}

static PctModelInfo *
describe(PctProject *self, const PctDataCurveRequest *request)
{
  PctModelInfo *info = request->model ? pct_model_info_copy(pct_model_get_info(request->model))
                                      : pct_model_info_new(pct_kind_get_about(request->kind));
  g_free(info->fingerprint);
  g_free(info->recording_name);
  info->fingerprint = g_strdup(pct_project_get_fingerprint(self));
  info->recording_name = g_strdup(pct_project_get_name(self));
  if (request->model)
    return info;
  info->seed = request->seed;
  if (request->options) {
    pct_option_values_free(info->options);
    info->options = pct_option_values_copy(request->options);
  }
  return info;
}

PctJob *
pct_project_measure_data_curve(PctProject *self, const PctDataCurveRequest *request, GError **error)
{
  g_return_val_if_fail(PCT_IS_PROJECT(self) && pct_kind_get_role(request->kind) == PCT_ROLE_DECODER, NULL);
  g_return_val_if_fail(!request->model || (request->against == PCT_AGAINST_SILENCED &&
                                           pct_model_get_kind(request->model) == request->kind &&
                                           pct_model_get_state(request->model) == PCT_MODEL_FINISHED), NULL);
  g_autoptr(PctModelInfo) info = describe(self, request);
  PctTrainingSources found = { 0 };
  if (!request->model &&
      !pct_training_sources_find(&found, self, request->kind, pct_model_kind_get_needs(info->kind, info->options),
                                 request->sources, NULL, error))
    return NULL;
  Work *work = g_new0(Work, 1);
  work->opened = pct_opened_ref(pct_project_get_opened(self));
  if (!request->model)
    pct_source_files_take(&work->files, &found, info);
  work->decoder = request->model ? pct_kept_ref(pct_model_get_decoder(request->model)) : NULL;
  work->against = request->against;
  work->tier = request->tier;
  work->n_shares = request->shares ? request->n_shares : PCT_DATA_CURVE_N_SHARES;
  work->shares = g_memdup2(request->shares ? request->shares : pct_data_curve_shares, work->n_shares * sizeof(double));
  g_autofree char *title = g_strdup_printf(request->against == PCT_AGAINST_IMAGES ? _("%s against images")
                                                                                   : _("%s against neurons"),
                                           request->model ? info->name : pct_kind_get_name(request->kind));
  work->info = g_steal_pointer(&info);
  PctJob *job = pct_job_new(title, measure_in_thread, work, work_free);
  pct_job_keep_history(job);
  g_signal_connect(job, "finished", G_CALLBACK(finished), NULL);
  pct_lanes_submit(pct_project_get_lanes(self), PCT_LANE_HEAVY, job);
  return job;
}

const char *
pct_data_curve_job_get_path(PctJob *job)
{
  return pct_job_get_result(job);
}
