// SPDX-License-Identifier: GPL-3.0-or-later
// The page only passes on: actions change the list, the selection and what is being made; what these notify is shown,
// once a frame however much of it came.
#include "config.h"
#include "neurons/neurons-page-private.h"
#include <adwaita.h>
#include <glib/gi18n.h>
#include "neurons/neuron-offers.h"
#include "page-actions.h"
#include "plots/number-text.h"
#include "work/meis.h"

#define LEAST_PANE 410
#define MOST_PANE 560

G_DEFINE_FINAL_TYPE(PctNeuronsPage, pct_neurons_page, GTK_TYPE_WIDGET)

gboolean
pct_neurons_page_is_neuron(PctNeuronsPage *self, int neuron)
{
  return neuron >= 0 && neuron < pct_neurons_get_n(self->neurons);
}

GArray *
pct_neurons_page_dup_wanted(PctNeuronsPage *self)
{
  GArray *wanted = g_array_new(FALSE, FALSE, sizeof(int));
  guint n_selected;
  const guint8 *selected = pct_neuron_grid_get_selected(PCT_NEURON_GRID(self->grid), &n_selected);
  int in_hand = pct_selection_get_neuron(self->selection);
  if (n_selected >= 2 || pct_neuron_list_has_lasso(self->list)) {
    for (guint i = 0; i < pct_neuron_list_get_n(self->list); i++) {
      int neuron = pct_neuron_list_get_neuron(self->list, i);
      if (n_selected < 2 || selected[neuron])
        g_array_append_val(wanted, neuron);
    }
  } else if (pct_neurons_page_is_neuron(self, in_hand))
    g_array_append_val(wanted, in_hand);
  return wanted;
}

static void
show_pin(PctNeuronsPage *self)
{
  g_autoptr(GArray) wanted = pct_neurons_page_dup_wanted(self);
  guint n = MIN(wanted->len, PCT_MOST_PINNED);
  g_autofree char *number = pct_number_text(n, 0);
  g_autofree char *text = wanted->len > n ? g_strdup_printf(_("Pin the First %s"), number)
                          : n > 1         ? g_strdup_printf(_("Pin %s Neurons"), number)
                                          : g_strdup("");
  gtk_button_set_label(GTK_BUTTON(self->pin), text);
  gtk_widget_set_visible(self->pin, n > 1);  // one has its button beside its name
  pct_page_actions_set_enabled(self->actions, "pin-selection", n > 0);
}

static void
show_status(PctNeuronsPage *self)
{
  int n = pct_neurons_get_n(self->neurons), n_meis = pct_neurons_get_n_meis(self->neurons);
  g_autofree char *some = pct_number_text(n_meis, 0), *all = pct_number_text(n, 0), *text = NULL;
  gboolean offered = pct_offer_meis(PCT_OFFER(self->offer), self->neurons);
  gtk_widget_set_visible(self->offer_bin, offered);
  if (n_meis > 0 && n_meis < n)
    text = g_strdup_printf(_("MEIs of %s of %s neurons"), some, all);
  else if (pct_neurons_get_pending(self->neurons))
    text = g_strdup(_("Numbers are being computed…"));
  gtk_label_set_label(GTK_LABEL(self->status), text ? text : "");
}

void
pct_neurons_page_show_actions(PctNeuronsPage *self)
{
  int in_hand = pct_selection_get_neuron(self->selection);
  gboolean descending;
  PctNeuronColumn column = pct_neuron_list_get_sort(self->list, &descending);
  GActionMap *map = G_ACTION_MAP(self->actions);
  g_simple_action_set_state(G_SIMPLE_ACTION(g_action_map_lookup_action(map, "sort")),
                            g_variant_new_string(pct_column_get_name(column)));
  g_simple_action_set_state(G_SIMPLE_ACTION(g_action_map_lookup_action(map, "descending")),
                            g_variant_new_boolean(descending));
  pct_page_actions_set_enabled(self->actions, "slide", pct_neurons_page_is_neuron(self, in_hand));
  pct_page_actions_set_enabled(self->actions, "clear-lasso", pct_neuron_list_has_lasso(self->list));
  pct_page_actions_set_enabled(self->actions, "make-meis", pct_neurons_get_encoder(self->neurons) != NULL);
  pct_page_actions_set_enabled(
    self->actions, "find-receptive-fields",
    pct_neurons_get_receptive_field_state(self->neurons) != PCT_RECEPTIVE_FIELDS_FINDING);
}

static char *
describe_unknown(PctNeuronsPage *self, PctNeuronColumns unknown)
{
  GString *names = g_string_new(NULL);
  for (int i = 0; i < PCT_N_COLUMNS; i++)
    if (unknown & PCT_COLUMN_BIT(i))
      g_string_append_printf(names, "%s%s", names->len ? ", " : "", pct_column_get_name((PctNeuronColumn)i));
  g_autofree char *all = g_string_free(names, FALSE);
  // Translators: %s is one or several names of columns, "rf_x, rf_y".
  const char *text = unknown & pct_neurons_get_pending(self->neurons) ? _("Not known yet: %s. It is being computed.")
                     : unknown & PCT_COLUMNS_OF_RECEPTIVE_FIELDS
                       ? _("Not known yet: %s. Find the receptive fields first.")
                     : unknown & PCT_COLUMNS_OF_ENCODER ? _("Not known yet: %s. Train an encoder first.")
                     : unknown & PCT_COLUMNS_OF_MEIS    ? _("Not known yet: %s. Make most exciting inputs first.")
                                                        : _("Not known of this recording: %s.");
  return g_strdup_printf(text, all);
}

// Why none is left.
static void
show_none(PctNeuronsPage *self)
{
  PctNeuronColumns unknown = pct_neuron_list_get_unknown(self->list);
  gboolean line = pct_neuron_list_has_lasso(self->list), filter = *pct_neuron_list_get_filter(self->list) != '\0';
  g_autofree char *text = unknown           ? describe_unknown(self, unknown)
                          : line && filter  ? g_strdup(_("None passes the filter and lies inside the line."))
                          : line            ? g_strdup(_("None lies inside the line."))
                                            : g_strdup(_("None passes the filter."));
  adw_status_page_set_description(ADW_STATUS_PAGE(self->none), text);
}

static void
show_views(PctNeuronsPage *self)
{
  int in_hand = pct_selection_get_neuron(self->selection);
  pct_neuron_pane_set_left_out(PCT_NEURON_PANE(self->pane), pct_neurons_page_is_neuron(self, in_hand) &&
                                 pct_neuron_list_find(self->list, in_hand) == PCT_NEURON_NOWHERE);
  show_none(self);
  gtk_stack_set_visible_child_name(GTK_STACK(self->views), pct_neuron_list_get_n(self->list) > 0 ? "neurons" : "none");
}

// A neuron to begin with, as soon as the order means something.
static void
choose_first(PctNeuronsPage *self)
{
  PctNeuronColumns pending = pct_neurons_get_pending(self->neurons);
  if (pct_selection_get_neuron(self->selection) < 0 && pct_neuron_list_get_n(self->list) > 0 &&
      !(pending & PCT_COLUMN_BIT(pct_neuron_list_get_sort(self->list, NULL))))
    pct_selection_set_neuron(self->selection, pct_neuron_list_get_neuron(self->list, 0));
}

static gboolean
update(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  PctNeuronsPage *self = data;
  int in_hand = pct_selection_get_neuron(self->selection);
  self->updating = 0;
  choose_first(self);
  pct_neuron_side_update(PCT_NEURON_SIDE(self->side), pct_neuron_grid_get_selected(PCT_NEURON_GRID(self->grid), NULL),
                         pct_neurons_page_is_neuron(self, in_hand) ? in_hand : -1);
  show_views(self);
  show_status(self);
  show_pin(self);
  pct_neurons_page_show_actions(self);
  return G_SOURCE_REMOVE;
}

void
pct_neurons_page_queue_update(PctNeuronsPage *self)
{
  if (self->updating == 0)
    self->updating = gtk_widget_add_tick_callback(GTK_WIDGET(self), update, self, NULL);
}

void
pct_neurons_page_tell(PctNeuronsPage *self, const char *sentence)
{
  gtk_label_set_label(GTK_LABEL(self->error), sentence ? sentence : "");
  gtk_widget_set_visible(self->error, sentence != NULL);
}


static void
pct_neurons_page_map(GtkWidget *widget)
{
  PctNeuronsPage *self = PCT_NEURONS_PAGE(widget);
  GTK_WIDGET_CLASS(pct_neurons_page_parent_class)->map(widget);
  pct_neurons_set_active(self->neurons, TRUE);
  pct_neurons_page_queue_update(self);
}

// The neuron in hand gets a good third of the window, until somebody moves the handle.
static void
pct_neurons_page_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  PctNeuronsPage *self = PCT_NEURONS_PAGE(widget);
  if (!self->divided) {
    gtk_paned_set_position(GTK_PANED(self->paned), width - CLAMP((int)(0.35 * width), LEAST_PANE, MOST_PANE));
    self->divided = TRUE;
  }
  GTK_WIDGET_CLASS(pct_neurons_page_parent_class)->size_allocate(widget, width, height, baseline);
}

static void
pct_neurons_page_unmap(GtkWidget *widget)
{
  pct_neurons_set_active(PCT_NEURONS_PAGE(widget)->neurons, FALSE);
  GTK_WIDGET_CLASS(pct_neurons_page_parent_class)->unmap(widget);
}

static void
pct_neurons_page_dispose(GObject *object)
{
  PctNeuronsPage *self = PCT_NEURONS_PAGE(object);
  if (self->updating)
    gtk_widget_remove_tick_callback(GTK_WIDGET(self), self->updating);
  self->updating = 0;
  if (self->neurons)
    g_signal_handlers_disconnect_by_data(self->neurons, self);
  g_clear_pointer(&self->paned, gtk_widget_unparent);
  g_clear_object(&self->list);
  g_clear_object(&self->neurons);
  g_clear_object(&self->project);
  g_clear_object(&self->selection);
  G_OBJECT_CLASS(pct_neurons_page_parent_class)->dispose(object);
}

static void
pct_neurons_page_class_init(PctNeuronsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->dispose = pct_neurons_page_dispose;
  widget_class->map = pct_neurons_page_map;
  widget_class->size_allocate = pct_neurons_page_size_allocate;
  widget_class->unmap = pct_neurons_page_unmap;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
pct_neurons_page_init(PctNeuronsPage *self)
{
}

static GtkWidget *
make_pill(const char *label, const char *view)
{
  GtkWidget *pill = gtk_toggle_button_new_with_label(label);
  gtk_widget_add_css_class(pill, "pill-toggle");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(pill), "neurons.view");
  gtk_actionable_set_action_target(GTK_ACTIONABLE(pill), "s", view);
  return pill;
}

static GtkWidget *
make_top(PctNeuronsPage *self)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_add_css_class(line, "neurons-top");
  self->status = gtk_label_new("");
  gtk_widget_add_css_class(self->status, "dim-label");
  gtk_widget_add_css_class(self->status, "small");
  gtk_widget_add_css_class(self->status, "numeric");
  gtk_widget_set_hexpand(self->status, TRUE);
  gtk_label_set_xalign(GTK_LABEL(self->status), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->status), PANGO_ELLIPSIZE_END);
  self->pin = gtk_button_new_with_label("");
  gtk_widget_set_tooltip_text(self->pin, _("Pin for the Slide page: the selected neurons, or all inside the line"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->pin), "neurons.pin-selection");
  gtk_box_append(GTK_BOX(line), make_pill(_("Grid"), "grid"));
  gtk_box_append(GTK_BOX(line), make_pill(_("List"), "list"));
  gtk_box_append(GTK_BOX(line), self->status);
  gtk_box_append(GTK_BOX(line), self->pin);
  return line;
}

static GtkWidget *
make_none(void)
{
  GtkWidget *none = adw_status_page_new(), *button = gtk_button_new_with_label(_("Show All Neurons"));
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(none), "system-search-symbolic");
  adw_status_page_set_title(ADW_STATUS_PAGE(none), _("No neuron is left"));
  gtk_widget_add_css_class(none, "compact");
  gtk_widget_add_css_class(button, "pill");
  gtk_widget_set_halign(button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "neurons.clear-filter");
  adw_status_page_set_child(ADW_STATUS_PAGE(none), button);
  return none;
}

static GtkWidget *
make_middle(PctNeuronsPage *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->grid = pct_neuron_grid_new(self->neurons, self->list, self->selection);
  self->offer = pct_offer_new(TRUE);
  self->offer_bin = adw_bin_new();
  gtk_widget_add_css_class(self->offer_bin, "offer-bin");
  gtk_widget_add_css_class(self->offer_bin, "card");
  adw_bin_set_child(ADW_BIN(self->offer_bin), self->offer);
  gtk_widget_set_visible(self->offer_bin, FALSE);
  self->error = gtk_label_new("");
  gtk_label_set_wrap(GTK_LABEL(self->error), TRUE);
  gtk_label_set_xalign(GTK_LABEL(self->error), 0);
  gtk_widget_add_css_class(self->error, "error");
  gtk_widget_add_css_class(self->error, "neurons-top");
  gtk_widget_set_visible(self->error, FALSE);
  self->views = gtk_stack_new();
  gtk_widget_set_vexpand(self->views, TRUE);
  gtk_stack_add_named(GTK_STACK(self->views), self->grid, "neurons");
  gtk_stack_add_named(GTK_STACK(self->views), (self->none = make_none()), "none");
  gtk_widget_set_size_request(box, 280, -1);
  gtk_box_append(GTK_BOX(box), make_top(self));
  gtk_box_append(GTK_BOX(box), self->offer_bin);
  gtk_box_append(GTK_BOX(box), self->error);
  gtk_box_append(GTK_BOX(box), self->views);
  return box;
}

static void
watch(PctNeuronsPage *self)
{
  const struct {
    gpointer object;
    const char *signal;
  } signals[] = {
    { self->neurons, "changed" }, { self->neurons, "meis-changed" }, { self->neurons, "notify" },
    { self->list, "items-changed" }, { self->grid, "selected" }, { self->selection, "notify::neuron" },
    { self->selection, "neurons-changed" }, { pct_project_get_models(self->project), "items-changed" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    g_signal_connect_object(signals[i].object, signals[i].signal, G_CALLBACK(pct_neurons_page_queue_update), self,
                            G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

// Pages are made when nothing else is to be done: a set of MEIs that is read by then is in sight at once when the page
// is opened.
static void
read_meis(PctNeuronsPage *self)
{
  PctModel *set = pct_neurons_get_mei_set(self->neurons);
  if (set && pct_model_get_state(set) == PCT_MODEL_FINISHED)
    pct_meis_load(pct_model_get_meis(set), pct_project_get_lanes(self->project));
}

GtkWidget *
pct_neurons_page_new(PctProject *project, PctSelection *selection)
{
  PctNeuronsPage *self = g_object_new(PCT_TYPE_NEURONS_PAGE, NULL);
  PctTier tier;
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->neurons = pct_neurons_dup_shared(project);
  self->list = pct_neuron_list_new(self->neurons);
  if (pct_neurons_get_reliability_tier(self->neurons, &tier))
    pct_neuron_list_set_sort(self->list, PCT_COLUMN_RELIABILITY, TRUE);
  pct_neurons_page_add_commands(self);
  self->side = pct_neuron_side_new(self->neurons, self->list);
  self->pane = pct_neuron_pane_new(self->neurons, selection);
  gtk_widget_set_size_request(self->pane, LEAST_PANE, -1);
  GtkWidget *left = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), *middle = make_middle(self);
  gtk_widget_set_hexpand(middle, TRUE);
  gtk_box_append(GTK_BOX(left), self->side);
  gtk_box_append(GTK_BOX(left), gtk_separator_new(GTK_ORIENTATION_VERTICAL));
  gtk_box_append(GTK_BOX(left), middle);
  self->paned = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL);
  gtk_paned_set_start_child(GTK_PANED(self->paned), left);
  gtk_paned_set_end_child(GTK_PANED(self->paned), self->pane);
  gtk_paned_set_shrink_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_resize_end_child(GTK_PANED(self->paned), FALSE);
  gtk_widget_set_parent(self->paned, GTK_WIDGET(self));
  watch(self);
  read_meis(self);
  pct_neurons_page_show_actions(self);
  return GTK_WIDGET(self);
}

PctNeurons *
pct_neurons_page_get_neurons(PctNeuronsPage *self)
{
  g_return_val_if_fail(PCT_IS_NEURONS_PAGE(self), NULL);
  return self->neurons;
}

PctNeuronList *
pct_neurons_page_get_list(PctNeuronsPage *self)
{
  g_return_val_if_fail(PCT_IS_NEURONS_PAGE(self), NULL);
  return self->list;
}

PctNeuronGrid *
pct_neurons_page_get_grid(PctNeuronsPage *self)
{
  g_return_val_if_fail(PCT_IS_NEURONS_PAGE(self), NULL);
  return PCT_NEURON_GRID(self->grid);
}

PctNeuronSide *
pct_neurons_page_get_side(PctNeuronsPage *self)
{
  g_return_val_if_fail(PCT_IS_NEURONS_PAGE(self), NULL);
  return PCT_NEURON_SIDE(self->side);
}

PctNeuronPane *
pct_neurons_page_get_pane(PctNeuronsPage *self)
{
  g_return_val_if_fail(PCT_IS_NEURONS_PAGE(self), NULL);
  return PCT_NEURON_PANE(self->pane);
}

const char *
pct_neurons_page_get_offer(PctNeuronsPage *self)
{
  g_return_val_if_fail(PCT_IS_NEURONS_PAGE(self), NULL);
  return gtk_widget_get_visible(self->offer_bin) ? pct_offer_get_sentence(PCT_OFFER(self->offer)) : NULL;
}
