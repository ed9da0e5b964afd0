// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "neurons/neuron-grid.h"
#include <glib/gi18n.h>
#include <string.h>
#include "neurons/mei-cache.h"
#include "neurons/neuron-table.h"
#include "neurons/neuron-tile.h"

#define CACHED 1024  // pictures; a few screens full of 9 KB each

struct _PctNeuronGrid {
  GtkWidget parent_instance;
  GtkWidget *stack, *grid, *table;
  PctNeurons *neurons;
  PctNeuronList *list;
  PctSelection *selection;
  GtkMultiSelection *model;
  PctMeiCache *cache;
  GHashTable *bound;    // of PctNeuronTile: those that show a neuron now
  guint8 *selected;     // (M,)
  guint n_selected;
  gboolean setting;     // the views are being told the selection, or the selection the views'
  guint scrolling;      // source that will bring the neuron in hand into view; 0: none
};

enum {
  SIGNAL_SELECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(PctNeuronGrid, pct_neuron_grid, GTK_TYPE_WIDGET)

static gboolean
shows_table(PctNeuronGrid *self)
{
  return self->table && gtk_stack_get_visible_child(GTK_STACK(self->stack)) == self->table;
}

static void
show_tile(PctNeuronGrid *self, PctNeuronTile *tile, int neuron)
{
  PctNeuronColumn column = pct_neuron_list_get_sort(self->list, NULL);
  g_autofree char *value = column == PCT_COLUMN_NUMBER
    ? g_strdup("") : pct_neurons_format(self->neurons, column, neuron);
  g_autofree char *label = *value ? g_strdup_printf(_("Neuron %d, %s %s"), neuron, pct_column_get_title(column), value)
                                  : g_strdup_printf(_("Neuron %d"), neuron);
  pct_neuron_tile_show(tile, neuron, pct_mei_cache_get(self->cache, neuron), value, label);
  pct_neuron_tile_set_pinned(tile, pct_selection_has_neuron(self->selection, neuron));
}

static void
tile_setup(GtkSignalListItemFactory *factory, GtkListItem *list_item, PctNeuronGrid *self)
{
  PctProject *project = pct_neurons_get_project(self->neurons);
  gtk_list_item_set_child(list_item, pct_neuron_tile_new(pct_project_get_height(project),
                                                         pct_project_get_width(project)));
}

static void
tile_bind(GtkSignalListItemFactory *factory, GtkListItem *list_item, PctNeuronGrid *self)
{
  PctNeuronTile *tile = PCT_NEURON_TILE(gtk_list_item_get_child(list_item));
  g_hash_table_add(self->bound, tile);
  show_tile(self, tile, pct_neuron_item_get_neuron(gtk_list_item_get_item(list_item)));
}

static void
tile_unbind(GtkSignalListItemFactory *factory, GtkListItem *list_item, PctNeuronGrid *self)
{
  g_hash_table_remove(self->bound, gtk_list_item_get_child(list_item));
}

static void
show_tiles(PctNeuronGrid *self)
{
  GHashTableIter iter;
  gpointer tile;
  g_hash_table_iter_init(&iter, self->bound);
  while (g_hash_table_iter_next(&iter, &tile, NULL))
    show_tile(self, tile, pct_neuron_tile_get_neuron(tile));
}

static void
on_meis_changed(PctNeuronGrid *self)
{
  pct_mei_cache_clear(self->cache);
  show_tiles(self);
}

static void
on_columns_changed(PctNeuronGrid *self, guint64 changed)
{
  if (changed & PCT_COLUMN_BIT(pct_neuron_list_get_sort(self->list, NULL)))
    show_tiles(self);
}

static void
on_pinned(PctNeuronGrid *self)
{
  GHashTableIter iter;
  gpointer tile;
  g_hash_table_iter_init(&iter, self->bound);
  while (g_hash_table_iter_next(&iter, &tile, NULL))
    pct_neuron_tile_set_pinned(tile, pct_selection_has_neuron(self->selection, pct_neuron_tile_get_neuron(tile)));
}

// Only after the views have been laid out: before, GTK 4.8 remembers a place that it never fills.
static gboolean
scroll_to_chosen(gpointer data)
{
  PctNeuronGrid *self = data;
  guint position = pct_neuron_list_find(self->list, pct_selection_get_neuron(self->selection));
  self->scrolling = 0;
  if (position == PCT_NEURON_NOWHERE || !gtk_widget_get_mapped(GTK_WIDGET(self)))
    return G_SOURCE_REMOVE;
  if (shows_table(self))
    pct_neuron_table_scroll_to(PCT_NEURON_TABLE(self->table), position);
  else
    gtk_widget_activate_action(self->grid, "list.scroll-to-item", "u", position);
  return G_SOURCE_REMOVE;
}

static void
queue_scroll(PctNeuronGrid *self)
{
  if (self->scrolling == 0)
    self->scrolling = g_idle_add_full(G_PRIORITY_LOW, scroll_to_chosen, self, NULL);
}

static void
read_selected(PctNeuronGrid *self)
{
  g_autoptr(GtkBitset) chosen = gtk_selection_model_get_selection(GTK_SELECTION_MODEL(self->model));
  GtkBitsetIter iter;
  guint position;
  memset(self->selected, 0, (gsize)MAX(pct_neurons_get_n(self->neurons), 1));
  self->n_selected = 0;
  for (gboolean more = gtk_bitset_iter_init_first(&iter, chosen, &position); more;
       more = gtk_bitset_iter_next(&iter, &position))
    if (position < pct_neuron_list_get_n(self->list)) {
      self->selected[pct_neuron_list_get_neuron(self->list, position)] = 1;
      self->n_selected++;
    }
}

// The one in hand is the one that the person has just added; else it stays while it is selected, else it is the first.
static int
find_in_hand(PctNeuronGrid *self, const guint8 *before, guint first, guint n)
{
  guint n_shown = pct_neuron_list_get_n(self->list);
  int in_hand = pct_selection_get_neuron(self->selection);
  for (guint i = first; i < first + n && i < n_shown; i++) {
    int neuron = pct_neuron_list_get_neuron(self->list, i);
    if (self->selected[neuron] && !before[neuron])
      return neuron;
  }
  if (self->n_selected == 0 || (in_hand >= 0 && in_hand < pct_neurons_get_n(self->neurons) && self->selected[in_hand]))
    return in_hand;
  for (guint i = 0; i < n_shown; i++)
    if (self->selected[pct_neuron_list_get_neuron(self->list, i)])
      return pct_neuron_list_get_neuron(self->list, i);
  return in_hand;
}

static void
on_selection_changed(PctNeuronGrid *self, guint first, guint n)
{
  g_autofree guint8 *before = g_memdup2(self->selected, (gsize)MAX(pct_neurons_get_n(self->neurons), 1));
  read_selected(self);
  if (!self->setting) {
    self->setting = TRUE;
    pct_selection_set_neuron(self->selection, find_in_hand(self, before, first, n));
    self->setting = FALSE;
  }
  g_signal_emit(self, signals[SIGNAL_SELECTED], 0);
}

static void
show_neuron(PctNeuronGrid *self)
{
  if (self->setting)
    return;
  guint position = pct_neuron_list_find(self->list, pct_selection_get_neuron(self->selection));
  self->setting = TRUE;
  if (position != PCT_NEURON_NOWHERE)
    gtk_selection_model_select_item(GTK_SELECTION_MODEL(self->model), position, TRUE);
  else
    gtk_selection_model_unselect_all(GTK_SELECTION_MODEL(self->model));
  self->setting = FALSE;
  queue_scroll(self);
}

// What is filtered away is not selected any more; the neuron in hand is again once it is back.
static void
on_list_changed(PctNeuronGrid *self)
{
  guint position = pct_neuron_list_find(self->list, pct_selection_get_neuron(self->selection));
  self->setting = TRUE;
  if (position != PCT_NEURON_NOWHERE)
    gtk_selection_model_select_item(GTK_SELECTION_MODEL(self->model), position, FALSE);
  self->setting = FALSE;
  read_selected(self);
  g_signal_emit(self, signals[SIGNAL_SELECTED], 0);
  queue_scroll(self);
}

void
pct_neuron_grid_show_table(PctNeuronGrid *self, gboolean table)
{
  g_return_if_fail(PCT_IS_NEURON_GRID(self));
  if (table && !self->table) {
    self->table = pct_neuron_table_new(self->neurons, self->list);
    gtk_stack_add_named(GTK_STACK(self->stack), self->table, "table");
    pct_neuron_table_update_sort(PCT_NEURON_TABLE(self->table));
  }
  if (self->table)
    pct_neuron_table_set_model(PCT_NEURON_TABLE(self->table), table ? GTK_SELECTION_MODEL(self->model) : NULL);
  gtk_grid_view_set_model(GTK_GRID_VIEW(self->grid), table ? NULL : GTK_SELECTION_MODEL(self->model));
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), table ? "table" : "grid");
  queue_scroll(self);
}

void
pct_neuron_grid_update_sort(PctNeuronGrid *self)
{
  g_return_if_fail(PCT_IS_NEURON_GRID(self));
  if (self->table)
    pct_neuron_table_update_sort(PCT_NEURON_TABLE(self->table));
  show_tiles(self);
}

const guint8 *
pct_neuron_grid_get_selected(PctNeuronGrid *self, guint *n)
{
  g_return_val_if_fail(PCT_IS_NEURON_GRID(self), NULL);
  if (n)
    *n = self->n_selected;
  return self->selected;
}

void
pct_neuron_grid_select(PctNeuronGrid *self, const int *neurons, gsize n)
{
  g_return_if_fail(PCT_IS_NEURON_GRID(self));
  g_autoptr(GtkBitset) chosen = gtk_bitset_new_empty(), all = gtk_bitset_new_empty();
  for (gsize i = 0; i < n; i++) {
    guint position = pct_neuron_list_find(self->list, neurons[i]);
    if (position != PCT_NEURON_NOWHERE)
      gtk_bitset_add(chosen, position);
  }
  gtk_bitset_add_range(all, 0, pct_neuron_list_get_n(self->list));
  gtk_selection_model_set_selection(GTK_SELECTION_MODEL(self->model), chosen, all);
}

guint
pct_neuron_grid_get_n_drawn(PctNeuronGrid *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_GRID(self), 0);
  GHashTableIter iter;
  gpointer tile;
  guint n = 0;
  g_hash_table_iter_init(&iter, self->bound);
  while (g_hash_table_iter_next(&iter, &tile, NULL))
    n += pct_neuron_tile_get_n_drawn(tile) > 0;
  return n;
}

static void
pct_neuron_grid_dispose(GObject *object)
{
  PctNeuronGrid *self = PCT_NEURON_GRID(object);
  g_clear_handle_id(&self->scrolling, g_source_remove);
  if (self->model)
    g_signal_handlers_disconnect_by_data(self->model, self);
  if (self->list)
    g_signal_handlers_disconnect_by_data(self->list, self);
  g_clear_pointer(&self->stack, gtk_widget_unparent);
  self->table = NULL;
  g_clear_object(&self->model);
  g_clear_object(&self->neurons);
  g_clear_object(&self->list);
  g_clear_object(&self->selection);
  G_OBJECT_CLASS(pct_neuron_grid_parent_class)->dispose(object);
}

static void
pct_neuron_grid_finalize(GObject *object)
{
  PctNeuronGrid *self = PCT_NEURON_GRID(object);
  g_clear_pointer(&self->cache, pct_mei_cache_free);
  g_hash_table_unref(self->bound);
  g_free(self->selected);
  G_OBJECT_CLASS(pct_neuron_grid_parent_class)->finalize(object);
}

static void
pct_neuron_grid_class_init(PctNeuronGridClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_neuron_grid_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_neuron_grid_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  signals[SIGNAL_SELECTED] = g_signal_new("selected", PCT_TYPE_NEURON_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
}

static void
pct_neuron_grid_init(PctNeuronGrid *self)
{
  self->bound = g_hash_table_new(NULL, NULL);
}

static GtkWidget *
build_grid(PctNeuronGrid *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect_object(factory, "setup", G_CALLBACK(tile_setup), self, 0);
  g_signal_connect_object(factory, "bind", G_CALLBACK(tile_bind), self, 0);
  g_signal_connect_object(factory, "unbind", G_CALLBACK(tile_unbind), self, 0);
  self->grid = gtk_grid_view_new(GTK_SELECTION_MODEL(g_object_ref(self->model)), factory);
  gtk_grid_view_set_min_columns(GTK_GRID_VIEW(self->grid), 2);
  gtk_grid_view_set_max_columns(GTK_GRID_VIEW(self->grid), 12);
  gtk_widget_add_css_class(self->grid, "images");
  gtk_widget_add_css_class(self->grid, "neurons");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Neurons of the recording"), -1);
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), self->grid);
  gtk_widget_set_vexpand(scroller, TRUE);
  return scroller;
}

GtkWidget *
pct_neuron_grid_new(PctNeurons *neurons, PctNeuronList *list, PctSelection *selection)
{
  PctNeuronGrid *self = g_object_new(PCT_TYPE_NEURON_GRID, NULL);
  self->neurons = g_object_ref(neurons);
  self->list = g_object_ref(list);
  self->selection = g_object_ref(selection);
  self->cache = pct_mei_cache_new(neurons, CACHED);
  self->selected = g_new0(guint8, (gsize)MAX(pct_neurons_get_n(neurons), 1));
  self->model = gtk_multi_selection_new(g_object_ref(G_LIST_MODEL(list)));
  self->stack = gtk_stack_new();
  gtk_stack_add_named(GTK_STACK(self->stack), build_grid(self), "grid");
  gtk_widget_set_parent(self->stack, GTK_WIDGET(self));
  g_signal_connect_object(self->model, "selection-changed", G_CALLBACK(on_selection_changed), self, G_CONNECT_SWAPPED);
  // After the model over the list, which has to know first what is where.
  g_signal_connect_object(list, "items-changed", G_CALLBACK(on_list_changed), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object(neurons, "changed", G_CALLBACK(on_columns_changed), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object(neurons, "meis-changed", G_CALLBACK(on_meis_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "notify::neuron", G_CALLBACK(show_neuron), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "neurons-changed", G_CALLBACK(on_pinned), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self, "map", G_CALLBACK(queue_scroll), self, G_CONNECT_SWAPPED);
  show_neuron(self);
  return GTK_WIDGET(self);
}
