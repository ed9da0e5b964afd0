// SPDX-License-Identifier: GPL-3.0-or-later
// The main thread's half: what is set, and the last answer. Every change asks for both pictures anew; the other half
// (slide-draw.c) works out what is really new.
#include "config.h"
#include "work/slide.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "work/project-private.h"
#include "work/slide-draw.h"

struct _PctSlide {
  GObject parent_instance;
  PctProject *project;
  PctModel *model;
  int image, repeat;
  PctPicture *original;
  PctResponses *base;
  float *responses;      // (M,), NULL: no base
  int n_averaged;        // trials that they are the mean of
  guint64 latent_seed;   // 0: z = 0
  PctSlot *slot;
  PctSlideAnswer *answer;
  PctSlideTangent *tangent;  // of the model, base and z in hand; NULL: none
  char *problem;
};

G_DEFINE_FINAL_TYPE(PctSlide, pct_slide, G_TYPE_OBJECT)

enum { PROP_MODEL = 1, PROP_IMAGE, PROP_ORIGINAL, PROP_RECONSTRUCTION, PROP_BASELINE, PROP_N_LATENT,
       PROP_LATENT, PROP_BUSY, PROP_PROBLEM, N_PROPS };
static GParamSpec *props[N_PROPS];
static guint responses_changed_signal;

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PctSlide *self = PCT_SLIDE(object);
  switch (id) {
    case PROP_MODEL: g_value_set_object(value, self->model); break;
    case PROP_IMAGE: g_value_set_int(value, self->image); break;
    case PROP_ORIGINAL: g_value_set_boxed(value, self->original); break;
    case PROP_RECONSTRUCTION: g_value_set_boxed(value, pct_slide_get_reconstruction(self)); break;
    case PROP_BASELINE: g_value_set_boxed(value, pct_slide_get_baseline(self)); break;
    case PROP_N_LATENT: g_value_set_int(value, pct_slide_get_n_latent(self)); break;
    case PROP_LATENT: g_value_set_uint64(value, self->latent_seed); break;
    case PROP_BUSY: g_value_set_boolean(value, pct_slide_is_busy(self)); break;
    case PROP_PROBLEM: g_value_set_string(value, self->problem); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
dispose(GObject *object)
{
  PctSlide *self = PCT_SLIDE(object);
  g_clear_pointer(&self->slot, pct_slot_close);
  G_OBJECT_CLASS(pct_slide_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  PctSlide *self = PCT_SLIDE(object);
  pct_picture_unref(self->original);
  pct_responses_unref(self->base);
  g_free(self->responses);
  g_clear_pointer(&self->answer, pct_slide_answer_free);
  g_clear_pointer(&self->tangent, pct_slide_tangent_free);
  g_free(self->problem);
  g_clear_object(&self->model);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_slide_parent_class)->finalize(object);
}

static void
pct_slide_class_init(PctSlideClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  props[PROP_MODEL] = g_param_spec_object("model", NULL, NULL, PCT_TYPE_MODEL, flags);
  props[PROP_IMAGE] = g_param_spec_int("image", NULL, NULL, -1, G_MAXINT, -1, flags);
  props[PROP_ORIGINAL] = g_param_spec_boxed("original", NULL, NULL, PCT_TYPE_PICTURE, flags);
  props[PROP_RECONSTRUCTION] = g_param_spec_boxed("reconstruction", NULL, NULL, PCT_TYPE_PICTURE, flags);
  props[PROP_BASELINE] = g_param_spec_boxed("baseline", NULL, NULL, PCT_TYPE_PICTURE, flags);
  props[PROP_N_LATENT] = g_param_spec_int("n-latent", NULL, NULL, 0, G_MAXINT, 0, flags);
  props[PROP_LATENT] = g_param_spec_uint64("latent", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  props[PROP_BUSY] = g_param_spec_boolean("busy", NULL, NULL, FALSE, flags);
  props[PROP_PROBLEM] = g_param_spec_string("problem", NULL, NULL, NULL, flags);
  g_object_class_install_properties(object_class, N_PROPS, props);
  responses_changed_signal = g_signal_new("responses-changed", PCT_TYPE_SLIDE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
}

static void
pct_slide_init(PctSlide *self)
{
  self->image = -1;
  self->repeat = PCT_MEAN_OF_REPEATS;
}

static void
set_problem(PctSlide *self, const char *problem)
{
  if (g_strcmp0(self->problem, problem) == 0)
    return;
  g_free(self->problem);
  self->problem = g_strdup(problem);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_PROBLEM]);
}

// answer: taken; NULL: nothing is drawn.
static void
show(PctSlide *self, PctSlideAnswer *answer)
{
  GObject *object = G_OBJECT(self);
  g_object_freeze_notify(object);
  PctPicture *old = pct_slide_get_reconstruction(self), *old_baseline = pct_slide_get_baseline(self);
  if (pct_slide_get_n_latent(self) != (answer ? answer->n_latent : 0))
    g_object_notify_by_pspec(object, props[PROP_N_LATENT]);
  if (old != (answer ? answer->reconstruction : NULL))
    g_object_notify_by_pspec(object, props[PROP_RECONSTRUCTION]);
  if (old_baseline != (answer ? answer->baseline : NULL))
    g_object_notify_by_pspec(object, props[PROP_BASELINE]);
  g_object_notify_by_pspec(object, props[PROP_BUSY]);
  PctSlideAnswer *before = self->answer;
  self->answer = answer;
  g_object_thaw_notify(object);
  if (before)
    pct_slide_answer_free(before);
}

// What is to be expected of the responses as set, until the picture itself comes.
static void
show_expected(PctSlide *self)
{
  PctPicture *expected = self->tangent ? pct_slide_tangent_extend(self->tangent, self->responses) : NULL;
  if (!expected || !self->answer)
    return;
  PctSlideAnswer *answer = g_new0(PctSlideAnswer, 1);
  answer->reconstruction = expected;
  answer->baseline = pct_picture_ref(self->answer->baseline);
  answer->score = pct_picture_score(expected, self->original);
  answer->baseline_score = self->answer->baseline_score;
  answer->n_latent = self->answer->n_latent;
  show(self, answer);
}

static void
drawn(gpointer owner, gpointer data)
{
  PctSlide *self = owner;
  PctSlideAnswer *answer = data, *kept = g_new(PctSlideAnswer, 1);
  *kept = *answer;
  memset(answer, 0, sizeof *answer);
  g_clear_pointer(&self->tangent, pct_slide_tangent_free);
  self->tangent = g_steal_pointer(&kept->tangent);
  g_autofree char *problem = g_strdup(kept->problem);
  show(self, kept);
  set_problem(self, problem);
  // A hand that went on must not see its picture jump back.
  if (pct_slot_is_busy(self->slot))
    show_expected(self);
}

static const PctSlotClass slot_class = { pct_slide_draw, drawn, pct_slide_request_free, pct_slide_answer_free,
                                         .supersede = FALSE, .rank = 0 };

PctSlide *
pct_slide_new(PctProject *project)
{
  g_return_val_if_fail(PCT_IS_PROJECT(project), NULL);
  PctSlide *self = g_object_new(PCT_TYPE_SLIDE, NULL);
  self->project = g_object_ref(project);
  PctLanes *lanes = pct_project_get_lanes(project);
  self->slot = pct_slot_new(lanes, &slot_class, self, pct_slide_drawing_new(), pct_slide_drawing_free);
  return self;
}

PctProject *
pct_slide_get_project(PctSlide *self)
{
  return self->project;
}

static PctSlideRequest *
request_new(PctSlide *self)
{
  PctSlideRequest *request = g_new(PctSlideRequest, 1);
  *request = (PctSlideRequest){
    pct_kept_ref(pct_model_get_decoder(self->model)), pct_responses_ref(self->base),
    g_memdup2(self->responses, (gsize)pct_responses_get_n_neurons(self->base) * sizeof(float)),
    self->n_averaged, pct_picture_ref(self->original), self->latent_seed,
  };
  return request;
}

static gboolean
can_draw(PctSlide *self)
{
  return self->model && self->responses && pct_model_get_state(self->model) == PCT_MODEL_FINISHED;
}

PctSlideRequest *
pct_slide_dup_request(PctSlide *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE(self), NULL);
  return can_draw(self) ? request_new(self) : NULL;
}

static void
redraw(PctSlide *self)
{
  if (can_draw(self)) {
    show_expected(self);
    pct_slot_request(self->slot, request_new(self));
    g_object_notify_by_pspec(G_OBJECT(self), props[PROP_BUSY]);
    return;
  }
  pct_slot_cancel(self->slot);
  show(self, NULL);
  if (self->model && pct_model_get_state(self->model) == PCT_MODEL_BROKEN)
    set_problem(self, pct_model_get_problem(self->model));
  else if (self->model && pct_model_get_state(self->model) != PCT_MODEL_FINISHED)
    set_problem(self, _("This model is not trained to the end yet."));
  else
    set_problem(self, self->image >= 0 && !self->responses ? _("No trial showed this image.") : NULL);
}

static void
changed(PctSlide *self)
{
  g_signal_emit(self, responses_changed_signal, 0);
  redraw(self);
}

static void
model_changed(PctSlide *self)
{
  redraw(self);
}

void
pct_slide_set_model(PctSlide *self, PctModel *model)
{
  g_return_if_fail(PCT_IS_SLIDE(self));
  if (self->model == model)
    return;
  if (self->model)
    g_signal_handlers_disconnect_by_data(self->model, self);
  g_set_object(&self->model, model);
  if (model)
    g_signal_connect_object(model, "notify::state", G_CALLBACK(model_changed), self, G_CONNECT_SWAPPED);
  pct_slot_cancel(self->slot);
  g_clear_pointer(&self->tangent, pct_slide_tangent_free);
  redraw(self);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_MODEL]);
}

PctModel *
pct_slide_get_model(PctSlide *self)
{
  return self->model;
}

// original and base: taken; NULL: none.
static void
start_from(PctSlide *self, int image, int repeat, PctPicture *original, PctResponses *base)
{
  g_clear_pointer(&self->tangent, pct_slide_tangent_free);
  self->image = image;
  self->repeat = repeat;
  pct_slot_cancel(self->slot);
  g_clear_pointer(&self->original, pct_picture_unref);
  g_clear_pointer(&self->base, pct_responses_unref);
  g_clear_pointer(&self->responses, g_free);
  self->original = original;
  self->base = base;
  self->n_averaged = base ? pct_responses_get_n_averaged(base) : 0;
  if (self->base)
    self->responses = g_memdup2(pct_responses_get_values(self->base),
                                (gsize)pct_responses_get_n_neurons(self->base) * sizeof(float));
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_IMAGE]);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_ORIGINAL]);
  changed(self);
}

void
pct_slide_set_base(PctSlide *self, int image, int repeat)
{
  g_return_if_fail(PCT_IS_SLIDE(self) && image >= -1 && image < pct_project_get_n_images(self->project));
  start_from(self, image, repeat, image >= 0 ? pct_project_dup_picture(self->project, image) : NULL,
             image >= 0 ? pct_project_dup_responses(self->project, image, repeat) : NULL);
}

void
pct_slide_set_shown(PctSlide *self, PctPicture *original, PctResponses *responses)
{
  g_return_if_fail(PCT_IS_SLIDE(self) && original && responses);
  g_return_if_fail(pct_responses_get_n_neurons(responses) == pct_project_get_n_neurons(self->project));
  start_from(self, -1, PCT_MEAN_OF_REPEATS, pct_picture_ref(original), pct_responses_ref(responses));
}

int
pct_slide_get_image(PctSlide *self)
{
  return self->image;
}

int
pct_slide_get_repeat(PctSlide *self)
{
  return self->repeat;
}

int
pct_slide_get_n_recorded(PctSlide *self)
{
  return self->base ? pct_responses_get_n_averaged(self->base) : 0;
}

int
pct_slide_get_n_averaged(PctSlide *self)
{
  return self->n_averaged;
}

float
pct_slide_get_response(PctSlide *self, int neuron)
{
  g_return_val_if_fail(neuron >= 0 && neuron < pct_project_get_n_neurons(self->project), 0);
  return self->responses ? self->responses[neuron] : 0;
}

float
pct_slide_get_recorded(PctSlide *self, int neuron)
{
  g_return_val_if_fail(neuron >= 0 && neuron < pct_project_get_n_neurons(self->project), 0);
  return self->base ? pct_responses_get_values(self->base)[neuron] : 0;
}

const float *
pct_slide_get_responses(PctSlide *self)
{
  return self->responses;
}

const float *
pct_slide_get_recorded_responses(PctSlide *self)
{
  return self->base ? pct_responses_get_values(self->base) : NULL;
}

void
pct_slide_set_response(PctSlide *self, int neuron, float value)
{
  pct_slide_set_responses(self, &neuron, &value, 1);
}

void
pct_slide_set_responses(PctSlide *self, const int *neurons, const float *values, guint n)
{
  g_return_if_fail(PCT_IS_SLIDE(self));
  if (!self->responses)
    return;
  gboolean differs = FALSE;
  for (guint i = 0; i < n; i++) {
    g_return_if_fail(neurons[i] >= 0 && neurons[i] < pct_project_get_n_neurons(self->project));
    differs |= self->responses[neurons[i]] != values[i];
    self->responses[neurons[i]] = values[i];
  }
  if (differs)
    changed(self);
}

void
pct_slide_set_all(PctSlide *self, const float *values, int n_averaged)
{
  g_return_if_fail(PCT_IS_SLIDE(self) && n_averaged >= 0);
  if (!self->base)
    return;
  gsize size = (gsize)pct_responses_get_n_neurons(self->base) * sizeof(float);
  int wanted = n_averaged > 0 ? n_averaged : pct_responses_get_n_averaged(self->base);
  if (wanted == self->n_averaged && memcmp(self->responses, values, size) == 0)
    return;
  self->n_averaged = wanted;
  memmove(self->responses, values, size);
  changed(self);
}

gboolean
pct_slide_is_changed(PctSlide *self)
{
  return self->base &&
         (self->n_averaged != pct_responses_get_n_averaged(self->base) ||
          memcmp(self->responses, pct_responses_get_values(self->base),
                 (gsize)pct_responses_get_n_neurons(self->base) * sizeof(float)) != 0);
}

int
pct_slide_get_n_latent(PctSlide *self)
{
  return self->answer ? self->answer->n_latent : 0;
}

guint64
pct_slide_get_latent_seed(PctSlide *self)
{
  return self->latent_seed;
}

static void
set_latent_seed(PctSlide *self, guint64 seed)
{
  if (self->latent_seed == seed)
    return;
  self->latent_seed = seed;
  g_clear_pointer(&self->tangent, pct_slide_tangent_free);
  redraw(self);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_LATENT]);
}

void
pct_slide_draw_latent(PctSlide *self, guint64 seed)
{
  // 0 is the mark of the zero z.
  set_latent_seed(self, seed ? seed : G_MAXUINT64);
}

void
pct_slide_zero_latent(PctSlide *self)
{
  set_latent_seed(self, 0);
}

gboolean
pct_slide_is_latent_zero(PctSlide *self)
{
  return self->latent_seed == 0;
}

PctPicture *
pct_slide_get_original(PctSlide *self)
{
  return self->original;
}

PctPicture *
pct_slide_get_reconstruction(PctSlide *self)
{
  return self->answer ? self->answer->reconstruction : NULL;
}

PctPicture *
pct_slide_get_baseline(PctSlide *self)
{
  return self->answer ? self->answer->baseline : NULL;
}

PctPictureScore
pct_slide_get_score(PctSlide *self)
{
  return self->answer ? self->answer->score : PCT_PICTURE_SCORE_UNKNOWN;
}

PctPictureScore
pct_slide_get_baseline_score(PctSlide *self)
{
  return self->answer ? self->answer->baseline_score : PCT_PICTURE_SCORE_UNKNOWN;
}

gboolean
pct_slide_is_busy(PctSlide *self)
{
  return self->slot && pct_slot_is_busy(self->slot);
}

const char *
pct_slide_get_problem(PctSlide *self)
{
  return self->problem;
}
