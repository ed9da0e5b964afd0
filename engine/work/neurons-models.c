// SPDX-License-Identifier: GPL-3.0-or-later
// Which encoder and MEI set are in use, and what comes of them: both are loaded in the background lane, the encoder is
// scored on the test tier there too. A model that is not in use any more takes its columns with it.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "nn/safetensors.h"
#include "work/neurons-private.h"

// The result of the encoder's job.
typedef struct {
  PctEncoder *encoder;
  PctPredictionScore *score;
} Scored;

static void
scored_free(gpointer data)
{
  Scored *scored = data;
  pct_encoder_unref(scored->encoder);
  pct_prediction_score_free(scored->score);
  g_free(scored);
}

// NULL: it has none (a broken one).
static const PctModelInfo *
get_info_of_role(PctModel *model, PctRole role)
{
  const PctModelInfo *info = pct_model_get_info(model);
  return info && info->kind->role == role ? info : NULL;
}

static gboolean
is_better(PctRole role, const PctModelInfo *info, const PctModelInfo *best)
{
  if (role == PCT_ROLE_MEI_SET)
    return g_strcmp0(info->created, best->created) >= 0;
  // Without a validation tier no encoder is better than another.
  return !(info->validation_correlation < best->validation_correlation);
}

// What a person set if it is still there, else the best. Borrowed from finished.
static PctModel *
choose(GPtrArray *finished, PctRole role, PctModel *set)
{
  PctModel *best = NULL;
  for (guint i = 0; i < finished->len; i++) {
    PctModel *model = g_ptr_array_index(finished, i);
    const PctModelInfo *info = get_info_of_role(model, role);
    if (!info)
      continue;
    if (model == set)
      return model;
    if (!best || is_better(role, info, pct_model_get_info(best)))
      best = model;
  }
  return best;
}

static gboolean
check_fits(const PctOpened *opened, const char *folder, int height, int width, GError **error)
{
  if (height == pct_recording_get_height(opened->recording) && width == pct_recording_get_width(opened->recording))
    return TRUE;
  g_autofree char *name = g_filename_display_basename(folder);
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
              _("“%s” is for images of %d × %d pixels; the recording’s have %d × %d."), name, width, height, pct_recording_get_width(opened->recording),
              pct_recording_get_height(opened->recording));
  return FALSE;
}

static PctEncoder *
load_encoder(const PctNeuronsTask *task, GError **error)
{
  const PctRecording *recording = task->opened->recording;
  int m = pct_recording_get_n_neurons(recording);
  g_autofree char *path = g_build_filename(task->path, "weights.safetensors", NULL);
  g_autoptr(PctTensors) tensors = pct_safetensors_load(path, error);
  g_autoptr(PctEncoder) encoder =
    tensors ? pct_encoder_load(pct_recording_get_height(recording), pct_recording_get_width(recording), tensors, error)
            : NULL;
  if (!encoder || pct_encoder_get_design(encoder)->n_neurons == m)
    return g_steal_pointer(&encoder);
  g_autofree char *name = g_filename_display_basename(task->path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("The encoder “%s” predicts %d neurons; the recording has %d."), name,
              pct_encoder_get_design(encoder)->n_neurons, m);
  return NULL;
}

static gboolean
score_encoder(PctJob *job, const PctRun *run, GError **error)
{
  const PctNeuronsTask *task = pct_job_get_data(job);
  const PctRecording *recording = task->opened->recording;
  g_autoptr(PctEncoder) encoder = load_encoder(task, error);
  if (!encoder)
    return FALSE;
  int n;
  const int *images = pct_recording_get_tier_images(recording, PCT_TIER_TEST, &n);
  gsize pixels = (gsize)pct_recording_get_height(recording) * (gsize)pct_recording_get_width(recording);
  gsize m = (gsize)pct_recording_get_n_neurons(recording);
  g_autofree float *pictures = g_try_new(float, MAX(1, (gsize)n * pixels));
  g_autofree float *predictions = g_try_new(float, MAX(1, (gsize)n * m));
  if (!pictures || !predictions) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for %d images and %zu neurons."), n,
                m);
    return FALSE;
  }
  pct_recording_read_images(recording, images, n, pictures);
  if (n > 0 && !pct_encoder_predict(encoder, pictures, (gsize)n, predictions, run, error))
    return FALSE;
  PctPredictionScore *score = pct_prediction_score_new(recording, PCT_TIER_TEST, predictions, run, error);
  if (!score)
    return FALSE;
  Scored *scored = g_new(Scored, 1);
  *scored = (Scored){ g_steal_pointer(&encoder), score };
  pct_job_set_result(job, scored, scored_free);
  return TRUE;
}

static void
encoder_answered(PctNeurons *self, PctJob *job)
{
  Scored *scored = pct_job_steal_result(job);
  if (scored) {
    pct_neurons_set_sources(self, scored->encoder, self->sources->meis, self->sources->fields);
    pct_neuron_facts_of_score(scored->score, self->columns);
    scored_free(scored);
    pct_neurons_emit_changed(self, PCT_COLUMNS_OF_ENCODER);
  }
  pct_neurons_notify(self, PCT_NEURONS_PROP_PROBLEM);
}

static gboolean
load_meis(PctJob *job, const PctRun *run, GError **error)
{
  const PctNeuronsTask *task = pct_job_get_data(job);
  g_autofree char *path = g_build_filename(task->path, "meis.npz", NULL);
  g_autoptr(PctMeiSet) set = pct_mei_set_load(path, error);
  if (!set || !check_fits(task->opened, task->path, set->height, set->width, error))
    return FALSE;
  pct_job_set_result(job,
                     pct_neuron_meis_new(g_steal_pointer(&set), pct_recording_get_n_neurons(task->opened->recording)),
                     (GDestroyNotify)pct_neuron_meis_unref);
  return TRUE;
}

static void
meis_answered(PctNeurons *self, PctJob *job)
{
  PctNeuronMeis *meis = pct_job_get_result(job);
  if (meis) {
    pct_neurons_set_sources(self, self->sources->encoder, meis, self->sources->fields);
    pct_neuron_facts_of_meis(meis, pct_neurons_get_n(self), self->columns);
    pct_neurons_emit_changed(self, PCT_COLUMNS_OF_MEIS);
    pct_neurons_emit_meis_changed(self);
  }
  pct_neurons_notify(self, PCT_NEURONS_PROP_PROBLEM);
}

static void
use_encoder(PctNeurons *self, PctModel *encoder)
{
  if (self->encoder == encoder)
    return;
  gboolean had = self->sources->encoder != NULL;
  pct_neurons_stop(self, PCT_NEURONS_ENCODER);
  g_clear_pointer(&self->problems[PCT_NEURONS_ENCODER], g_free);
  pct_neurons_set_sources(self, NULL, self->sources->meis, self->sources->fields);
  pct_neuron_facts_forget(PCT_COLUMNS_OF_ENCODER, self->columns);
  g_set_object(&self->encoder, encoder);
  if (had)
    pct_neurons_emit_changed(self, PCT_COLUMNS_OF_ENCODER);
  pct_neurons_notify(self, PCT_NEURONS_PROP_ENCODER);
  pct_neurons_notify(self, PCT_NEURONS_PROP_PROBLEM);
}

static void
use_mei_set(PctNeurons *self, PctModel *mei_set)
{
  if (self->mei_set == mei_set)
    return;
  gboolean had = self->sources->meis != NULL;
  pct_neurons_stop(self, PCT_NEURONS_MEIS);
  g_clear_pointer(&self->problems[PCT_NEURONS_MEIS], g_free);
  pct_neurons_set_sources(self, self->sources->encoder, NULL, self->sources->fields);
  pct_neuron_facts_forget(PCT_COLUMNS_OF_MEIS, self->columns);
  g_set_object(&self->mei_set, mei_set);
  if (had) {
    pct_neurons_emit_changed(self, PCT_COLUMNS_OF_MEIS);
    pct_neurons_emit_meis_changed(self);
  }
  pct_neurons_notify(self, PCT_NEURONS_PROP_MEI_SET);
  pct_neurons_notify(self, PCT_NEURONS_PROP_PROBLEM);
}

// Whether this one is wanted, not there, not under way, and has not failed.
static gboolean
is_missing(PctNeurons *self, PctModel *model, gboolean there, PctNeuronsPurpose purpose)
{
  return self->active && model && !there && !self->jobs[purpose] && !self->problems[purpose];
}

static void
forget_if_gone(GPtrArray *finished, PctModel **set)
{
  if (*set && !g_ptr_array_find(finished, *set, NULL))
    g_clear_object(set);
}

void
pct_neurons_choose_models(PctNeurons *self)
{
  // Handlers of what is told here may let go of the object.
  g_autoptr(PctNeurons) kept = g_object_ref(self);
  g_autoptr(GPtrArray) finished = pct_model_watch_dup_finished(self->watch);
  forget_if_gone(finished, &self->set_encoder);
  forget_if_gone(finished, &self->set_mei_set);
  use_encoder(self, choose(finished, PCT_ROLE_ENCODER, self->set_encoder));
  use_mei_set(self, choose(finished, PCT_ROLE_MEI_SET, self->set_mei_set));
  if (is_missing(self, self->encoder, self->sources->encoder != NULL, PCT_NEURONS_ENCODER)) {
    g_autofree char *title = g_strdup_printf(_("Scoring: %s"), pct_model_get_name(self->encoder));
    g_object_unref(pct_neurons_start(self, PCT_NEURONS_ENCODER, PCT_LANE_BACKGROUND, title, score_encoder,
                                     pct_model_get_folder(self->encoder), encoder_answered));
  }
  if (is_missing(self, self->mei_set, self->sources->meis != NULL, PCT_NEURONS_MEIS))
    // A person waits for the pictures.
    g_object_unref(pct_neurons_start(self, PCT_NEURONS_MEIS, PCT_LANE_OPENING, _("Reading most exciting inputs"),
                                     load_meis, pct_model_get_folder(self->mei_set), meis_answered));
}

PctModel *
pct_neurons_get_encoder(PctNeurons *self)
{
  return self->encoder;
}

void
pct_neurons_set_encoder(PctNeurons *self, PctModel *encoder)
{
  g_return_if_fail(!encoder || PCT_IS_MODEL(encoder));
  g_set_object(&self->set_encoder, encoder);
  pct_neurons_choose_models(self);
}

PctModel *
pct_neurons_get_mei_set(PctNeurons *self)
{
  return self->mei_set;
}

void
pct_neurons_set_mei_set(PctNeurons *self, PctModel *mei_set)
{
  g_return_if_fail(!mei_set || PCT_IS_MODEL(mei_set));
  g_set_object(&self->set_mei_set, mei_set);
  pct_neurons_choose_models(self);
}

const char *
pct_neurons_get_problem(PctNeurons *self)
{
  const char *of_encoder = self->problems[PCT_NEURONS_ENCODER];
  return of_encoder ? of_encoder : self->problems[PCT_NEURONS_MEIS];
}

PctPicture *
pct_neurons_dup_mei(PctNeurons *self, int neuron)
{
  g_return_val_if_fail(neuron >= 0 && neuron < pct_neurons_get_n(self), NULL);
  const PctNeuronMeis *meis = self->sources->meis;
  int row = pct_neuron_meis_find(meis, neuron);
  if (row < 0)
    return NULL;
  gsize pixels = (gsize)meis->set->height * (gsize)meis->set->width;
  return pct_picture_new(meis->set->height, meis->set->width, meis->set->images + (gsize)row * pixels);
}

int
pct_neurons_get_n_meis(PctNeurons *self)
{
  int n = 0;
  for (int i = 0; i < pct_neurons_get_n(self); i++)
    n += pct_neuron_meis_find(self->sources->meis, i) >= 0;
  return n;
}
