// SPDX-License-Identifier: GPL-3.0-or-later
// Which encoder and MEI set are in use, and what comes of them: the encoder is scored on the test tier in the
// background lane, the set is read or fills on its own (work/meis.h). A model that is not in use any more takes its
// columns with it.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include "base/error.h"
#include "work/neurons-private.h"

// Milliseconds between two tellings of MEIs: a page that lays out thousands of pictures has better to do.
#define MEIS_PAUSE 250

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

static gboolean
score_encoder(PctJob *job, const PctRun *run, GError **error)
{
  const PctNeuronsTask *task = pct_job_get_data(job);
  const PctRecording *recording = task->opened->recording;
  g_autoptr(PctEncoder) encoder = pct_model_encoder_get(task->encoder, error);
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
tell_meis(PctNeurons *self)
{
  self->meis_untold = FALSE;
  pct_neuron_facts_of_meis(self->sources->meis, pct_neurons_get_n(self), self->columns);
  pct_neurons_emit_changed(self, PCT_COLUMNS_OF_MEIS);
  pct_neurons_emit_meis_changed(self);
}

static gboolean
pause_is_over(gpointer data)
{
  PctNeurons *self = data;
  if (!self->meis_untold) {
    self->meis_source = 0;
    return G_SOURCE_REMOVE;
  }
  tell_meis(self);
  return G_SOURCE_CONTINUE;
}

static void
meis_changed(PctMeis *meis, GArray *rows, PctNeurons *self)
{
  self->meis_untold = TRUE;
  if (self->meis_source)
    return;
  self->meis_source = g_timeout_add(MEIS_PAUSE, pause_is_over, self);
  tell_meis(self);
}

static void
meis_failed(PctMeis *meis, GParamSpec *pspec, PctNeurons *self)
{
  pct_neurons_notify(self, PCT_NEURONS_PROP_PROBLEM);
}

static void
forget_meis(PctNeurons *self)
{
  g_clear_handle_id(&self->meis_source, g_source_remove);
  self->meis_untold = FALSE;
  if (self->sources->meis)
    g_signal_handlers_disconnect_by_data(self->sources->meis, self);
}

static void
use_mei_set(PctNeurons *self, PctModel *mei_set)
{
  if (self->mei_set == mei_set)
    return;
  forget_meis(self);
  PctMeis *meis = mei_set ? pct_model_get_meis(mei_set) : NULL;
  gboolean had = self->columns[PCT_COLUMN_MEI_RESPONSE] != NULL;
  pct_neurons_set_sources(self, self->sources->encoder, meis, self->sources->fields);
  pct_neuron_facts_forget(PCT_COLUMNS_OF_MEIS, self->columns);
  g_set_object(&self->mei_set, mei_set);
  if (meis) {
    g_signal_connect(meis, "changed", G_CALLBACK(meis_changed), self);
    g_signal_connect(meis, "notify::problem", G_CALLBACK(meis_failed), self);
  }
  gboolean has = meis && pct_meis_get_n_ready(meis) > 0;
  if (has)
    pct_neuron_facts_of_meis(meis, pct_neurons_get_n(self), self->columns);
  if (had || has) {
    pct_neurons_emit_changed(self, PCT_COLUMNS_OF_MEIS);
    pct_neurons_emit_meis_changed(self);
  }
  pct_neurons_notify(self, PCT_NEURONS_PROP_MEI_SET);
  pct_neurons_notify(self, PCT_NEURONS_PROP_PROBLEM);
}

// What a person set, if it is still there and can be used. Borrowed.
static PctModel *
get_set(PctNeurons *self, PctModel **set, PctRole role)
{
  if (*set && (!g_ptr_array_find(self->watched, *set, NULL) || pct_model_get_state(*set) == PCT_MODEL_BROKEN))
    g_clear_object(set);
  gboolean usable = *set && pct_model_get_role(*set) == role &&
                    (role == PCT_ROLE_MEI_SET || pct_model_get_state(*set) == PCT_MODEL_FINISHED);
  return usable ? *set : NULL;
}

// The newest set that is not finished. Borrowed.
static PctModel *
find_filling(PctNeurons *self)
{
  PctModel *newest = NULL;
  for (guint i = 0; i < self->watched->len; i++) {
    PctModel *model = g_ptr_array_index(self->watched, i);
    if (pct_model_get_role(model) == PCT_ROLE_MEI_SET && pct_model_get_state(model) != PCT_MODEL_BROKEN &&
        (!newest || g_strcmp0(pct_model_get_created(model), pct_model_get_created(newest)) >= 0))
      newest = model;
  }
  return newest;
}

void
pct_neurons_choose_models(PctNeurons *self)
{
  // Handlers of what is told here may let go of the object.
  g_autoptr(PctNeurons) kept = g_object_ref(self);
  PctModel *encoder = get_set(self, &self->set_encoder, PCT_ROLE_ENCODER);
  PctModel *mei_set = get_set(self, &self->set_mei_set, PCT_ROLE_MEI_SET);
  if (!mei_set)
    mei_set = pct_project_find_newest_meis(self->project);
  use_encoder(self, encoder ? encoder : pct_project_find_best_encoder(self->project));
  use_mei_set(self, mei_set ? mei_set : find_filling(self));
  if (!self->active)
    return;
  if (self->encoder && !self->sources->encoder && !self->jobs[PCT_NEURONS_ENCODER] &&
      !self->problems[PCT_NEURONS_ENCODER]) {
    g_autofree char *title = g_strdup_printf(_("Scoring: %s"), pct_model_get_name(self->encoder));
    g_object_unref(pct_neurons_start(self, PCT_NEURONS_ENCODER, PCT_LANE_BACKGROUND, title, score_encoder, NULL,
                                     pct_model_get_encoder(self->encoder), encoder_answered));
  }
  // A set under way brings its own rows.
  if (self->mei_set && pct_model_get_state(self->mei_set) != PCT_MODEL_TRAINING)
    pct_meis_load(self->sources->meis, pct_project_get_lanes(self->project));
}

static void
state_changed(PctModel *model, GParamSpec *pspec, PctNeurons *self)
{
  pct_neurons_choose_models(self);
}

static void
forget_models(PctNeurons *self)
{
  for (guint i = 0; i < self->watched->len; i++)
    g_signal_handlers_disconnect_by_data(g_ptr_array_index(self->watched, i), self);
  g_ptr_array_set_size(self->watched, 0);
}

static void
models_changed(GListModel *models, guint position, guint removed, guint added, PctNeurons *self)
{
  forget_models(self);
  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    PctModel *model = g_list_model_get_item(models, i);
    g_signal_connect(model, "notify::state", G_CALLBACK(state_changed), self);
    g_ptr_array_add(self->watched, model);
  }
  pct_neurons_choose_models(self);
}

void
pct_neurons_watch_models(PctNeurons *self)
{
  GListModel *models = pct_project_get_models(self->project);
  self->watched = g_ptr_array_new_with_free_func(g_object_unref);
  g_signal_connect(models, "items-changed", G_CALLBACK(models_changed), self);
  models_changed(models, 0, 0, 0, self);
}

void
pct_neurons_unwatch_models(PctNeurons *self)
{
  forget_meis(self);
  g_signal_handlers_disconnect_by_data(pct_project_get_models(self->project), self);
  forget_models(self);
  g_clear_pointer(&self->watched, g_ptr_array_unref);
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
  return of_encoder || !self->sources->meis ? of_encoder : pct_meis_get_problem(self->sources->meis);
}

PctPicture *
pct_neurons_dup_mei(PctNeurons *self, int neuron)
{
  g_return_val_if_fail(neuron >= 0 && neuron < pct_neurons_get_n(self), NULL);
  int row = pct_neuron_sources_find_mei(self->sources, neuron);
  return row >= 0 ? pct_meis_dup_picture(self->sources->meis, row) : NULL;
}

int
pct_neurons_get_n_meis(PctNeurons *self)
{
  return self->sources->meis ? pct_meis_get_n_ready(self->sources->meis) : 0;
}
