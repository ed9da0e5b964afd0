// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "neurons/neuron-side.h"
#include <glib/gi18n.h>
#include "neurons/map-view.h"
#include "neurons/neuron-offers.h"
#include "neurons/neuron-table.h"
#include "neurons/population.h"
#include "plots/number-text.h"

#define WIDTH 276

static const PctNeuronColumn colours[] = {
  PCT_COLUMN_ORIENTATION, PCT_COLUMN_FREQUENCY, PCT_COLUMN_RELIABILITY, PCT_COLUMN_CORRELATION_AVERAGED,
  PCT_COLUMN_MEI_RESPONSE, PCT_COLUMN_RF_X, PCT_COLUMN_RF_Y, PCT_COLUMN_AREA, PCT_COLUMN_LAYER, PCT_COLUMN_DEPTH,
};

struct _PctNeuronSide {
  GtkWidget parent_instance;
  GtkWidget *box, *entry, *problem, *count, *clear, *sort, *colour_line, *colour, *offer;
  GtkWidget *cortex, *cortex_part, *image, *image_part, *histogram, *histogram_part, *scatter, *scatter_part;
  PctNeurons *neurons;
  PctNeuronList *list;
  PctNeuronColumn *colours, colour_column;  // (n_colours,) that this recording can have
  guint n_colours;
  gboolean setting;  // the widgets are being told the state
};

G_DEFINE_FINAL_TYPE(PctNeuronSide, pct_neuron_side, GTK_TYPE_WIDGET)

const PctNeuronColumn *
pct_neuron_side_get_colours(PctNeuronSide *self, guint *n)
{
  g_return_val_if_fail(PCT_IS_NEURON_SIDE(self), NULL);
  *n = self->n_colours;
  return self->colours;
}

static guint
find_column(const PctNeuronColumn *columns, guint n, PctNeuronColumn wanted)
{
  for (guint i = 0; i < n; i++)
    if (columns[i] == wanted)
      return i;
  return GTK_INVALID_LIST_POSITION;
}

static void
show_count(PctNeuronSide *self)
{
  guint n = pct_neuron_list_get_n(self->list), n_all = (guint)pct_neurons_get_n(self->neurons);
  gboolean lasso = pct_neuron_list_has_lasso(self->list), filter = *pct_neuron_list_get_filter(self->list) != '\0';
  g_autofree char *shown = pct_number_text(n, 0), *all = pct_number_text(n_all, 0);
  g_autofree char *text = !lasso && !filter
    ? g_strdup_printf(ngettext("%s neuron", "%s neurons", n_all), all)
    : g_strdup_printf(ngettext("%s of %s neuron", "%s of %s neurons", n_all), shown, all);
  g_autofree char *whole = lasso ? g_strdup_printf(_("%s, inside the line"), text) : g_strdup(text);
  gtk_label_set_label(GTK_LABEL(self->count), whole);
  gtk_widget_set_visible(self->clear, lasso);
}

static void
show_sort(PctNeuronSide *self, PctNeuronColumn colour)
{
  guint n;
  g_autofree PctNeuronColumn *columns = pct_neuron_table_dup_columns(self->neurons, &n);
  self->setting = TRUE;
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->sort), find_column(columns, n, pct_neuron_list_get_sort(self->list, NULL)));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->colour), find_column(self->colours, self->n_colours, colour));
  self->setting = FALSE;
}

void
pct_neuron_side_update(PctNeuronSide *self, const guint8 *selected, int marked)
{
  g_return_if_fail(PCT_IS_NEURON_SIDE(self));
  // A colour that is not known yet leaves room for one that is.
  PctNeuronColumn colour =
    pct_neurons_get_column(self->neurons, self->colour_column) ? self->colour_column : PCT_COLUMN_RELIABILITY;
  pct_map_view_set_colour(PCT_MAP_VIEW(self->cortex), colour);
  pct_map_view_set_colour(PCT_MAP_VIEW(self->image), colour);
  gboolean cortex = pct_map_view_update(PCT_MAP_VIEW(self->cortex), selected, marked);
  gboolean image = pct_map_view_update(PCT_MAP_VIEW(self->image), selected, marked);
  gboolean offered = pct_offer_receptive_fields(PCT_OFFER(self->offer), self->neurons);
  gtk_widget_set_visible(self->cortex_part, cortex);
  gtk_widget_set_visible(self->image_part, image || offered);
  gtk_widget_set_visible(self->colour_line, cortex || image);
  gtk_widget_set_visible(self->histogram_part, pct_correlation_view_show(self->histogram, self->neurons, marked));
  gtk_widget_set_visible(self->scatter_part,
                         pct_reliability_view_show(self->scatter, self->neurons, pct_neuron_list_get_shown(self->list),
                                                   selected, marked));
  show_count(self);
  show_sort(self, colour);
}

// What can be written; while there is something wrong it would only cover what.
static void
set_help(PctNeuronSide *self, const char *problem)
{
  gtk_widget_set_tooltip_text(self->entry, problem ? NULL
                                                   : _("Names of columns, numbers, < <= > >= = !=, and, or, not, + − × ÷ "
                                                       "and parentheses; for example area = V1 and depth > 200"));
}

void
pct_neuron_side_set_filter(PctNeuronSide *self, const char *text, const char *problem)
{
  g_return_if_fail(PCT_IS_NEURON_SIDE(self));
  self->setting = TRUE;
  if (g_strcmp0(gtk_editable_get_text(GTK_EDITABLE(self->entry)), text))
    gtk_editable_set_text(GTK_EDITABLE(self->entry), text);
  self->setting = FALSE;
  set_help(self, problem);
  gtk_label_set_label(GTK_LABEL(self->problem), problem ? problem : "");
  gtk_widget_set_visible(self->problem, problem != NULL);
  if (problem)
    gtk_widget_add_css_class(self->entry, "error");
  else
    gtk_widget_remove_css_class(self->entry, "error");
  gtk_accessible_update_state(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                              problem ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

const char *
pct_neuron_side_get_problem(PctNeuronSide *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_SIDE(self), NULL);
  return gtk_label_get_label(GTK_LABEL(self->problem));
}

void
pct_neuron_side_set_colour(PctNeuronSide *self, PctNeuronColumn column)
{
  g_return_if_fail(PCT_IS_NEURON_SIDE(self));
  self->colour_column = column;
}

void
pct_neuron_side_focus_filter(PctNeuronSide *self)
{
  g_return_if_fail(PCT_IS_NEURON_SIDE(self));
  gtk_widget_grab_focus(self->entry);
}

static void
on_text(PctNeuronSide *self)
{
  if (!self->setting)
    gtk_widget_activate_action(GTK_WIDGET(self), "neurons.filter", "s", gtk_editable_get_text(GTK_EDITABLE(self->entry)));
}

static void
on_sort(PctNeuronSide *self)
{
  guint n, chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->sort));
  g_autofree PctNeuronColumn *columns = pct_neuron_table_dup_columns(self->neurons, &n);
  if (!self->setting && chosen < n)
    gtk_widget_activate_action(GTK_WIDGET(self), "neurons.sort", "s", pct_column_get_name(columns[chosen]));
}

static void
on_colour(PctNeuronSide *self)
{
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->colour));
  if (!self->setting && chosen < self->n_colours)
    gtk_widget_activate_action(GTK_WIDGET(self), "neurons.colour", "s", pct_column_get_name(self->colours[chosen]));
}

static void
pct_neuron_side_dispose(GObject *object)
{
  PctNeuronSide *self = PCT_NEURON_SIDE(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->neurons);
  g_clear_object(&self->list);
  G_OBJECT_CLASS(pct_neuron_side_parent_class)->dispose(object);
}

static void
pct_neuron_side_finalize(GObject *object)
{
  g_free(PCT_NEURON_SIDE(object)->colours);
  G_OBJECT_CLASS(pct_neuron_side_parent_class)->finalize(object);
}

static void
pct_neuron_side_class_init(PctNeuronSideClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_neuron_side_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_neuron_side_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_neuron_side_init(PctNeuronSide *self)
{
  self->colour_column = PCT_COLUMN_ORIENTATION;
}

static GtkWidget *
make_columns(const PctNeuronColumn *columns, guint n, const char *label)
{
  g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
  for (guint i = 0; i < n; i++)
    gtk_string_list_append(titles, pct_column_get_title(columns[i]));
  GtkWidget *drop_down = gtk_drop_down_new(g_object_ref(G_LIST_MODEL(titles)), NULL);
  gtk_widget_add_css_class(drop_down, "small");
  gtk_widget_set_hexpand(drop_down, TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return drop_down;
}

// Below a title that folds it away.
static GtkWidget *
make_part(const char *title, const char *note, GtkWidget *first, GtkWidget *second)
{
  GtkWidget *expander = gtk_expander_new(NULL), *heading = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *name = gtk_label_new(title), *dim = gtk_label_new(note);
  gtk_widget_add_css_class(name, "heading");
  gtk_widget_add_css_class(dim, "dim-label");
  gtk_widget_add_css_class(dim, "caption");
  gtk_label_set_ellipsize(GTK_LABEL(dim), PANGO_ELLIPSIZE_END);
  gtk_widget_set_margin_start(heading, 4);
  gtk_box_append(GTK_BOX(heading), name);
  gtk_box_append(GTK_BOX(heading), dim);
  gtk_expander_set_label_widget(GTK_EXPANDER(expander), heading);
  gtk_expander_set_expanded(GTK_EXPANDER(expander), TRUE);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_margin_top(box, 6);
  gtk_box_append(GTK_BOX(box), first);
  if (second)
    gtk_box_append(GTK_BOX(box), second);
  gtk_expander_set_child(GTK_EXPANDER(expander), box);
  gtk_accessible_update_property(GTK_ACCESSIBLE(expander), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return expander;
}

static GtkWidget *
make_filter(PctNeuronSide *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  self->entry = gtk_search_entry_new();
  g_object_set(self->entry, "placeholder-text", "reliability > 0.3 and rf_x < 32", NULL);
  set_help(self, NULL);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Filter of the neurons"),
                                 -1);
  g_signal_connect_object(self->entry, "search-changed", G_CALLBACK(on_text), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->entry, "activate", G_CALLBACK(on_text), self, G_CONNECT_SWAPPED);
  self->problem = gtk_label_new("");
  gtk_label_set_wrap(GTK_LABEL(self->problem), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(self->problem), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign(GTK_LABEL(self->problem), 0);
  gtk_label_set_max_width_chars(GTK_LABEL(self->problem), 30);
  gtk_widget_add_css_class(self->problem, "error");
  gtk_widget_add_css_class(self->problem, "caption");
  gtk_widget_set_visible(self->problem, FALSE);
  gtk_box_append(GTK_BOX(box), self->entry);
  gtk_box_append(GTK_BOX(box), self->problem);
  return box;
}

static GtkWidget *
make_count(PctNeuronSide *self)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->count = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->count), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->count), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(self->count, TRUE);
  gtk_widget_add_css_class(self->count, "small");
  gtk_widget_add_css_class(self->count, "numeric");
  gtk_widget_add_css_class(self->count, "dim-label");
  self->clear = gtk_button_new_from_icon_name("edit-clear-symbolic");
  gtk_widget_add_css_class(self->clear, "flat");
  gtk_widget_add_css_class(self->clear, "small-button");
  gtk_widget_set_tooltip_text(self->clear, _("Take the line away"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->clear), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Take the line away"), -1);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->clear), "neurons.clear-lasso");
  gtk_box_append(GTK_BOX(line), self->count);
  gtk_box_append(GTK_BOX(line), self->clear);
  return line;
}

static GtkWidget *
make_sort(PctNeuronSide *self)
{
  guint n;
  g_autofree PctNeuronColumn *columns = pct_neuron_table_dup_columns(self->neurons, &n);
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class(line, "linked");
  self->sort = make_columns(columns, n, _("Sorted by"));
  gtk_widget_set_tooltip_text(self->sort, _("Sorted by"));
  g_signal_connect_object(self->sort, "notify::selected", G_CALLBACK(on_sort), self, G_CONNECT_SWAPPED);
  GtkWidget *descending = gtk_toggle_button_new();
  gtk_button_set_icon_name(GTK_BUTTON(descending), "view-sort-descending-symbolic");
  gtk_widget_set_tooltip_text(descending, _("Highest first"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(descending), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Highest first"), -1);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(descending), "neurons.descending");
  gtk_box_append(GTK_BOX(line), self->sort);
  gtk_box_append(GTK_BOX(line), descending);
  return line;
}

static GtkWidget *
make_colour(PctNeuronSide *self)
{
  self->colour_line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *title = gtk_label_new(_("Colour"));
  gtk_widget_add_css_class(title, "small");
  gtk_widget_add_css_class(title, "dim-label");
  self->colour = make_columns(self->colours, self->n_colours, _("Colour of the points"));
  g_signal_connect_object(self->colour, "notify::selected", G_CALLBACK(on_colour), self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(self->colour_line), title);
  gtk_box_append(GTK_BOX(self->colour_line), self->colour);
  return self->colour_line;
}

GtkWidget *
pct_neuron_side_new(PctNeurons *neurons, PctNeuronList *list)
{
  PctNeuronSide *self = g_object_new(PCT_TYPE_NEURON_SIDE, NULL);
  self->neurons = g_object_ref(neurons);
  self->list = g_object_ref(list);
  self->colours = pct_neuron_columns_dup_present(neurons, colours, G_N_ELEMENTS(colours), &self->n_colours);
  self->setting = TRUE;
  self->cortex = pct_map_view_new(neurons, list, PCT_MAP_CORTEX);
  self->image = pct_map_view_new(neurons, list, PCT_MAP_IMAGE);
  self->offer = pct_offer_new(FALSE);
  self->histogram = pct_correlation_view_new();
  self->scatter = pct_reliability_view_new();
  self->cortex_part = make_part(_("Cortex"), _("position of the cells"), self->cortex, NULL);
  self->image_part = make_part(_("Receptive fields"), _("on the image"), self->image, self->offer);
  self->histogram_part = make_part(_("Test correlation"), _("of the encoder’s predictions"), self->histogram, NULL);
  self->scatter_part = make_part(_("Against reliability"), NULL, self->scatter, NULL);
  GtkWidget *below = gtk_box_new(GTK_ORIENTATION_VERTICAL, 10);
  GtkWidget *parts[] = { make_colour(self), self->cortex_part, self->image_part, self->histogram_part, self->scatter_part };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(below), parts[i]);
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), below);
  gtk_widget_set_vexpand(scroller, TRUE);
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_add_css_class(self->box, "page-side");
  gtk_widget_add_css_class(self->box, "panel");
  gtk_widget_set_size_request(self->box, WIDTH, -1);
  gtk_box_append(GTK_BOX(self->box), make_filter(self));
  gtk_box_append(GTK_BOX(self->box), make_count(self));
  gtk_box_append(GTK_BOX(self->box), make_sort(self));
  gtk_box_append(GTK_BOX(self->box), scroller);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  self->setting = FALSE;
  return GTK_WIDGET(self);
}
