// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/cross-activation.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "work/neurons-private.h"
#include "work/slot.h"

struct _PctCrossActivation {
  GObject parent_instance;
  PctNeurons *neurons;
  PctSlot *slot;
  int n, chosen[PCT_CROSS_ACTIVATION_MOST];
  // The last request's; rows that are ready only become more.
  PctNeuronSources *asked;
  int n_asked;
  // The answer.
  int n_shown, *shown;
  float *values;  // (n_shown, n_shown)
  char *problem;
};

G_DEFINE_FINAL_TYPE(PctCrossActivation, pct_cross_activation, G_TYPE_OBJECT)

enum { PROP_BUSY = 1, N_PROPS };
static GParamSpec *props[N_PROPS];
static guint changed_signal;

typedef struct {
  PctNeuronSources *sources;
  int n, rows[PCT_CROSS_ACTIVATION_MOST], neurons[PCT_CROSS_ACTIVATION_MOST];
} Request;

typedef struct {
  int n, *neurons;
  float *values;
  char *problem;
} Answer;

static void
request_free(gpointer data)
{
  pct_neuron_sources_unref(((Request *)data)->sources);
  g_free(data);
}

static void
answer_free(gpointer data)
{
  Answer *answer = data;
  g_free(answer->neurons);
  g_free(answer->values);
  g_free(answer->problem);
  g_free(answer);
}

static gpointer
compute(gpointer state, gpointer data, const PctRun *run)
{
  const Request *request = data;
  g_autoptr(GError) error = NULL;
  g_autofree float *values = g_new(float, request->n * request->n);
  gboolean good = pct_mei_cross_activation(pct_meis_get_set(request->sources->meis), request->rows, request->n,
                                           request->sources->encoder, values, run, &error);
  if (!good && g_error_matches(error, PCT_ERROR, PCT_ERROR_CANCELLED))
    return NULL;
  Answer *answer = g_new0(Answer, 1);
  if (!good) {
    answer->problem = g_strdup(error->message);
    return answer;
  }
  answer->n = request->n;
  answer->neurons = g_memdup2(request->neurons, (gsize)request->n * sizeof(int));
  answer->values = g_steal_pointer(&values);
  return answer;
}

// Takes what the answer holds.
static void
show(PctCrossActivation *self, Answer *answer)
{
  g_free(self->shown);
  g_free(self->values);
  g_free(self->problem);
  self->n_shown = answer->n;
  self->shown = g_steal_pointer(&answer->neurons);
  self->values = g_steal_pointer(&answer->values);
  self->problem = g_steal_pointer(&answer->problem);
  g_signal_emit(self, changed_signal, 0);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_BUSY]);
}

static void
computed(gpointer owner, gpointer answer)
{
  show(owner, answer);
}

static const PctSlotClass slot_class = {
  compute, computed, request_free, answer_free, .supersede = TRUE, .rank = 2
};

static void
request(PctCrossActivation *self)
{
  PctNeuronSources *sources = pct_neurons_get_sources(self->neurons);
  Request *request = g_new0(Request, 1);
  request->sources = pct_neuron_sources_ref(sources);
  for (int i = 0; i < self->n; i++) {
    int row = pct_neuron_sources_find_mei(sources, self->chosen[i]);
    if (row >= 0) {
      request->rows[request->n] = row;
      request->neurons[request->n++] = self->chosen[i];
    }
  }
  g_clear_pointer(&self->asked, pct_neuron_sources_unref);
  self->asked = pct_neuron_sources_ref(sources);
  self->n_asked = request->n;
  if (sources->encoder && request->n > 0) {
    pct_slot_request(self->slot, request);
    g_object_notify_by_pspec(G_OBJECT(self), props[PROP_BUSY]);
    return;
  }
  request_free(request);
  pct_slot_cancel(self->slot);
  const char *problem = self->n == 0        ? NULL
                        : !sources->encoder ? _("There is no encoder yet: train one on the Train page.")
                        : !sources->meis ? _("There are no most exciting inputs yet: make a set on the Train page.")
                                         : _("None of these neurons has a most exciting input yet.");
  show(self, &(Answer){ .problem = g_strdup(problem) });
}

static void
neurons_changed(PctNeurons *neurons, guint64 columns, PctCrossActivation *self)
{
  const PctNeuronSources *sources = pct_neurons_get_sources(neurons);
  int n_ready = 0;
  for (int i = 0; i < self->n; i++)
    n_ready += pct_neuron_sources_find_mei(sources, self->chosen[i]) >= 0;
  gboolean same = sources == self->asked && n_ready == self->n_asked;
  if (self->n > 0 && (columns & (PCT_COLUMNS_OF_ENCODER | PCT_COLUMNS_OF_MEIS)) && !same)
    request(self);
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_BUSY)
    g_value_set_boolean(value, pct_cross_activation_is_busy(PCT_CROSS_ACTIVATION(object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void
dispose(GObject *object)
{
  g_clear_pointer(&PCT_CROSS_ACTIVATION(object)->slot, pct_slot_close);
  G_OBJECT_CLASS(pct_cross_activation_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  PctCrossActivation *self = PCT_CROSS_ACTIVATION(object);
  g_free(self->shown);
  g_free(self->values);
  g_free(self->problem);
  g_clear_pointer(&self->asked, pct_neuron_sources_unref);
  g_clear_object(&self->neurons);
  G_OBJECT_CLASS(pct_cross_activation_parent_class)->finalize(object);
}

static void
pct_cross_activation_class_init(PctCrossActivationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;
  props[PROP_BUSY] = g_param_spec_boolean("busy", NULL, NULL, FALSE,
                                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties(object_class, N_PROPS, props);
  changed_signal = g_signal_new("changed", PCT_TYPE_CROSS_ACTIVATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
pct_cross_activation_init(PctCrossActivation *self)
{
}

PctCrossActivation *
pct_cross_activation_new(PctNeurons *neurons)
{
  PctCrossActivation *self = g_object_new(PCT_TYPE_CROSS_ACTIVATION, NULL);
  self->neurons = g_object_ref(neurons);
  self->slot = pct_slot_new(pct_project_get_lanes(pct_neurons_get_project(neurons)), &slot_class, self, NULL, NULL);
  g_signal_connect_object(neurons, "changed", G_CALLBACK(neurons_changed), self, 0);
  return self;
}

void
pct_cross_activation_set(PctCrossActivation *self, const int *neurons, int n)
{
  for (int i = 0; i < n; i++)
    g_return_if_fail(neurons[i] >= 0 && neurons[i] < pct_neurons_get_n(self->neurons));
  self->n = CLAMP(n, 0, PCT_CROSS_ACTIVATION_MOST);
  for (int i = 0; i < self->n; i++)
    self->chosen[i] = neurons[i];
  request(self);
}

gboolean
pct_cross_activation_is_busy(PctCrossActivation *self)
{
  return pct_slot_is_busy(self->slot);
}

const float *
pct_cross_activation_get(PctCrossActivation *self, int *n, const int **neurons)
{
  *n = self->n_shown;
  if (neurons)
    *neurons = self->shown;
  return self->values;
}

const char *
pct_cross_activation_get_problem(PctCrossActivation *self)
{
  return self->problem;
}
