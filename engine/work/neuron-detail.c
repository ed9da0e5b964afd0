// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/neuron-detail.h"
#include <math.h>
#include "work/neuron-draw.h"
#include "work/neurons-private.h"
#include "work/slot.h"

struct _PctNeuronDetail {
  GObject parent_instance;
  PctNeurons *neurons;
  PctSlot *slot;
  int neuron;
  PctNeuronDrawing *drawing;  // NULL: nothing yet
  // The last request's.
  PctNeuronSources *asked;
  int asked_row;
};

G_DEFINE_FINAL_TYPE(PctNeuronDetail, pct_neuron_detail, G_TYPE_OBJECT)

enum { PROP_BUSY = 1, N_PROPS };
static GParamSpec *props[N_PROPS];
static guint changed_signal;

// What pictures are made from; other columns do not show here.
#define LOOKED_AT (PCT_COLUMNS_OF_ENCODER | PCT_COLUMNS_OF_RECEPTIVE_FIELDS | PCT_COLUMNS_OF_MEIS)

static void
drawn(gpointer owner, gpointer answer)
{
  PctNeuronDetail *self = owner;
  // Swapped, so that the slot frees the one before.
  PctNeuronDrawing *drawing = answer, *old = self->drawing;
  self->drawing = g_new(PctNeuronDrawing, 1);
  *self->drawing = *drawing;
  *drawing = old ? *old : (PctNeuronDrawing){ 0 };
  g_free(old);
  g_signal_emit(self, changed_signal, 0);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_BUSY]);
}

// The newest waits, but what is under way is shown: a hand that keeps an arrow key down sees some neurons, not none.
static const PctSlotClass slot_class = {
  pct_neuron_draw, drawn, pct_neuron_request_free, pct_neuron_drawing_free, .supersede = FALSE, .rank = 1
};

static void
request(PctNeuronDetail *self)
{
  if (self->neuron < 0)
    return;
  PctNeuronRequest *request = g_new(PctNeuronRequest, 1);
  PctNeuronSources *sources = pct_neurons_get_sources(self->neurons);
  *request = (PctNeuronRequest){ pct_neuron_sources_ref(sources), self->neuron,
                                 pct_neuron_sources_find_mei(sources, self->neuron) };
  g_clear_pointer(&self->asked, pct_neuron_sources_unref);
  self->asked = pct_neuron_sources_ref(sources);
  self->asked_row = request->row;
  pct_slot_request(self->slot, request);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_BUSY]);
}

static void
neurons_changed(PctNeurons *neurons, guint64 columns, PctNeuronDetail *self)
{
  PctNeuronSources *sources = pct_neurons_get_sources(neurons);
  // While a set fills, most of what is told is of other neurons.
  gboolean same = self->neuron < 0 || (sources == self->asked &&
                                       pct_neuron_sources_find_mei(sources, self->neuron) == self->asked_row);
  if ((columns & LOOKED_AT) && !same)
    request(self);
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_BUSY)
    g_value_set_boolean(value, pct_neuron_detail_is_busy(PCT_NEURON_DETAIL(object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void
dispose(GObject *object)
{
  g_clear_pointer(&PCT_NEURON_DETAIL(object)->slot, pct_slot_close);
  G_OBJECT_CLASS(pct_neuron_detail_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  PctNeuronDetail *self = PCT_NEURON_DETAIL(object);
  g_clear_pointer(&self->drawing, pct_neuron_drawing_free);
  g_clear_pointer(&self->asked, pct_neuron_sources_unref);
  g_clear_object(&self->neurons);
  G_OBJECT_CLASS(pct_neuron_detail_parent_class)->finalize(object);
}

static void
pct_neuron_detail_class_init(PctNeuronDetailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;
  props[PROP_BUSY] = g_param_spec_boolean("busy", NULL, NULL, FALSE,
                                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties(object_class, N_PROPS, props);
  changed_signal = g_signal_new("changed", PCT_TYPE_NEURON_DETAIL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
pct_neuron_detail_init(PctNeuronDetail *self)
{
  self->neuron = -1;
}

PctNeuronDetail *
pct_neuron_detail_new(PctNeurons *neurons)
{
  PctNeuronDetail *self = g_object_new(PCT_TYPE_NEURON_DETAIL, NULL);
  self->neurons = g_object_ref(neurons);
  self->slot = pct_slot_new(pct_project_get_lanes(pct_neurons_get_project(neurons)), &slot_class, self, NULL, NULL);
  g_signal_connect_object(neurons, "changed", G_CALLBACK(neurons_changed), self, 0);
  return self;
}

void
pct_neuron_detail_set_neuron(PctNeuronDetail *self, int neuron)
{
  g_return_if_fail(neuron >= -1 && neuron < pct_neurons_get_n(self->neurons));
  if (self->neuron == neuron)
    return;
  self->neuron = neuron;
  if (neuron >= 0) {
    request(self);
    return;
  }
  pct_slot_cancel(self->slot);
  g_clear_pointer(&self->drawing, pct_neuron_drawing_free);
  g_signal_emit(self, changed_signal, 0);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_BUSY]);
}

int
pct_neuron_detail_get_neuron(PctNeuronDetail *self)
{
  return self->neuron;
}

gboolean
pct_neuron_detail_is_busy(PctNeuronDetail *self)
{
  return pct_slot_is_busy(self->slot);
}

int
pct_neuron_detail_get_shown(PctNeuronDetail *self)
{
  return self->drawing ? self->drawing->neuron : -1;
}

PctPicture *
pct_neuron_detail_get_picture(PctNeuronDetail *self, PctNeuronPicture which)
{
  g_return_val_if_fail((guint)which < PCT_N_NEURON_PICTURES, NULL);
  return self->drawing ? self->drawing->pictures[which] : NULL;
}

const char *
pct_neuron_detail_get_problem(PctNeuronDetail *self, PctNeuronPicture which)
{
  g_return_val_if_fail((guint)which < PCT_N_NEURON_PICTURES, NULL);
  return self->drawing ? self->drawing->problems[which] : NULL;
}

PctNeuronPrediction
pct_neuron_detail_get_prediction(PctNeuronDetail *self)
{
  return self->drawing ? self->drawing->prediction : (PctNeuronPrediction){ NAN, NAN, NAN, NAN };
}

const PctNeuronAnswer *
pct_neuron_detail_get_favourites(PctNeuronDetail *self, int *n)
{
  *n = self->drawing ? self->drawing->answers->n_favourites : 0;
  return self->drawing ? self->drawing->answers->favourites : NULL;
}

const PctNeuronAnswer *
pct_neuron_detail_get_tuning(PctNeuronDetail *self, int *n)
{
  *n = self->drawing ? self->drawing->answers->n_tuning : 0;
  return self->drawing ? self->drawing->answers->tuning : NULL;
}
