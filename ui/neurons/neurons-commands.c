// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of the Neurons page: each changes the list, the selection or what is being made, and has it shown.
#include "config.h"
#include <math.h>
#include "neurons/map-view.h"
#include "neurons/neuron-offers.h"
#include "neurons/neurons-page-private.h"
#include "page-actions.h"
#include "work/command-line.h"
#include "work/training.h"

static void
set_order(PctNeuronsPage *self, PctNeuronColumn column, gboolean descending)
{
  pct_neuron_list_set_sort(self->list, column, descending);
  pct_neuron_grid_update_sort(PCT_NEURON_GRID(self->grid));
  pct_neurons_page_show_actions(self);
  pct_neurons_page_queue_update(self);
}

static void
filter(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  const char *text = g_variant_get_string(parameter, NULL);
  g_autoptr(GError) error = NULL;
  pct_neuron_list_set_filter(self->list, text, &error);
  pct_neuron_side_set_filter(PCT_NEURON_SIDE(self->side), text, error ? error->message : NULL);
  pct_neurons_page_queue_update(self);
}

static void
clear_filter(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  pct_neuron_list_set_filter(self->list, "", NULL);
  pct_neuron_list_set_lasso(self->list, PCT_MAP_CORTEX, NULL, 0);
  pct_neuron_side_set_filter(PCT_NEURON_SIDE(self->side), "", NULL);
  pct_neurons_page_queue_update(self);
}

static void
focus_filter(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_neuron_side_focus_filter(PCT_NEURON_SIDE(PCT_NEURONS_PAGE(data)->side));
}

// The highest first, but for what is counted or lies somewhere.
static gboolean
is_better_high(PctNeuronColumn column)
{
  switch (column) {
  case PCT_COLUMN_NUMBER:
  case PCT_COLUMN_UNIT_ID:
  case PCT_COLUMN_X:
  case PCT_COLUMN_Y:
  case PCT_COLUMN_Z:
  case PCT_COLUMN_AREA:
  case PCT_COLUMN_LAYER:
  case PCT_COLUMN_DEPTH:
  case PCT_COLUMN_RF_X:
  case PCT_COLUMN_RF_Y:
  case PCT_COLUMN_ORIENTATION:
    return FALSE;
  default:
    return TRUE;
  }
}

static void
sort(GSimpleAction *action, GVariant *value, gpointer data)
{
  PctNeuronsPage *self = data;
  PctNeuronColumn column;
  if (pct_column_from_name(g_variant_get_string(value, NULL), &column) &&
      column != pct_neuron_list_get_sort(self->list, NULL))
    set_order(self, column, is_better_high(column));
}

static void
set_descending(GSimpleAction *action, GVariant *value, gpointer data)
{
  PctNeuronsPage *self = data;
  set_order(self, pct_neuron_list_get_sort(self->list, NULL), g_variant_get_boolean(value));
}

static void
order(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  const char *name;
  gboolean descending;
  PctNeuronColumn column;
  g_variant_get(parameter, "(&sb)", &name, &descending);
  if (pct_column_from_name(name, &column))
    set_order(self, column, descending);
}

static void
set_view(GSimpleAction *action, GVariant *value, gpointer data)
{
  PctNeuronsPage *self = data;
  const char *name = g_variant_get_string(value, NULL);
  if (!g_str_equal(name, "grid") && !g_str_equal(name, "list"))
    return;
  g_simple_action_set_state(action, value);
  pct_neuron_grid_show_table(PCT_NEURON_GRID(self->grid), g_str_equal(name, "list"));
}

static void
other_view(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  g_autoptr(GVariant) now = g_action_group_get_action_state(G_ACTION_GROUP(self->actions), "view");
  gboolean grid = g_str_equal(g_variant_get_string(now, NULL), "grid");
  g_action_group_change_action_state(G_ACTION_GROUP(self->actions), "view", g_variant_new_string(grid ? "list" : "grid"));
}

static void
set_colour(GSimpleAction *action, GVariant *value, gpointer data)
{
  PctNeuronsPage *self = data;
  PctNeuronColumn column;
  guint n;
  const PctNeuronColumn *columns = pct_neuron_side_get_colours(PCT_NEURON_SIDE(self->side), &n);
  if (!pct_column_from_name(g_variant_get_string(value, NULL), &column))
    return;
  for (guint i = 0; i < n; i++)
    if (columns[i] == column) {
      g_simple_action_set_state(action, value);
      pct_neuron_side_set_colour(PCT_NEURON_SIDE(self->side), column);
      pct_neurons_page_queue_update(self);
    }
}

static void
choose(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  int neuron = g_variant_get_int32(parameter);
  if (pct_neurons_page_is_neuron(self, neuron))
    pct_selection_set_neuron(self->selection, neuron);
}

static void
step(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  guint n = pct_neuron_list_get_n(self->list), at;
  gboolean next = g_str_equal(g_action_get_name(G_ACTION(action)), "next");
  if (n == 0)
    return;
  at = pct_neuron_list_find(self->list, pct_selection_get_neuron(self->selection));
  if (at == PCT_NEURON_NOWHERE)
    at = 0;
  else if (next)
    at = MIN(at + 1, n - 1);
  else
    at = at > 0 ? at - 1 : 0;
  pct_selection_set_neuron(self->selection, pct_neuron_list_get_neuron(self->list, at));
}

static void
select_neurons(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  gsize n;
  const gint32 *neurons = g_variant_get_fixed_array(parameter, &n, sizeof(gint32));
  pct_neuron_grid_select(PCT_NEURON_GRID(self->grid), neurons, n);
}

static void
lasso(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  const char *name;
  g_autoptr(GVariant) corners = NULL;
  g_autoptr(GArray) line = g_array_new(FALSE, FALSE, sizeof(PctMapPoint));
  PctNeuronMap map;
  PctMapPoint corner;
  GVariantIter iter;
  g_variant_get(parameter, "(&s@a(dd))", &name, &corners);
  if (!pct_neuron_map_from_name(name, &map))
    return;
  g_variant_iter_init(&iter, corners);
  while (g_variant_iter_next(&iter, "(dd)", &corner.x, &corner.y))
    if (isfinite(corner.x) && isfinite(corner.y))
      g_array_append_val(line, corner);
  pct_neuron_list_set_lasso(self->list, map, (const PctMapPoint *)(gpointer)line->data, (int)line->len);
  pct_neurons_page_show_actions(self);
  pct_neurons_page_queue_update(self);
}

static void
clear_lasso(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  pct_neuron_list_set_lasso(self->list, PCT_MAP_CORTEX, NULL, 0);
  pct_neurons_page_show_actions(self);
  pct_neurons_page_queue_update(self);
}

static void
pin(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  int neuron = g_variant_get_int32(parameter);
  if (!pct_neurons_page_is_neuron(self, neuron))
    return;
  if (g_str_equal(g_action_get_name(G_ACTION(action)), "pin"))
    pct_selection_add_neuron(self->selection, neuron);
  else
    pct_selection_remove_neuron(self->selection, neuron);
}

static void
pin_selection(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  g_autoptr(GArray) wanted = pct_neurons_page_dup_wanted(self), pinned = g_array_new(FALSE, FALSE, sizeof(int));
  guint n;
  const int *before = pct_selection_get_neurons(self->selection, &n);
  if (n > 0)
    g_array_append_vals(pinned, before, n);
  for (guint i = 0; i < MIN(wanted->len, PCT_MOST_PINNED); i++) {
    int neuron = g_array_index(wanted, int, i);
    if (!pct_selection_has_neuron(self->selection, neuron))
      g_array_append_val(pinned, neuron);
  }
  pct_selection_set_neurons(self->selection, (const int *)(gpointer)pinned->data, pinned->len);
}

static void
slide(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  int neuron = pct_selection_get_neuron(self->selection);
  if (!pct_neurons_page_is_neuron(self, neuron))
    return;
  pct_selection_add_neuron(self->selection, neuron);
  gtk_widget_activate_action(GTK_WIDGET(self), "win.page", "s", "slide");
}

static void
show_image(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  int image = g_variant_get_int32(parameter);
  if (image < 0 || image >= pct_project_get_n_images(self->project))
    return;
  pct_selection_set_image(self->selection, image);
  gtk_widget_activate_action(GTK_WIDGET(self), "win.page", "s", "images");
}

// An encoder has options worth a look and takes its time, so the Train page starts it.
static void
train_encoder(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  gtk_widget_activate_action(GTK_WIDGET(self), "win.page", "s", "train");
  if (pct_project_find_kind(self->project, pct_encoder_kinds[0]))
    gtk_widget_activate_action(GTK_WIDGET(self), "win.train.kind", "s", pct_encoder_kinds[0]);
}

static void
make_meis(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  PctKind *kind = pct_project_find_kind(self->project, pct_mei_kinds[0]);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctJob) job = kind ? pct_project_train(self->project, kind, NULL, 1, NULL, &error) : NULL;
  if (!kind)
    gtk_widget_activate_action(GTK_WIDGET(self), "win.page", "s", "train");
  pct_neurons_page_tell(self, error ? error->message : NULL);
  pct_neurons_page_queue_update(self);
}

static void
find_receptive_fields(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctNeuronsPage *self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctJob) job = pct_neurons_find_receptive_fields(self->neurons, &error);
  pct_neurons_page_tell(self, error ? error->message : NULL);
  pct_neurons_page_queue_update(self);
}

static const GActionEntry entries[] = {
  { "filter", filter, "s" }, { "clear-filter", clear_filter }, { "focus-filter", focus_filter },
  { "sort", NULL, "s", "'number'", sort }, { "descending", NULL, NULL, "false", set_descending },
  { "order", order, "(sb)" }, { "view", NULL, "s", "'grid'", set_view }, { "other-view", other_view },
  { "colour", NULL, "s", "'orientation'", set_colour },
  { "choose", choose, "i" }, { "next", step }, { "previous", step }, { "select", select_neurons, "ai" },
  { "lasso", lasso, "(sa(dd))" }, { "clear-lasso", clear_lasso },
  { "pin", pin, "i" }, { "unpin", pin, "i" }, { "pin-selection", pin_selection },
  { "slide", slide }, { "show-image", show_image, "i" },
  { "train-encoder", train_encoder }, { "make-meis", make_meis }, { "find-receptive-fields", find_receptive_fields },
};

static const struct {
  const char *key, *action;
} keys[] = {
  { "<Control>f", "neurons.focus-filter" }, { "<Alt>Down", "neurons.next" }, { "<Alt>Up", "neurons.previous" },
  { "<Control>l", "neurons.other-view" }, { "<Control>p", "neurons.pin-selection" }, { "<Control>s", "neurons.slide" },
};

void
pct_neurons_page_add_commands(PctNeuronsPage *self)
{
  self->actions = pct_page_actions_new(GTK_WIDGET(self), "neurons", entries, G_N_ELEMENTS(entries), self);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    pct_page_actions_add_key(GTK_WIDGET(self), keys[i].key, keys[i].action);
}

// A line drawn on a map has no words: the neurons inside it are named.
static void
add_only(PctNeuronsPage *self, PctCommandLine *line)
{
  g_autoptr(GString) only = g_string_new(NULL);
  for (guint i = 0; i < pct_neuron_list_get_n(self->list); i++)
    g_string_append_printf(only, "%s%d", i > 0 ? "," : "", pct_neuron_list_get_neuron(self->list, i));
  pct_command_line_add(line, "--only", only->str, NULL);
}

char *
pct_neurons_page_dup_command(GtkWidget *page, GError **error)
{
  PctNeuronsPage *self = PCT_NEURONS_PAGE(page);
  PctCommandLine *line = pct_command_line_new("neurons");
  PctModel *encoder = pct_neurons_get_encoder(self->neurons), *meis = pct_neurons_get_mei_set(self->neurons);
  const char *filter = pct_neuron_list_get_filter(self->list);
  gboolean descending;
  PctNeuronColumn sort = pct_neuron_list_get_sort(self->list, &descending);
  pct_command_line_add_recording(line, NULL, self->project);
  if (*filter)
    pct_command_line_add(line, "--filter", filter, NULL);
  if (pct_neuron_list_has_lasso(self->list))
    add_only(self, line);
  pct_command_line_add(line, "--sort", pct_column_get_name(sort), descending ? "--descending" : NULL, NULL);
  if (encoder)
    pct_command_line_add(line, "-e", pct_model_get_name(encoder), NULL);
  if (meis)
    pct_command_line_add(line, "--meis", pct_model_get_name(meis), NULL);
  return pct_command_line_free(line);
}
