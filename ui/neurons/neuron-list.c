// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "neurons/neuron-list.h"
#include <math.h>
#include <string.h>

struct _PctNeuronList {
  GObject parent_instance;
  PctNeurons *neurons;
  int n_all;
  PctNeuronFilter *filter;
  char *filter_text;
  PctNeuronColumn sort;
  gboolean descending;
  PctNeuronMap lasso_map;
  GArray *lasso;       // of PctMapPoint; empty: none
  guint8 *passing, *inside, *shown;  // (M,)
  int *order;          // (M,) the first n are shown, in this order
  guint *positions;    // (M,) where each neuron is; PCT_NEURON_NOWHERE
  guint n;
};

static void list_model_init(GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE(PctNeuronList, pct_neuron_list, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type(GListModel *model)
{
  return PCT_TYPE_NEURON_ITEM;
}

static guint
get_n_items(GListModel *model)
{
  return PCT_NEURON_LIST(model)->n;
}

static gpointer
get_item(GListModel *model, guint position)
{
  PctNeuronList *self = PCT_NEURON_LIST(model);
  return position < self->n ? g_list_model_get_item(G_LIST_MODEL(self->neurons), (guint)self->order[position]) : NULL;
}

static void
list_model_init(GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

typedef struct {
  const double *values;  // (M,); NULL: unknown
  gboolean descending;
} Order;

static int
compare(gconstpointer a, gconstpointer b, gpointer data)
{
  const Order *order = data;
  int i = *(const int *)a, j = *(const int *)b;
  if (order->values) {
    double x = order->values[i], y = order->values[j];
    if (isnan(x) != isnan(y))
      return isnan(x) ? 1 : -1;
    if (x < y || x > y)
      return (x < y) == order->descending ? 1 : -1;
  }
  return (i > j) - (i < j);
}

// Filters and sorts, and tells what has changed of it as one change.
static void
rebuild(PctNeuronList *self, gboolean filter, gboolean lasso)
{
  int n_all = self->n_all;
  PctMapPoints points;
  if (filter)
    pct_neurons_evaluate(self->neurons, self->filter, self->passing);
  if (lasso) {
    if (self->lasso->len > 0 && pct_neuron_map_get(self->neurons, self->lasso_map, &points))
      pct_points_in_polygon(points.x, points.y, points.n, (const PctMapPoint *)(gpointer)self->lasso->data,
                            (int)self->lasso->len, self->inside);
    else
      memset(self->inside, 1, (gsize)n_all);
  }
  g_autofree int *order = g_new(int, MAX(n_all, 1));
  guint n = 0, n_before = self->n;
  for (int i = 0; i < n_all; i++) {
    self->shown[i] = self->passing[i] && self->inside[i];
    if (self->shown[i])
      order[n++] = i;
  }
  Order by = { pct_neurons_get_column(self->neurons, self->sort), self->descending };
  g_qsort_with_data(order, (int)n, sizeof *order, compare, &by);
  if (n == n_before && memcmp(order, self->order, n * sizeof *order) == 0)
    return;
  for (int i = 0; i < n_all; i++)
    self->positions[i] = PCT_NEURON_NOWHERE;
  for (guint i = 0; i < n; i++)
    self->positions[order[i]] = i;
  memcpy(self->order, order, n * sizeof *order);
  self->n = n;
  g_list_model_items_changed(G_LIST_MODEL(self), 0, n_before, n);
}

static PctNeuronColumns
columns_of_map(PctNeuronMap map)
{
  return map == PCT_MAP_CORTEX ? PCT_COLUMN_BIT(PCT_COLUMN_X) | PCT_COLUMN_BIT(PCT_COLUMN_Y)
                               : PCT_COLUMN_BIT(PCT_COLUMN_RF_X) | PCT_COLUMN_BIT(PCT_COLUMN_RF_Y);
}

static void
on_neurons_changed(PctNeuronList *self, guint64 columns)
{
  gboolean filter = (pct_neuron_filter_get_columns(self->filter) & columns) != 0;
  gboolean lasso = self->lasso->len > 0 && (columns_of_map(self->lasso_map) & columns) != 0;
  if (filter || lasso || (PCT_COLUMN_BIT(self->sort) & columns))
    rebuild(self, filter, lasso);
}

static void
pct_neuron_list_finalize(GObject *object)
{
  PctNeuronList *self = PCT_NEURON_LIST(object);
  g_clear_object(&self->neurons);
  g_clear_pointer(&self->filter, pct_neuron_filter_free);
  g_array_unref(self->lasso);
  g_free(self->filter_text);
  g_free(self->passing);
  g_free(self->inside);
  g_free(self->shown);
  g_free(self->order);
  g_free(self->positions);
  G_OBJECT_CLASS(pct_neuron_list_parent_class)->finalize(object);
}

static void
pct_neuron_list_class_init(PctNeuronListClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = pct_neuron_list_finalize;
}

static void
pct_neuron_list_init(PctNeuronList *self)
{
  self->lasso = g_array_new(FALSE, FALSE, sizeof(PctMapPoint));
  self->filter_text = g_strdup("");
  self->filter = pct_neuron_filter_new("", NULL, NULL, NULL);
}

PctNeuronList *
pct_neuron_list_new(PctNeurons *neurons)
{
  g_return_val_if_fail(PCT_IS_NEURONS(neurons), NULL);
  PctNeuronList *self = g_object_new(PCT_TYPE_NEURON_LIST, NULL);
  gsize n = (gsize)MAX(1, pct_neurons_get_n(neurons));
  self->neurons = g_object_ref(neurons);
  self->n_all = pct_neurons_get_n(neurons);
  self->passing = g_new0(guint8, n);
  self->inside = g_new0(guint8, n);
  self->shown = g_new0(guint8, n);
  self->order = g_new0(int, n);
  self->positions = g_new0(guint, n);
  g_signal_connect_object(neurons, "changed", G_CALLBACK(on_neurons_changed), self, G_CONNECT_SWAPPED);
  rebuild(self, TRUE, TRUE);
  return self;
}

gboolean
pct_neuron_list_set_filter(PctNeuronList *self, const char *text, GError **error)
{
  g_return_val_if_fail(PCT_IS_NEURON_LIST(self), FALSE);
  PctNeuronFilter *filter = pct_neurons_new_filter(self->neurons, text, NULL, error);
  if (!filter)
    return FALSE;
  char *copy = g_strdup(text);
  pct_neuron_filter_free(self->filter);
  g_free(self->filter_text);
  self->filter = filter;
  self->filter_text = g_strstrip(copy);
  rebuild(self, TRUE, FALSE);
  return TRUE;
}

const char *
pct_neuron_list_get_filter(PctNeuronList *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_LIST(self), "");
  return self->filter_text;
}

PctNeuronColumns
pct_neuron_list_get_unknown(PctNeuronList *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_LIST(self), 0);
  PctNeuronColumns unknown = pct_neuron_filter_get_columns(self->filter);
  for (int i = 0; i < PCT_N_COLUMNS; i++)
    if (pct_neurons_get_column(self->neurons, (PctNeuronColumn)i))
      unknown &= ~PCT_COLUMN_BIT(i);
  return unknown;
}

void
pct_neuron_list_set_sort(PctNeuronList *self, PctNeuronColumn column, gboolean descending)
{
  g_return_if_fail(PCT_IS_NEURON_LIST(self) && (int)column < PCT_N_COLUMNS);
  if (self->sort == column && self->descending == descending)
    return;
  self->sort = column;
  self->descending = descending;
  rebuild(self, FALSE, FALSE);
}

PctNeuronColumn
pct_neuron_list_get_sort(PctNeuronList *self, gboolean *descending)
{
  g_return_val_if_fail(PCT_IS_NEURON_LIST(self), PCT_COLUMN_NUMBER);
  if (descending)
    *descending = self->descending;
  return self->sort;
}

void
pct_neuron_list_set_lasso(PctNeuronList *self, PctNeuronMap map, const PctMapPoint *corners, int n)
{
  g_return_if_fail(PCT_IS_NEURON_LIST(self));
  g_array_set_size(self->lasso, 0);
  if (n >= 3)
    g_array_append_vals(self->lasso, corners, (guint)n);
  self->lasso_map = map;
  rebuild(self, FALSE, TRUE);
}

const PctMapPoint *
pct_neuron_list_get_lasso(PctNeuronList *self, PctNeuronMap map, int *n)
{
  g_return_val_if_fail(PCT_IS_NEURON_LIST(self), NULL);
  *n = map == self->lasso_map ? (int)self->lasso->len : 0;
  return (const PctMapPoint *)(gpointer)self->lasso->data;
}

gboolean
pct_neuron_list_has_lasso(PctNeuronList *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_LIST(self), FALSE);
  return self->lasso->len > 0;
}

guint
pct_neuron_list_get_n(PctNeuronList *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_LIST(self), 0);
  return self->n;
}

int
pct_neuron_list_get_neuron(PctNeuronList *self, guint position)
{
  g_return_val_if_fail(PCT_IS_NEURON_LIST(self) && position < self->n, -1);
  return self->order[position];
}

guint
pct_neuron_list_find(PctNeuronList *self, int neuron)
{
  g_return_val_if_fail(PCT_IS_NEURON_LIST(self), PCT_NEURON_NOWHERE);
  return neuron >= 0 && neuron < self->n_all ? self->positions[neuron] : PCT_NEURON_NOWHERE;
}

const guint8 *
pct_neuron_list_get_shown(PctNeuronList *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_LIST(self), NULL);
  return self->shown;
}
