// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "neurons/neuron-table.h"
#include <glib/gi18n.h>

// Those of PCT_COLUMNS_OPTIONAL are left out where the recording does not have them.
static const PctNeuronColumn columns[] = {
  PCT_COLUMN_NUMBER, PCT_COLUMN_AREA, PCT_COLUMN_LAYER, PCT_COLUMN_DEPTH, PCT_COLUMN_RELIABILITY,
  PCT_COLUMN_EXPLAINABLE_VARIANCE, PCT_COLUMN_CORRELATION, PCT_COLUMN_CORRELATION_AVERAGED, PCT_COLUMN_MEI_RESPONSE, PCT_COLUMN_MEI_GAIN, PCT_COLUMN_RF_X, PCT_COLUMN_RF_Y,
  PCT_COLUMN_RF_SIZE, PCT_COLUMN_ORIENTATION, PCT_COLUMN_FREQUENCY, PCT_COLUMN_GABOR_FIT, PCT_COLUMN_MEAN,
  PCT_COLUMN_STD, PCT_COLUMN_X, PCT_COLUMN_Y, PCT_COLUMN_Z,
};

struct _PctNeuronTable {
  GtkWidget parent_instance;
  GtkWidget *scroller, *view;
  PctNeurons *neurons;
  PctNeuronList *list;
  GHashTable *bound;   // of GtkListItem: those that show a row now
  int probed;          // the column whose comparison was asked for first; -1: none yet
  gboolean telling;    // the header is being told the list's order
};

G_DEFINE_FINAL_TYPE(PctNeuronTable, pct_neuron_table, GTK_TYPE_WIDGET)

PctNeuronColumn *
pct_neuron_columns_dup_present(PctNeurons *neurons, const PctNeuronColumn *wanted, guint n_wanted, guint *n)
{
  PctNeuronColumn *present = g_new(PctNeuronColumn, n_wanted);
  *n = 0;
  for (guint i = 0; i < n_wanted; i++)
    if (!(PCT_COLUMN_BIT(wanted[i]) & PCT_COLUMNS_OPTIONAL) || pct_neurons_get_column(neurons, wanted[i]))
      present[(*n)++] = wanted[i];
  return present;
}

PctNeuronColumn *
pct_neuron_table_dup_columns(PctNeurons *neurons, guint *n)
{
  return pct_neuron_columns_dup_present(neurons, columns, G_N_ELEMENTS(columns), n);
}

static PctNeuronColumn
column_of(gpointer object)
{
  return (PctNeuronColumn)GPOINTER_TO_INT(g_object_get_data(object, "column"));
}

static void
show_cell(PctNeuronTable *self, GtkListItem *cell)
{
  PctNeuronColumn column = column_of(cell);
  int neuron = pct_neuron_item_get_neuron(gtk_list_item_get_item(cell));
  g_autofree char *text = pct_neurons_format(self->neurons, column, neuron);
  gtk_inscription_set_text(GTK_INSCRIPTION(gtk_list_item_get_child(cell)), text);
}

static void
cell_setup(GtkSignalListItemFactory *factory, GtkListItem *cell, PctNeuronTable *self)
{
  GtkWidget *text = gtk_inscription_new(NULL);
  gtk_inscription_set_xalign(GTK_INSCRIPTION(text), 0);  // as GTK 4.8 aligns the header
  gtk_inscription_set_min_chars(GTK_INSCRIPTION(text), 6);
  gtk_widget_add_css_class(text, "numeric");
  g_object_set_data(G_OBJECT(cell), "column", GINT_TO_POINTER(column_of(factory)));
  gtk_list_item_set_child(cell, text);
}

static void
cell_bind(GtkSignalListItemFactory *factory, GtkListItem *cell, PctNeuronTable *self)
{
  g_hash_table_add(self->bound, cell);
  show_cell(self, cell);
}

static void
cell_unbind(GtkSignalListItemFactory *factory, GtkListItem *cell, PctNeuronTable *self)
{
  g_hash_table_remove(self->bound, cell);
}

static void
on_columns_changed(PctNeuronTable *self, guint64 changed)
{
  GHashTableIter iter;
  gpointer cell;
  g_hash_table_iter_init(&iter, self->bound);
  while (g_hash_table_iter_next(&iter, &cell, NULL))
    if (changed & PCT_COLUMN_BIT(column_of(cell)))
      show_cell(self, cell);
}

// The list sorts, on its plain arrays. The view's own sorter is only asked which header was pressed and which way: it
// compares by the chosen column first, and turns the answer around for a descending one. GTK 4.8 tells it no other way.
static int
probe(gconstpointer a, gconstpointer b, gpointer sorter)
{
  PctNeuronTable *self = g_object_get_data(sorter, "table");
  if (self && self->probed < 0)
    self->probed = column_of(sorter);
  return 1;
}

static void
on_header(PctNeuronTable *self)
{
  GtkSorter *sorter = gtk_column_view_get_sorter(GTK_COLUMN_VIEW(self->view));
  if (self->telling || pct_neurons_get_n(self->neurons) < 2)
    return;
  g_autoptr(GObject) a = g_list_model_get_item(G_LIST_MODEL(self->neurons), 0);
  g_autoptr(GObject) b = g_list_model_get_item(G_LIST_MODEL(self->neurons), 1);
  self->probed = -1;
  gboolean descending = gtk_sorter_compare(sorter, a, b) == GTK_ORDERING_SMALLER;
  if (self->probed < 0)
    return;
  gtk_widget_activate_action(GTK_WIDGET(self), "neurons.order", "(sb)",
                             pct_column_get_name((PctNeuronColumn)self->probed), descending);
}

static GtkColumnViewColumn *
find_column(PctNeuronTable *self, PctNeuronColumn wanted)
{
  GListModel *all = gtk_column_view_get_columns(GTK_COLUMN_VIEW(self->view));
  for (guint i = 0; i < g_list_model_get_n_items(all); i++) {
    g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item(all, i);
    if (column_of(column) == wanted)
      return column;  // the view holds it
  }
  return NULL;
}

void
pct_neuron_table_update_sort(PctNeuronTable *self)
{
  g_return_if_fail(PCT_IS_NEURON_TABLE(self));
  gboolean descending;
  GtkColumnViewColumn *column = find_column(self, pct_neuron_list_get_sort(self->list, &descending));
  self->telling = TRUE;
  gtk_column_view_sort_by_column(GTK_COLUMN_VIEW(self->view), column,
                                 descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
  self->telling = FALSE;
}

void
pct_neuron_table_set_model(PctNeuronTable *self, GtkSelectionModel *model)
{
  g_return_if_fail(PCT_IS_NEURON_TABLE(self));
  gtk_column_view_set_model(GTK_COLUMN_VIEW(self->view), model);
}

void
pct_neuron_table_scroll_to(PctNeuronTable *self, guint position)
{
  g_return_if_fail(PCT_IS_NEURON_TABLE(self));
  // The rows are a list view inside, which alone knows the action.
  for (GtkWidget *child = gtk_widget_get_first_child(self->view); child; child = gtk_widget_get_next_sibling(child))
    if (gtk_widget_activate_action(child, "list.scroll-to-item", "u", position))
      return;
}

static void
add_column(PctNeuronTable *self, PctNeuronColumn column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_object_set_data(G_OBJECT(factory), "column", GINT_TO_POINTER((int)column));
  g_signal_connect_object(factory, "setup", G_CALLBACK(cell_setup), self, 0);
  g_signal_connect_object(factory, "bind", G_CALLBACK(cell_bind), self, 0);
  g_signal_connect_object(factory, "unbind", G_CALLBACK(cell_unbind), self, 0);
  const char *unit = pct_column_get_unit(column);
  g_autofree char *title = *unit ? g_strdup_printf("%s, %s", pct_column_get_title(column), unit)
                                 : g_strdup(pct_column_get_title(column));
  g_autoptr(GtkColumnViewColumn) added = gtk_column_view_column_new(title, factory);
  GtkCustomSorter *sorter = gtk_custom_sorter_new(NULL, NULL, NULL);
  g_object_set_data(G_OBJECT(sorter), "column", GINT_TO_POINTER((int)column));
  g_object_set_data(G_OBJECT(sorter), "table", self);
  gtk_custom_sorter_set_sort_func(sorter, probe, sorter, NULL);
  gtk_column_view_column_set_sorter(added, GTK_SORTER(sorter));
  g_object_unref(sorter);
  gtk_column_view_column_set_resizable(added, TRUE);
  g_object_set_data(G_OBJECT(added), "column", GINT_TO_POINTER((int)column));
  gtk_column_view_append_column(GTK_COLUMN_VIEW(self->view), added);
}

static void
pct_neuron_table_dispose(GObject *object)
{
  PctNeuronTable *self = PCT_NEURON_TABLE(object);
  if (self->view) {
    GtkSorter *sorter = gtk_column_view_get_sorter(GTK_COLUMN_VIEW(self->view));
    g_signal_handlers_disconnect_by_data(sorter, self);
    gtk_column_view_set_model(GTK_COLUMN_VIEW(self->view), NULL);
    self->view = NULL;
  }
  g_clear_pointer(&self->scroller, gtk_widget_unparent);
  g_clear_object(&self->neurons);
  g_clear_object(&self->list);
  G_OBJECT_CLASS(pct_neuron_table_parent_class)->dispose(object);
}

static void
pct_neuron_table_finalize(GObject *object)
{
  g_hash_table_unref(PCT_NEURON_TABLE(object)->bound);
  G_OBJECT_CLASS(pct_neuron_table_parent_class)->finalize(object);
}

static void
pct_neuron_table_class_init(PctNeuronTableClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_neuron_table_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_neuron_table_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_neuron_table_init(PctNeuronTable *self)
{
  self->bound = g_hash_table_new(NULL, NULL);
}

GtkWidget *
pct_neuron_table_new(PctNeurons *neurons, PctNeuronList *list)
{
  PctNeuronTable *self = g_object_new(PCT_TYPE_NEURON_TABLE, NULL);
  guint n;
  self->neurons = g_object_ref(neurons);
  self->list = g_object_ref(list);
  self->view = gtk_column_view_new(NULL);
  gtk_widget_add_css_class(self->view, "data-table");
  gtk_widget_add_css_class(self->view, "neurons");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Table of the neurons"),
                                 -1);
  g_autofree PctNeuronColumn *wanted = pct_neuron_table_dup_columns(neurons, &n);
  for (guint i = 0; i < n; i++)
    add_column(self, wanted[i]);
  g_signal_connect_object(gtk_column_view_get_sorter(GTK_COLUMN_VIEW(self->view)), "changed", G_CALLBACK(on_header),
                          self, G_CONNECT_SWAPPED);
  g_signal_connect_object(neurons, "changed", G_CALLBACK(on_columns_changed), self, G_CONNECT_SWAPPED);
  self->scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->scroller), self->view);
  gtk_widget_set_vexpand(self->scroller, TRUE);
  gtk_widget_set_parent(self->scroller, GTK_WIDGET(self));
  return GTK_WIDGET(self);
}
