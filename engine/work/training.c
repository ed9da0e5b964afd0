// SPDX-License-Identifier: GPL-3.0-or-later
// A training owns all it needs, so that it goes on when its project was closed. The model in the list belongs to the
// main thread; the worker leaves what there is to say of it as the job's result.
#include "config.h"
#include "work/training.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "work/fit-model.h"
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
  g_clear_object(&training->meis);
  g_clear_object(&training->model);
  g_weak_ref_clear(&training->project);
  g_free(training->images);
  g_free(training->originals);
  g_free(training->responses);
  g_free(training);
}

// Test images that were shown as often as each other and more than once, evenly spread; else validation images.
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

// A set that was begun with one encoder does not go on with another.
static gboolean
note_source(const Training *training, PctModelInfo *info, const PctRun *run, GError **error)
{
  g_autofree char *hash = pct_model_encoder_dup_hash(training->source, run, error);
  if (!hash)
    return FALSE;
  if (training->resume && g_strcmp0(info->encoder_hash, hash) != 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” was begun with another encoder than what “%s” is now, and cannot go on with it."), info->name,
                info->encoder);
    return FALSE;
  }
  g_free(info->encoder_hash);
  info->encoder_hash = g_steal_pointer(&hash);
  return TRUE;
}

static gboolean
train(const Training *training, PctModelInfo *info, const PctRun *run, GError **error)
{
  const PctHeldOut *held_out = &training->held_out;
  if (!pct_workspace_folder_describe(training->opened->workspace, training->opened->path, info->fingerprint, error))
    return FALSE;
  PctFit fit = { training->opened->recording, training->opened->statistics, info->options, info->seed, training->folder,
                 training->resume, held_out->n ? training->responses : NULL, held_out->n,
                 held_out->n ? held_out->n_averaged : 1 };
  if (training->meis) {
    g_autoptr(PctEncoder) source = pct_model_encoder_get(training->source, error);
    return source && note_source(training, info, run, error) &&
           pct_fit_meis(training->meis, source, &fit, info, run, error);
  }
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

// The encoder that a model of the kind is made with; borrowed. NULL with an error.
static PctModel *
find_source(PctProject *self, PctKind *kind, PctModel *wanted, PctModel *resume, GError **error)
{
  PctModel *source = resume   ? pct_project_find_model(self, pct_model_get_encoder_name(resume))
                     : wanted ? wanted
                              : pct_project_find_best_encoder(self);
  if (source && pct_model_get_role(source) == PCT_ROLE_ENCODER && pct_model_get_state(source) == PCT_MODEL_FINISHED)
    return source;
  if (resume)
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("The encoder “%s” that “%s” was begun with is not here any more."),
                pct_model_get_encoder_name(resume) ? pct_model_get_encoder_name(resume) : "",
                pct_model_get_name(resume));
  else
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” needs a trained encoder, and there is none yet: train “gaussian” first, here or by "
                  "“percept-cli train gaussian”."),
                pct_kind_get_title(kind));
  return NULL;
}

static Training *
training_new(PctProject *self, PctKind *kind, const PctOptionValues *options, guint64 seed, PctModel *source,
             PctModel *resume, GError **error)
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
    info->created = g_date_time_format_iso8601(now);
    info->seed = seed;
    if (options) {
      pct_option_values_free(info->options);
      info->options = pct_option_values_copy(options);
    }
    info->encoder = source ? g_strdup(pct_model_get_name(source)) : NULL;
    training->info = info;
    PctModelFrame frame = pct_project_get_frame(self);
    training->model = pct_model_new(folder, FALSE, kind, pct_model_info_copy(info), NULL, &frame);
  }
  PctModel *model = training->model;
  training->decoder = pct_model_get_decoder(model) ? pct_kept_ref(pct_model_get_decoder(model)) : NULL;
  training->encoder = pct_model_get_encoder(model) ? pct_kept_ref(pct_model_get_encoder(model)) : NULL;
  training->meis = pct_model_get_meis(model) ? g_object_ref(pct_model_get_meis(model)) : NULL;
  training->source = source ? pct_kept_ref(pct_model_get_encoder(source)) : NULL;
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
  return pct_project_train_with_encoder(self, kind, options, seed, NULL, resume, error);
}

PctJob *
pct_project_train_with_encoder(PctProject *self, PctKind *kind, const PctOptionValues *options, guint64 seed,
                               PctModel *encoder, PctModel *resume, GError **error)
{
  g_return_val_if_fail(PCT_IS_PROJECT(self) && PCT_IS_KIND(kind), NULL);
  g_return_val_if_fail(!options || options->table == pct_kind_get_options(kind), NULL);
  if (resume && (pct_model_get_state(resume) != PCT_MODEL_UNFINISHED || pct_model_get_kind(resume) != kind)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("The model “%s” is not one that could be resumed."),
                pct_model_get_name(resume));
    return NULL;
  }
  PctModel *source = NULL;
  if (pct_kind_needs_encoder(kind) && !(source = find_source(self, kind, encoder, resume, error)))
    return NULL;
  Training *training = training_new(self, kind, options, seed, source, resume, error);
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
