// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/slide-effect.h"
#include <string.h>
#include "decode/neuron-effect.h"
#include "decode/sweep.h"
#include "measure/image-quality.h"
#include "work/project-private.h"
#include "work/slide-draw.h"
#include "work/slot.h"

typedef struct {
  PctSlideRequest *at;
  PctOpened *opened;
  int neuron;
  gboolean companions;
} Request;

typedef struct {
  int neuron;
  float *filter, *pattern;  // (H,W)
  double likeness;
} Answer;

// Milliseconds after the last picture: nothing that a hand waits for.
#define REST 60

// What the lane's thread keeps: pattern and companions do not depend on the responses.
typedef struct {
  int neuron;
  float *pattern, *slopes;  // (H,W); (M,), NULL: not known
} Kept;

struct _PctSlideEffect {
  GObject parent_instance;
  PctProject *project;
  PctSlide *slide;
  PctSlot *slot;
  Answer *answer;  // NULL: nothing yet
  int neuron;
  gboolean active, companions;
  guint rest;      // until it is asked; 0: it is not going to be
};

G_DEFINE_FINAL_TYPE(PctSlideEffect, pct_slide_effect, G_TYPE_OBJECT)

static guint changed_signal;

static void
request_free(gpointer data)
{
  Request *request = data;
  pct_slide_request_free(request->at);
  pct_opened_unref(request->opened);
  g_free(request);
}

static void
answer_free(gpointer data)
{
  Answer *answer = data;
  if (!answer)
    return;
  g_free(answer->filter);
  g_free(answer->pattern);
  g_free(answer);
}

static void
kept_free(gpointer data)
{
  Kept *kept = data;
  g_free(kept->pattern);
  g_free(kept->slopes);
  g_free(kept);
}

// direction (M,): one standard deviation of the neuron's response, and what is expected of the others then.
static gboolean
find_direction(Kept *kept, const Request *request, float *direction, const PctRun *run)
{
  const PctStatistics *statistics = request->opened->statistics;
  float scale = statistics->response_scale[request->neuron];
  memset(direction, 0, (gsize)statistics->n_neurons * sizeof(float));
  direction[request->neuron] = scale;
  if (!request->companions)
    return TRUE;
  if (!kept->slopes) {
    g_autofree float *slopes = g_new(float, statistics->n_neurons);
    if (!pct_response_slopes(request->opened->recording, request->neuron, slopes, run, NULL))
      return FALSE;
    kept->slopes = g_steal_pointer(&slopes);
  }
  for (int i = 0; i < statistics->n_neurons; i++)
    direction[i] = scale * kept->slopes[i];
  return TRUE;
}

static gpointer
work(gpointer state, gpointer data, const PctRun *run)
{
  Kept *kept = state;
  const Request *request = data;
  g_autoptr(PctDecoder) decoder = pct_model_decoder_get(request->at->source, NULL);
  if (!decoder)
    return NULL;
  const PctStatistics *statistics = request->opened->statistics;
  gsize size = (gsize)statistics->n_pixels;
  if (kept->neuron != request->neuron) {
    kept->neuron = -1;
    g_clear_pointer(&kept->slopes, g_free);
    g_free(kept->pattern);
    kept->pattern = g_new(float, size);
    if (!pct_neuron_pattern(request->opened->recording, statistics, request->neuron, kept->pattern, run, NULL))
      return NULL;
    kept->neuron = request->neuron;
  }
  g_autofree float *z = pct_slide_latent_new(request->at->latent_seed, pct_decoder_get_latent(decoder));
  g_autofree float *filter = g_new(float, size), *direction = g_new(float, statistics->n_neurons);
  if (!find_direction(kept, request, direction, run) ||
      !pct_direction_filter(decoder, request->at->responses, request->at->n_averaged, z, direction, filter, run, NULL))
    return NULL;
  Answer *answer = g_new(Answer, 1);
  double likeness = pct_pixcorr(filter, kept->pattern, decoder->height, decoder->width,
                                pct_window_full(decoder->height, decoder->width));
  *answer = (Answer){ request->neuron, g_steal_pointer(&filter), g_memdup2(kept->pattern, size * sizeof(float)), likeness };
  return answer;
}

static void
done(gpointer owner, gpointer data)
{
  PctSlideEffect *self = owner;
  Answer *answer = data;
  answer_free(self->answer);
  self->answer = g_memdup2(answer, sizeof *answer);
  answer->filter = answer->pattern = NULL;
  g_signal_emit(self, changed_signal, 0);
}

static const PctSlotClass slot_class = { work, done, request_free, answer_free, .supersede = FALSE, .rank = 2 };

static gboolean
ask(gpointer data)
{
  PctSlideEffect *self = data;
  self->rest = 0;
  PctSlideRequest *at = pct_slide_dup_request(self->slide);
  if (!at)
    return G_SOURCE_REMOVE;
  Request *request = g_new(Request, 1);
  *request = (Request){ at, pct_opened_ref(pct_project_get_opened(self->project)), self->neuron, self->companions };
  pct_slot_request(self->slot, request);
  return G_SOURCE_REMOVE;
}

static void
update(PctSlideEffect *self)
{
  g_clear_handle_id(&self->rest, g_source_remove);
  pct_slot_cancel(self->slot);
  if (self->active && self->neuron >= 0 && pct_slide_get_reconstruction(self->slide)) {
    self->rest = g_timeout_add(REST, ask, self);
  } else if (self->answer && self->active) {
    g_clear_pointer(&self->answer, answer_free);
    g_signal_emit(self, changed_signal, 0);
  }
}

static void
dispose(GObject *object)
{
  PctSlideEffect *self = PCT_SLIDE_EFFECT(object);
  g_clear_handle_id(&self->rest, g_source_remove);
  g_clear_pointer(&self->slot, pct_slot_close);
  g_clear_object(&self->slide);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_slide_effect_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  answer_free(PCT_SLIDE_EFFECT(object)->answer);
  G_OBJECT_CLASS(pct_slide_effect_parent_class)->finalize(object);
}

static void
pct_slide_effect_class_init(PctSlideEffectClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = dispose;
  G_OBJECT_CLASS(klass)->finalize = finalize;
  changed_signal = g_signal_new("changed", PCT_TYPE_SLIDE_EFFECT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_slide_effect_init(PctSlideEffect *self)
{
  self->neuron = -1;
}

PctSlideEffect *
pct_slide_effect_new(PctProject *project, PctSlide *slide)
{
  g_return_val_if_fail(PCT_IS_PROJECT(project) && PCT_IS_SLIDE(slide), NULL);
  PctSlideEffect *self = g_object_new(PCT_TYPE_SLIDE_EFFECT, NULL);
  self->project = g_object_ref(project);
  self->slide = g_object_ref(slide);
  Kept *kept = g_new0(Kept, 1);
  kept->neuron = -1;
  self->slot = pct_slot_new(pct_project_get_lanes(project), &slot_class, self, kept, kept_free);
  // A new picture means new responses, another model or another z.
  g_signal_connect_object(slide, "notify::reconstruction", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  return self;
}

void
pct_slide_effect_set_neuron(PctSlideEffect *self, int neuron)
{
  g_return_if_fail(PCT_IS_SLIDE_EFFECT(self) && neuron < pct_project_get_n_neurons(self->project));
  if (self->neuron == neuron)
    return;
  self->neuron = neuron;
  update(self);
}

int
pct_slide_effect_get_neuron(PctSlideEffect *self)
{
  return self->neuron;
}

void
pct_slide_effect_set_companions(PctSlideEffect *self, gboolean companions)
{
  g_return_if_fail(PCT_IS_SLIDE_EFFECT(self));
  if (self->companions == companions)
    return;
  self->companions = companions;
  update(self);
}

gboolean
pct_slide_effect_get_companions(PctSlideEffect *self)
{
  return self->companions;
}

void
pct_slide_effect_set_active(PctSlideEffect *self, gboolean active)
{
  g_return_if_fail(PCT_IS_SLIDE_EFFECT(self));
  if (self->active == active)
    return;
  self->active = active;
  update(self);
}

static const Answer *
get_answer(PctSlideEffect *self)
{
  return self->answer && self->answer->neuron == self->neuron ? self->answer : NULL;
}

const float *
pct_slide_effect_get_filter(PctSlideEffect *self)
{
  const Answer *answer = get_answer(self);
  return answer ? answer->filter : NULL;
}

const float *
pct_slide_effect_get_pattern(PctSlideEffect *self)
{
  const Answer *answer = get_answer(self);
  return answer ? answer->pattern : NULL;
}

double
pct_slide_effect_get_likeness(PctSlideEffect *self)
{
  const Answer *answer = get_answer(self);
  return answer ? answer->likeness : NAN;
}
