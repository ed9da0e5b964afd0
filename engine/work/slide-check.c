// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/slide-check.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include "measure/response-space.h"
#include "work/model-watch.h"
#include "work/project-private.h"
#include "work/slot.h"

#define N_COMPONENTS 20
// Milliseconds after the last picture: an encoder is not asked while a hand moves.
#define REST 60

typedef struct {
  PctModelEncoder *encoder;
  PctPicture *before, *after;
  int neuron;
} Request;

typedef struct {
  int neuron;
  double before, after;
} Answer;

struct _PctSlideCheck {
  GObject parent_instance;
  PctProject *project;
  PctSlide *slide;
  PctSlot *slot;
  PctModelWatch *watch;
  guint rest;         // until the encoder is asked; 0: it is not going to be
  int neuron;
  gboolean active;
  PctModel *encoder;  // NULL: none
  gboolean circular;
  Answer answer;      // of neuron -1: none yet
  PctJob *learning;   // the response space; NULL: not begun
  double distance;
};

G_DEFINE_FINAL_TYPE(PctSlideCheck, pct_slide_check, G_TYPE_OBJECT)

static guint changed_signal;

static void
request_free(gpointer data)
{
  Request *request = data;
  pct_kept_unref(request->encoder);
  pct_picture_unref(request->before);
  pct_picture_unref(request->after);
  g_free(request);
}

// The picture as it is seen: within what a screen can show.
static void
copy_clipped(const PctPicture *picture, float *out)
{
  const float *pixels = pct_picture_get_pixels(picture);
  gsize n = (gsize)pct_picture_get_height(picture) * (gsize)pct_picture_get_width(picture);
  for (gsize i = 0; i < n; i++)
    out[i] = CLAMP(pixels[i], 0, 255);
}

static gpointer
work(gpointer state, gpointer data, const PctRun *run)
{
  const Request *request = data;
  g_autoptr(PctEncoder) encoder = pct_model_encoder_get(request->encoder, NULL);
  if (!encoder)
    return NULL;
  gsize m = (gsize)pct_encoder_get_design(encoder)->n_neurons;
  gsize pixels = (gsize)pct_picture_get_height(request->before) * (gsize)pct_picture_get_width(request->before);
  g_autofree float *images = g_new(float, 2 * pixels), *responses = g_new(float, 2 * m);
  copy_clipped(request->before, images);
  copy_clipped(request->after, images + pixels);
  if (!pct_encoder_predict(encoder, images, 2, responses, run, NULL))
    return NULL;
  Answer *answer = g_new(Answer, 1);
  *answer = (Answer){ request->neuron, responses[request->neuron], responses[m + (gsize)request->neuron] };
  return answer;
}

static void
done(gpointer owner, gpointer data)
{
  PctSlideCheck *self = owner;
  self->answer = *(const Answer *)data;
  g_signal_emit(self, changed_signal, 0);
}

static const PctSlotClass slot_class = { work, done, request_free, g_free, .supersede = FALSE, .rank = 2 };

// The encoders behind a model: its own, and that of its most exciting inputs.
static gboolean
is_informed_by(PctSlideCheck *self, PctModel *decoder, PctModel *encoder)
{
  const char *name = pct_model_get_name(encoder), *meis = pct_model_get_meis_name(decoder);
  PctModel *set = meis ? pct_project_find_model(self->project, meis) : NULL;
  return g_strcmp0(pct_model_get_encoder_name(decoder), name) == 0 ||
         (set && g_strcmp0(pct_model_get_encoder_name(set), name) == 0);
}

static gboolean
has_kind_behind(PctSlideCheck *self, PctModel *decoder, PctModel *encoder)
{
  g_autoptr(GPtrArray) models = pct_model_watch_dup_finished(self->watch);
  for (guint i = 0; i < models->len; i++) {
    PctModel *model = g_ptr_array_index(models, i);
    if (pct_model_get_role(model) == PCT_ROLE_ENCODER && is_informed_by(self, decoder, model) &&
        g_strcmp0(pct_model_get_kind_name(model), pct_model_get_kind_name(encoder)) == 0)
      return TRUE;
  }
  return FALSE;
}

// 3: independent and of another kind, 2: independent, 1: circular, 0: cannot be used; of equals the best validated.
static void
choose_encoder(PctSlideCheck *self)
{
  PctModel *decoder = pct_slide_get_model(self->slide), *best = NULL;
  g_autoptr(GPtrArray) models = pct_model_watch_dup_finished(self->watch);
  int best_rank = 0;
  double best_validation = 0;
  for (guint i = 0; decoder && i < models->len; i++) {
    PctModel *model = g_ptr_array_index(models, i);
    if (pct_model_get_role(model) != PCT_ROLE_ENCODER)
      continue;
    double validation = pct_model_get_validation(model);
    int rank = is_informed_by(self, decoder, model) ? 1 : has_kind_behind(self, decoder, model) ? 2 : 3;
    validation = isnan(validation) ? -1 : validation;
    if (rank > best_rank || (rank == best_rank && validation > best_validation)) {
      best = model;
      best_rank = rank;
      best_validation = validation;
    }
  }
  self->circular = best_rank == 1;
  if (g_set_object(&self->encoder, best))
    self->answer.neuron = -1;
}

static gboolean
learn(PctJob *job, const PctRun *run, GError **error)
{
  PctOpened *opened = pct_job_get_data(job);
  PctResponseSpace *space =
    pct_response_space_new(opened->recording, opened->statistics, N_COMPONENTS, run, error);
  if (space)
    pct_job_set_result(job, space, (GDestroyNotify)pct_response_space_unref);
  return space != NULL;
}

static void
measure_distance(PctSlideCheck *self)
{
  const PctResponseSpace *space = self->learning ? pct_job_get_result(self->learning) : NULL;
  const float *responses = pct_slide_get_responses(self->slide);
  self->distance = space && responses ? pct_response_space_get_distance(space, responses) : NAN;
}

static void
learned(PctSlideCheck *self)
{
  measure_distance(self);
  g_signal_emit(self, changed_signal, 0);
}

static gboolean
ask(gpointer data)
{
  PctSlideCheck *self = data;
  self->rest = 0;
  PctPicture *before = pct_slide_get_baseline(self->slide), *after = pct_slide_get_reconstruction(self->slide);
  if (!before || !after)
    return G_SOURCE_REMOVE;
  Request *request = g_new(Request, 1);
  *request = (Request){ pct_kept_ref(pct_model_get_encoder(self->encoder)), pct_picture_ref(before),
                        pct_picture_ref(after), self->neuron };
  pct_slot_request(self->slot, request);
  return G_SOURCE_REMOVE;
}

static void
update(PctSlideCheck *self)
{
  if (!self->active)
    return;
  if (!self->learning) {
    self->learning = pct_job_new(_("What responses are like"), learn, pct_opened_ref(pct_project_get_opened(self->project)),
                                 (GDestroyNotify)pct_opened_unref);
    g_signal_connect_object(self->learning, "finished", G_CALLBACK(learned), self, G_CONNECT_SWAPPED);
    pct_lanes_submit(pct_project_get_lanes(self->project), PCT_LANE_BACKGROUND, self->learning);
  }
  measure_distance(self);
  g_clear_handle_id(&self->rest, g_source_remove);
  pct_slot_cancel(self->slot);
  if (self->encoder && self->neuron >= 0 && pct_slide_get_reconstruction(self->slide))
    self->rest = g_timeout_add(REST, ask, self);
  else
    self->answer.neuron = -1;
  g_signal_emit(self, changed_signal, 0);
}

// Another decoder, or other encoders to choose from.
static void
on_models(gpointer data)
{
  choose_encoder(data);
  update(data);
}

static void
dispose(GObject *object)
{
  PctSlideCheck *self = PCT_SLIDE_CHECK(object);
  g_clear_pointer(&self->slot, pct_slot_close);
  g_clear_handle_id(&self->rest, g_source_remove);
  g_clear_pointer(&self->watch, pct_model_watch_free);
  // A queued job ends while it is being cancelled: whoever is told then may be going too.
  if (self->learning) {
    g_signal_handlers_disconnect_by_data(self->learning, self);
    pct_job_cancel(self->learning);
  }
  g_clear_object(&self->learning);
  g_clear_object(&self->encoder);
  g_clear_object(&self->slide);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_slide_check_parent_class)->dispose(object);
}

static void
pct_slide_check_class_init(PctSlideCheckClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = dispose;
  changed_signal = g_signal_new("changed", PCT_TYPE_SLIDE_CHECK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_slide_check_init(PctSlideCheck *self)
{
  self->neuron = self->answer.neuron = -1;
  self->distance = NAN;
}

PctSlideCheck *
pct_slide_check_new(PctProject *project, PctSlide *slide)
{
  g_return_val_if_fail(PCT_IS_PROJECT(project) && PCT_IS_SLIDE(slide), NULL);
  PctSlideCheck *self = g_object_new(PCT_TYPE_SLIDE_CHECK, NULL);
  self->project = g_object_ref(project);
  self->slide = g_object_ref(slide);
  self->slot = pct_slot_new(pct_project_get_lanes(project), &slot_class, self, NULL, NULL);
  g_signal_connect_object(slide, "notify::reconstruction", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  self->watch = pct_model_watch_new(pct_project_get_models(project), on_models, self);
  g_signal_connect_object(slide, "notify::model", G_CALLBACK(on_models), self, G_CONNECT_SWAPPED);
  choose_encoder(self);
  return self;
}

void
pct_slide_check_set_neuron(PctSlideCheck *self, int neuron)
{
  g_return_if_fail(PCT_IS_SLIDE_CHECK(self) && neuron < pct_project_get_n_neurons(self->project));
  if (self->neuron == neuron)
    return;
  self->neuron = neuron;
  update(self);
}

void
pct_slide_check_set_active(PctSlideCheck *self, gboolean active)
{
  g_return_if_fail(PCT_IS_SLIDE_CHECK(self));
  self->active = active;
  update(self);
}

PctReencoding
pct_slide_check_get_reencoding(PctSlideCheck *self)
{
  PctReencoding said = { .encoder = self->encoder, .circular = self->circular, .before = NAN, .after = NAN };
  if (!self->encoder || self->neuron < 0)
    return said;
  said.change = (double)pct_slide_get_response(self->slide, self->neuron) - pct_slide_get_recorded(self->slide, self->neuron);
  if (self->answer.neuron != self->neuron)
    return said;
  said.known = TRUE;
  said.before = self->answer.before;
  said.after = self->answer.after;
  said.follows = said.change != 0 && (said.after - said.before) / said.change >= PCT_SLIDE_FOLLOWS;
  return said;
}

PctResponseDistance
pct_slide_check_get_distance(PctSlideCheck *self)
{
  const PctResponseSpace *space = self->learning ? pct_job_get_result(self->learning) : NULL;
  if (!space)
    return (PctResponseDistance){ NAN, NAN };
  double typical = pct_response_space_get_typical(space);
  return (PctResponseDistance){ self->distance / typical, pct_response_space_get_far(space) / typical };
}
