// SPDX-License-Identifier: GPL-3.0-or-later
#include "selection.h"

struct _PctSelection {
  GObject parent_instance;
  int image, neuron;
  char *model;
  GArray *neurons;  // of int
  GArray *order;    // of int
};

enum {
  PROP_IMAGE = 1,
  PROP_NEURON,
  PROP_MODEL,
  N_PROPERTIES
};

enum {
  SIGNAL_NEURONS_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(PctSelection, pct_selection, G_TYPE_OBJECT)

static gboolean
find(GArray *numbers, int number, guint *position)
{
  for (guint i = 0; i < numbers->len; i++)
    if (g_array_index(numbers, int, i) == number) {
      *position = i;
      return TRUE;
    }
  return FALSE;
}

PctSelection *
pct_selection_new(void)
{
  return g_object_new(PCT_TYPE_SELECTION, NULL);
}

int
pct_selection_get_image(PctSelection *self)
{
  g_return_val_if_fail(PCT_IS_SELECTION(self), -1);
  return self->image;
}

void
pct_selection_set_image(PctSelection *self, int image)
{
  g_return_if_fail(PCT_IS_SELECTION(self));
  if (self->image == image)
    return;
  self->image = image;
  g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_IMAGE]);
}

int
pct_selection_get_neuron(PctSelection *self)
{
  g_return_val_if_fail(PCT_IS_SELECTION(self), -1);
  return self->neuron;
}

void
pct_selection_set_neuron(PctSelection *self, int neuron)
{
  g_return_if_fail(PCT_IS_SELECTION(self));
  if (self->neuron == neuron)
    return;
  self->neuron = neuron;
  g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_NEURON]);
}

const char *
pct_selection_get_model(PctSelection *self)
{
  g_return_val_if_fail(PCT_IS_SELECTION(self), NULL);
  return self->model;
}

void
pct_selection_set_model(PctSelection *self, const char *model)
{
  g_return_if_fail(PCT_IS_SELECTION(self));
  if (g_strcmp0(self->model, model) == 0)
    return;
  char *copy = g_strdup(model);
  g_free(self->model);
  self->model = copy;
  g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_MODEL]);
}

const int *
pct_selection_get_neurons(PctSelection *self, guint *n)
{
  g_return_val_if_fail(PCT_IS_SELECTION(self), NULL);
  *n = self->neurons->len;
  return (const int *)(gpointer)self->neurons->data;
}

gboolean
pct_selection_has_neuron(PctSelection *self, int neuron)
{
  guint position;
  g_return_val_if_fail(PCT_IS_SELECTION(self), FALSE);
  return find(self->neurons, neuron, &position);
}

void
pct_selection_add_neuron(PctSelection *self, int neuron)
{
  g_return_if_fail(PCT_IS_SELECTION(self));
  if (pct_selection_has_neuron(self, neuron))
    return;
  g_array_append_val(self->neurons, neuron);
  g_signal_emit(self, signals[SIGNAL_NEURONS_CHANGED], 0);
}

void
pct_selection_remove_neuron(PctSelection *self, int neuron)
{
  guint position;
  g_return_if_fail(PCT_IS_SELECTION(self));
  if (!find(self->neurons, neuron, &position))
    return;
  g_array_remove_index(self->neurons, position);
  g_signal_emit(self, signals[SIGNAL_NEURONS_CHANGED], 0);
}

void
pct_selection_set_neurons(PctSelection *self, const int *neurons, guint n)
{
  g_return_if_fail(PCT_IS_SELECTION(self));
  GArray *copy = g_array_sized_new(FALSE, FALSE, sizeof(int), n);
  if (n > 0)
    g_array_append_vals(copy, neurons, n);
  g_array_unref(self->neurons);
  self->neurons = copy;
  g_signal_emit(self, signals[SIGNAL_NEURONS_CHANGED], 0);
}

void
pct_selection_set_order(PctSelection *self, const int *images, guint n)
{
  g_return_if_fail(PCT_IS_SELECTION(self));
  g_array_set_size(self->order, 0);
  if (n > 0)
    g_array_append_vals(self->order, images, n);
}

void
pct_selection_step(PctSelection *self, int by)
{
  guint position;
  g_return_if_fail(PCT_IS_SELECTION(self));
  if (self->order->len == 0)
    return;
  if (find(self->order, self->image, &position)) {
    gint64 wanted = (gint64)position + by;
    position = (guint)CLAMP(wanted, 0, (gint64)self->order->len - 1);
  } else
    position = 0;
  pct_selection_set_image(self, g_array_index(self->order, int, position));
}

static void
pct_selection_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PctSelection *self = PCT_SELECTION(object);
  switch (id) {
  case PROP_IMAGE:
    g_value_set_int(value, self->image);
    break;
  case PROP_NEURON:
    g_value_set_int(value, self->neuron);
    break;
  case PROP_MODEL:
    g_value_set_string(value, self->model);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
pct_selection_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PctSelection *self = PCT_SELECTION(object);
  switch (id) {
  case PROP_IMAGE:
    pct_selection_set_image(self, g_value_get_int(value));
    break;
  case PROP_NEURON:
    pct_selection_set_neuron(self, g_value_get_int(value));
    break;
  case PROP_MODEL:
    pct_selection_set_model(self, g_value_get_string(value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
pct_selection_finalize(GObject *object)
{
  PctSelection *self = PCT_SELECTION(object);
  g_free(self->model);
  g_array_unref(self->neurons);
  g_array_unref(self->order);
  G_OBJECT_CLASS(pct_selection_parent_class)->finalize(object);
}

static void
pct_selection_class_init(PctSelectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = pct_selection_get_property;
  object_class->set_property = pct_selection_set_property;
  object_class->finalize = pct_selection_finalize;
  properties[PROP_IMAGE] = g_param_spec_int("image", NULL, NULL, -1, G_MAXINT, -1, flags);
  properties[PROP_NEURON] = g_param_spec_int("neuron", NULL, NULL, -1, G_MAXINT, -1, flags);
  properties[PROP_MODEL] = g_param_spec_string("model", NULL, NULL, NULL, flags);
  g_object_class_install_properties(object_class, N_PROPERTIES, properties);
  signals[SIGNAL_NEURONS_CHANGED] = g_signal_new("neurons-changed", PCT_TYPE_SELECTION, G_SIGNAL_RUN_LAST, 0, NULL,
                                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_selection_init(PctSelection *self)
{
  self->image = self->neuron = -1;
  self->neurons = g_array_new(FALSE, FALSE, sizeof(int));
  self->order = g_array_new(FALSE, FALSE, sizeof(int));
}
