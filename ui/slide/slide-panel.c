// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/slide-panel.h"
#include <glib/gi18n.h>

#define WIDTH 300

struct _PctSlidePanel {
  GtkWidget parent_instance;
  GtkWidget *box, *search, *heading, *list, *below, *influence;
  PctProject *project;
  PctSelection *selection;
  PctSlide *slide;
  int n_averaged;  // that the rows' ranges are of
};

G_DEFINE_FINAL_TYPE(PctSlidePanel, pct_slide_panel, GTK_TYPE_WIDGET)

static PctNeuronRow *
row_at(PctSlidePanel *self, int i)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index(GTK_LIST_BOX(self->list), i);
  return row ? PCT_NEURON_ROW(row) : NULL;
}

PctNeuronRow *
pct_slide_panel_find(PctSlidePanel *self, int neuron)
{
  g_return_val_if_fail(PCT_IS_SLIDE_PANEL(self), NULL);
  PctNeuronRow *row;
  for (int i = 0; (row = row_at(self, i)); i++)
    if (pct_neuron_row_get_neuron(row) == neuron)
      return row;
  return NULL;
}

// Ranges fit the averaging: a mean of eight trials never gets as far as a single one.
static void
update_row(PctSlidePanel *self, PctNeuronRow *row)
{
  int neuron = pct_neuron_row_get_neuron(row);
  const PctResponseRanges *ranges = pct_project_get_ranges(self->project);
  gboolean based = pct_slide_get_responses(self->slide) != NULL;
  gboolean averaged = pct_slide_get_n_averaged(self->slide) > 1;
  double low = averaged ? ranges->averaged_minimum[neuron] : ranges->single_minimum[neuron];
  double high = averaged ? ranges->averaged_maximum[neuron] : ranges->single_maximum[neuron];
  gtk_widget_set_sensitive(GTK_WIDGET(row), based);
  pct_neuron_row_set_range(row, low, high, based ? pct_slide_get_recorded(self->slide, neuron) : ranges->mean[neuron]);
  pct_neuron_row_set_value(row, based ? pct_slide_get_response(self->slide, neuron) : ranges->mean[neuron]);
}

void
pct_slide_panel_update_base(PctSlidePanel *self)
{
  g_return_if_fail(PCT_IS_SLIDE_PANEL(self));
  PctNeuronRow *row;
  self->n_averaged = pct_slide_get_n_averaged(self->slide);
  for (int i = 0; (row = row_at(self, i)); i++)
    update_row(self, row);
}

static void
on_responses_changed(PctSlidePanel *self)
{
  PctNeuronRow *row;
  if (self->n_averaged != pct_slide_get_n_averaged(self->slide)) {  // another trial's, taken or pasted
    pct_slide_panel_update_base(self);
    return;
  }
  for (int i = 0; pct_slide_get_responses(self->slide) && (row = row_at(self, i)); i++) {
    float value = pct_slide_get_response(self->slide, pct_neuron_row_get_neuron(row));
    if ((float)pct_neuron_row_get_value(row) != value)
      pct_neuron_row_set_value(row, value);
  }
}

static void
on_row_changed(PctSlidePanel *self, PctNeuronRow *row)
{
  pct_selection_set_neuron(self->selection, pct_neuron_row_get_neuron(row));
  if (pct_slide_get_responses(self->slide))
    pct_slide_set_response(self->slide, pct_neuron_row_get_neuron(row), (float)pct_neuron_row_get_value(row));
}

static void
on_neurons_changed(PctSlidePanel *self)
{
  guint n;
  const int *neurons = pct_selection_get_neurons(self->selection, &n);
  PctNeuronRow *row;
  for (int i = 0; (row = row_at(self, i));)
    if (pct_selection_has_neuron(self->selection, pct_neuron_row_get_neuron(row)))
      i++;
    else
      gtk_list_box_remove(GTK_LIST_BOX(self->list), GTK_WIDGET(row));
  for (guint i = 0; i < n; i++)
    if (neurons[i] < pct_project_get_n_neurons(self->project) && !pct_slide_panel_find(self, neurons[i])) {
      GtkWidget *added = pct_neuron_row_new(neurons[i]);
      g_signal_connect_object(added, "changed", G_CALLBACK(on_row_changed), self, G_CONNECT_SWAPPED);
      gtk_list_box_append(GTK_LIST_BOX(self->list), added);
      update_row(self, PCT_NEURON_ROW(added));
    }
  gtk_widget_set_visible(self->below, n > 0);
}

// On with the arrow keys.
static void
on_pinned(PctSlidePanel *self, int neuron)
{
  PctNeuronRow *row = pct_slide_panel_find(self, neuron);
  if (row)
    gtk_widget_grab_focus(GTK_WIDGET(pct_neuron_row_get_range(row)));
}

void
pct_slide_panel_focus_search(PctSlidePanel *self)
{
  g_return_if_fail(PCT_IS_SLIDE_PANEL(self));
  pct_neuron_search_focus(PCT_NEURON_SEARCH(self->search));
}

void
pct_slide_panel_say(PctSlidePanel *self, const char *note)
{
  g_return_if_fail(PCT_IS_SLIDE_PANEL(self));
  pct_neuron_search_say(PCT_NEURON_SEARCH(self->search), note);
}

void
pct_slide_panel_add_to_heading(PctSlidePanel *self, GtkWidget *widget)
{
  g_return_if_fail(PCT_IS_SLIDE_PANEL(self));
  gtk_widget_set_hexpand(widget, TRUE);
  gtk_widget_set_halign(widget, GTK_ALIGN_END);
  gtk_box_append(GTK_BOX(self->heading), widget);
}

void
pct_slide_panel_add_below(PctSlidePanel *self, GtkWidget *widget)
{
  g_return_if_fail(PCT_IS_SLIDE_PANEL(self));
  gtk_box_insert_child_after(GTK_BOX(self->box), widget, gtk_widget_get_prev_sibling(self->below));
}

PctInfluenceCard *
pct_slide_panel_get_influence(PctSlidePanel *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_PANEL(self), NULL);
  return PCT_INFLUENCE_CARD(self->influence);
}

static void
pct_slide_panel_dispose(GObject *object)
{
  PctSlidePanel *self = PCT_SLIDE_PANEL(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->project);
  g_clear_object(&self->selection);
  g_clear_object(&self->slide);
  G_OBJECT_CLASS(pct_slide_panel_parent_class)->dispose(object);
}

static void
pct_slide_panel_class_init(PctSlidePanelClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_slide_panel_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_slide_panel_init(PctSlidePanel *self)
{
}

static GtkWidget *
text_button(const char *label, const char *tooltip, const char *action)
{
  GtkWidget *button = gtk_button_new_with_mnemonic(label);
  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  return button;
}

static GtkWidget *
make_placeholder(void)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_margin_top(box, 24);
  GtkWidget *text = gtk_label_new(_("Pin a neuron to take hold of it: type its number above, or start with those that "
                                    "answered this image most."));
  gtk_label_set_wrap(GTK_LABEL(text), TRUE);
  gtk_label_set_justify(GTK_LABEL(text), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars(GTK_LABEL(text), 30);
  gtk_widget_add_css_class(text, "dim-label");
  GtkWidget *button = text_button(_("Pin the _Ten Strongest"), NULL, "slide.pin-strongest");
  gtk_widget_add_css_class(button, "suggested-action");
  gtk_widget_add_css_class(button, "pill");
  gtk_widget_set_halign(button, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(box), text);
  gtk_box_append(GTK_BOX(box), button);
  return box;
}

static GtkWidget *
make_heading(void)
{
  GtkWidget *heading = gtk_label_new(_("Pinned neurons"));
  gtk_widget_add_css_class(heading, "heading");
  GtkWidget *hint = gtk_label_new(_("tick: recorded value"));
  gtk_widget_add_css_class(hint, "dim-label");
  gtk_widget_add_css_class(hint, "caption");
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append(GTK_BOX(line), heading);
  gtk_box_append(GTK_BOX(line), hint);
  return line;
}

GtkWidget *
pct_slide_panel_new(PctProject *project, PctSelection *selection, PctSlide *slide)
{
  PctSlidePanel *self = g_object_new(PCT_TYPE_SLIDE_PANEL, NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->slide = g_object_ref(slide);

  self->search = pct_neuron_search_new(project, selection, slide);
  g_signal_connect_swapped(self->search, "pinned", G_CALLBACK(on_pinned), self);
  self->list = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(self->list), GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder(GTK_LIST_BOX(self->list), make_placeholder());
  gtk_widget_add_css_class(self->list, "neuron-list");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Pinned neurons"), -1);
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), self->list);
  gtk_widget_set_vexpand(scroller, TRUE);

  self->below = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_set_homogeneous(GTK_BOX(self->below), TRUE);
  gtk_widget_add_css_class(self->below, "tight-buttons");
  GtkWidget *buttons[] = {
    text_button(_("_Reset"), _("All pinned neurons back to their recorded values"), "slide.reset"),
    text_button(_("_Silence"), _("All pinned neurons to their mean responses"), "slide.silence"),
    text_button(_("_Unpin All"), _("Put the pinned neurons back and let them go"), "slide.unpin-all"),
  };
  for (guint i = 0; i < G_N_ELEMENTS(buttons); i++)
    gtk_box_append(GTK_BOX(self->below), buttons[i]);

  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 10);
  gtk_widget_add_css_class(self->box, "page-side");
  gtk_widget_add_css_class(self->box, "panel");
  gtk_widget_set_size_request(self->box, WIDTH, -1);
  self->heading = make_heading();
  self->influence = pct_influence_card_new(project, selection, slide);
  GtkWidget *parts[] = { self->search, self->heading, scroller, self->below, self->influence };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(self->box), parts[i]);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));

  g_signal_connect_object(selection, "neurons-changed", G_CALLBACK(on_neurons_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(slide, "responses-changed", G_CALLBACK(on_responses_changed), self, G_CONNECT_SWAPPED);
  on_neurons_changed(self);
  return GTK_WIDGET(self);
}
