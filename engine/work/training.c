// SPDX-License-Identifier: GPL-3.0-or-later
// A training owns all it needs, so that it goes on when its project was closed. The model in the list belongs to the
// main thread; the worker leaves what there is to say of it as the job's result.
#include "config.h"
#include "work/training.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "work/encoder-folder.h"
#include "work/fit-model.h"
#include "work/origins.h"
#include "work/project-private.h"
#include "work/workspace.h"

#define N_HELD_OUT 6

typedef struct {
  PctOpened *opened;
  char *folder;
  gboolean resume;
  PctModelInfo *info;        // as it was when it started
  PctModelDecoder *decoder;  // where the fitted one goes, by the kind's role: this,
  PctModelEncoder *encoder;  // this
  PctMeis *meis;             // or this
  PctModelEncoder *source;   // the encoder it is made with; NULL: none
  char *source_meis;         // the file of the set it is made with; NULL: none
  PctModel *model;           // main thread's, as is
  GWeakRef project;          // whose list the model is in
  PctHeldOut held_out;
  int *images;               // (n,)
  float *originals;          // (n,H,W)
  float *responses;          // (n,M)
} Training;

static void
training_free(gpointer data)
{
  Training *training = data;
  pct_opened_unref(training->opened);
  g_free(training->folder);
  pct_model_info_free(training->info);
  pct_kept_unref(training->decoder);
  pct_kept_unref(training->encoder);
  pct_kept_unref(training->source);
  g_free(training->source_meis);
  g_clear_object(&training->meis);
  g_clear_object(&training->model);
  g_weak_ref_clear(&training->project);
  g_free(training->images);
  g_free(training->originals);
  g_free(training->responses);
  g_free(training);
}

// Test images that were shown as often as each other and more than once, as often as enough of them were, evenly spread;
// else validation images.
static void
choose_held_out(Training *training)
{
  const PctRecording *recording = training->opened->recording;
  int n, repeats = 0, most = 0;
  PctTier tier = PCT_TIER_TEST;
  const int *images = pct_recording_get_tier_images(recording, tier, &n);
  for (int i = 0; i < n; i++) {
    pct_recording_get_image_trials(recording, images[i], &repeats);
    most = MAX(most, repeats);
  }
  int n_validation;
  const int *validation = pct_recording_get_tier_images(recording, PCT_TIER_VALIDATION, &n_validation);
  if (most < 2 && n_validation > 0) {
    tier = PCT_TIER_VALIDATION;
    images = validation;
    n = n_validation;
    most = 1;
  }
  // After a filter of trials an image or two may have all their repeats left, and others fewer.
  g_autofree int *counts = g_new0(int, (gsize)most + 1);
  for (int i = 0; i < n; i++) {
    pct_recording_get_image_trials(recording, images[i], &repeats);
    counts[MIN(repeats, most)]++;
  }
  for (int r = most - 1, least = tier == PCT_TIER_TEST ? 2 : 1; r >= least && counts[most] < N_HELD_OUT; r--)
    if (counts[r] > counts[most])
      most = r;
  g_autoptr(GArray) alike = g_array_new(FALSE, FALSE, sizeof(int));
  for (int i = 0; i < n; i++) {
    pct_recording_get_image_trials(recording, images[i], &repeats);
    if (repeats == most)
      g_array_append_val(alike, images[i]);
  }
  int height = pct_recording_get_height(recording), width = pct_recording_get_width(recording);
  gsize pixels = (gsize)height * width, m = (gsize)pct_recording_get_n_neurons(recording);
  int kept = MIN((int)alike->len, N_HELD_OUT);
  training->images = g_new(int, MAX(kept, 1));
  training->originals = g_new(float, MAX(kept, 1) * pixels);
  training->responses = g_new(float, MAX(kept, 1) * m);
  for (int i = 0; i < kept; i++) {
    training->images[i] = g_array_index(alike, int, (guint)i * alike->len / (guint)kept);
    pct_recording_read_image(recording, training->images[i], training->originals + i * pixels);
    pct_recording_read_mean_responses(recording, training->images[i], training->responses + i * m);
  }
  training->held_out = (PctHeldOut){ kept, training->images, tier, most, training->originals, height, width };
}

// What it is made with, read here: a set of its own, because the rows of another's are told on the main thread alone.
static gboolean
open_sources(const Training *training, PctModelInfo *info, PctEncoder **encoder, PctMeiSet **meis, const PctRun *run,
             GError **error)
{
  const PctRecording *recording = training->opened->recording;
  if (!pct_origin_note_photographs(info, training->info->photographs, error))
    return FALSE;
  if (training->source) {
    g_autofree char *weights = pct_encoder_folder_dup_weights_path(pct_kept_get_folder(training->source));
    if (!(*encoder = pct_model_encoder_get(training->source, error)) ||
        !pct_origin_note(info, PCT_NEEDS_ENCODER, info->encoder, weights, training->resume, run, error))
      return FALSE;
  }
  if (!training->source_meis)
    return TRUE;
  *meis = pct_meis_load_set(training->source_meis, pct_recording_get_n_neurons(recording),
                            pct_recording_get_height(recording), pct_recording_get_width(recording), error);
  return *meis &&
         pct_origin_note(info, PCT_NEEDS_MEIS, info->meis, training->source_meis, training->resume, run, error);
}

static gboolean
train(const Training *training, PctModelInfo *info, const PctRun *run, GError **error)
{
  const PctHeldOut *held_out = &training->held_out;
  if (!pct_workspace_folder_describe(training->opened->workspace, training->opened->path, info->fingerprint, error))
    return FALSE;
  g_autoptr(PctEncoder) source = NULL;
  g_autoptr(PctMeiSet) source_meis = NULL;
  if (!open_sources(training, info, &source, &source_meis, run, error))
    return FALSE;
  PctFit fit = { training->opened->recording, training->opened->statistics, info->options, info->seed, training->folder,
                 training->resume, held_out->n ? training->responses : NULL, held_out->n,
                 held_out->n ? held_out->n_averaged : 1, source, source_meis, info->photographs };
  if (training->meis)
    return pct_fit_meis(training->meis, &fit, info, run, error);
  g_auto(PctFitted) fitted = { 0 };
  if (!pct_fit_model(&fit, info, &fitted, run, error))
    return FALSE;
  if (fitted.encoder)
    pct_model_encoder_set(training->encoder, fitted.encoder);
  else
    pct_model_decoder_set(training->decoder, fitted.decoder);
  return TRUE;
}

static gboolean
train_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  Training *training = pct_job_get_data(job);
  g_autoptr(PctModelInfo) info = pct_model_info_copy(training->info);
  gboolean done = train(training, info, run, error);
  // Read on the main thread once the job is over.
  pct_model_info_free(training->info);
  training->info = g_steal_pointer(&info);
  return done;
}

static void
finished(PctJob *job)
{
  Training *training = pct_job_get_data(job);
  PctModel *model = training->model;
  if (training->meis)
    pct_meis_update(training->meis);
  gboolean keeps = training->info->finished || pct_workspace_folder_has_checkpoint(training->folder);
  if (!keeps)
    pct_workspace_folder_remove_model(training->folder);
  pct_model_end_job(model, pct_model_info_copy(training->info));
  g_autoptr(PctProject) project = g_weak_ref_get(&training->project);
  if (!keeps && project)
    pct_project_remove_model(project, model);
  // The list of finished jobs must not keep a whole recording.
  g_clear_pointer(&training->opened, pct_opened_unref);
  g_clear_pointer(&training->responses, g_free);
  g_clear_pointer(&training->source, pct_kept_unref);
}

static void
progressed(PctJob *job)
{
  pct_meis_update(((Training *)pct_job_get_data(job))->meis);
}

static Training *
training_new(PctProject *self, PctKind *kind, const PctOptionValues *options, guint64 seed,
             const PctTrainingSources *sources, PctModel *resume, GError **error)
{
  PctOpened *opened = pct_project_get_opened(self);
  if (!pct_workspace_folder_prepare(opened->workspace, error))
    return NULL;
  g_autofree char *folder = resume ? g_strdup(pct_model_get_folder(resume))
                                   : pct_workspace_folder_new_model(opened->workspace, pct_kind_get_about(kind), error);
  if (!folder)
    return NULL;
  Training *training = g_new0(Training, 1);
  training->opened = pct_opened_ref(opened);
  g_weak_ref_init(&training->project, self);
  training->resume = resume != NULL;
  if (resume) {
    training->info = pct_model_info_copy(pct_model_get_info(resume));
    training->model = g_object_ref(resume);
  } else {
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    PctModelInfo *info = pct_model_info_new(pct_kind_get_about(kind));
    info->name = g_path_get_basename(folder);
    info->fingerprint = g_strdup(pct_project_get_fingerprint(self));
    info->recording_name = g_strdup(pct_project_get_name(self));
    info->trials = g_strdup(pct_project_get_trials(self));
    info->created = g_date_time_format_iso8601(now);
    info->seed = seed;
    pct_option_values_free(info->options);
    info->options = pct_option_values_copy(options);
    info->encoder = sources->encoder ? g_strdup(pct_model_get_name(sources->encoder)) : NULL;
    info->meis = sources->meis ? g_strdup(pct_model_get_name(sources->meis)) : NULL;
    info->photographs = g_strdup(sources->photographs);
    training->info = info;
    PctModelFrame frame = pct_project_get_frame(self);
    training->model = pct_model_new(folder, FALSE, kind, pct_model_info_copy(info), NULL, &frame);
  }
  PctModel *model = training->model;
  training->decoder = pct_model_get_decoder(model) ? pct_kept_ref(pct_model_get_decoder(model)) : NULL;
  training->encoder = pct_model_get_encoder(model) ? pct_kept_ref(pct_model_get_encoder(model)) : NULL;
  training->meis = pct_model_get_meis(model) ? g_object_ref(pct_model_get_meis(model)) : NULL;
  training->source = sources->encoder ? pct_kept_ref(pct_model_get_encoder(sources->encoder)) : NULL;
  training->source_meis = sources->meis ? g_strdup(pct_meis_get_path(pct_model_get_meis(sources->meis))) : NULL;
  training->folder = g_steal_pointer(&folder);
  if (training->decoder)
    choose_held_out(training);
  return training;
}

// A resumed run's curves begin with what is on disk.
static void
continue_curves(PctJob *job, const char *folder)
{
  g_autofree char *path = g_build_filename(folder, "curves.csv", NULL);
  g_autoptr(PctCurves) before = pct_curves_new_from_csv(path, NULL);
  if (before)
    pct_curves_add(pct_job_get_curves(job), before);
}

PctJob *
pct_project_train(PctProject *self, PctKind *kind, const PctOptionValues *options, guint64 seed, PctModel *resume,
                  GError **error)
{
  return pct_project_train_with(self, kind, options, seed, NULL, resume, error);
}

PctJob *
pct_project_train_with(PctProject *self, PctKind *kind, const PctOptionValues *options, guint64 seed,
                       const PctTrainingSources *sources, PctModel *resume, GError **error)
{
  g_return_val_if_fail(PCT_IS_PROJECT(self) && PCT_IS_KIND(kind), NULL);
  g_return_val_if_fail(!options || options->table == pct_kind_get_options(kind), NULL);
  if (resume && (pct_model_get_state(resume) != PCT_MODEL_UNFINISHED || pct_model_get_kind(resume) != kind)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("The model “%s” is not one that could be resumed."),
                pct_model_get_name(resume));
    return NULL;
  }
  if (resume && !pct_model_info_check_trials(pct_model_get_info(resume), pct_project_get_trials(self), error))
    return NULL;
  g_autoptr(PctOptionValues) set = resume    ? pct_option_values_copy(pct_model_get_options(resume))
                                   : options ? pct_option_values_copy(options)
                                             : pct_option_values_new(pct_kind_get_options(kind));
  PctModelNeeds needs = pct_kind_get_needs(kind, set);
  g_return_val_if_fail(!sources || !sources->encoder || (needs & PCT_NEEDS_ENCODER), NULL);
  g_return_val_if_fail(!sources || !sources->meis || (needs & PCT_NEEDS_MEIS), NULL);
  g_return_val_if_fail(!sources || !sources->photographs || pct_kind_uses_photographs(kind, set), NULL);
  PctTrainingSources found;
  if (!pct_training_sources_find(&found, self, kind, needs, sources, resume, error))
    return NULL;
  Training *training = training_new(self, kind, set, seed, &found, resume, error);
  if (!training)
    return NULL;
  g_autofree char *title = g_strdup_printf(_("Training %s"), pct_model_get_name(training->model));
  PctJob *job = pct_job_new(title, train_in_thread, training, training_free);
  pct_job_keep_history(job);
  if (resume)
    continue_curves(job, training->folder);
  pct_model_set_job(training->model, job);
  if (!resume)
    pct_project_add_model(self, training->model);
  if (training->meis)
    g_signal_connect(job, "notify::progress", G_CALLBACK(progressed), NULL);
  g_signal_connect(job, "finished", G_CALLBACK(finished), NULL);
  pct_lanes_submit(pct_project_get_lanes(self), PCT_LANE_HEAVY, job);
  return job;
}

PctModel *
pct_training_get_model(PctJob *job)
{
  return ((Training *)pct_job_get_data(job))->model;
}

const PctHeldOut *
pct_training_get_held_out(PctJob *job)
{
  return &((Training *)pct_job_get_data(job))->held_out;
}
