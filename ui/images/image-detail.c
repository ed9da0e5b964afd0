// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "images/image-detail.h"
#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include "picture-view.h"
#include "plot-view.h"
#include "plots/bars.h"
#include "tier-badge.h"

#define N_STRONGEST 12

struct _PctImageDetail {
  GtkWidget parent_instance;
  PctProject *project;
  PctSelection *selection;
  GtkWidget *stack, *title, *badge, *shown, *picture, *responses_note, *bars_bin, *neurons;
  GtkWidget *bars;
  GArray *strongest;  // of PctNeuronResponse, all neurons, strongest first; NULL: no responses
  float *excess;      // (M,) the same neurons' z, for the plot
  gboolean setting;  // the pins are being shown, not pressed
};

G_DEFINE_FINAL_TYPE(PctImageDetail, pct_image_detail, GTK_TYPE_WIDGET)

static void
pin_toggled(GtkToggleButton *button, PctImageDetail *self)
{
  int neuron = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(button), "neuron"));
  if (self->setting)
    return;
  pct_selection_set_neuron(self->selection, neuron);
  if (gtk_toggle_button_get_active(button))
    pct_selection_add_neuron(self->selection, neuron);
  else
    pct_selection_remove_neuron(self->selection, neuron);
}

static void
show_pins(PctImageDetail *self)
{
  self->setting = TRUE;
  GtkWidget *child = gtk_widget_get_first_child(self->neurons);
  for (; child != NULL; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *button = gtk_flow_box_child_get_child(GTK_FLOW_BOX_CHILD(child));
    int neuron = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(button), "neuron"));
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button), pct_selection_has_neuron(self->selection, neuron));
  }
  self->setting = FALSE;
}

static void
add_neuron(PctImageDetail *self, const PctNeuronResponse *response)
{
  int neuron = response->neuron;
  double usual = pct_project_get_ranges(self->project)->mean[neuron];
  g_autofree char *number = g_strdup_printf("<b>#%d</b>", neuron);
  // Translators: a neuron's response to this image, and its mean response.
  g_autofree char *value = g_strdup_printf(_("%.1f, usually %.1f"), response->value, usual);
  GtkWidget *button = gtk_toggle_button_new();
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *name = gtk_label_new(NULL), *note = gtk_label_new(value);
  GtkWidget *child = gtk_flow_box_child_new();

  gtk_label_set_markup(GTK_LABEL(name), number);
  gtk_label_set_ellipsize(GTK_LABEL(note), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(button, "neuron");
  gtk_widget_add_css_class(note, "numeric");
  gtk_widget_add_css_class(note, "dim-label");
  gtk_box_append(GTK_BOX(box), name);
  gtk_box_append(GTK_BOX(box), note);
  gtk_button_set_child(GTK_BUTTON(button), box);
  gtk_widget_set_tooltip_text(button, _("Pin this neuron for the Slide page"));
  g_object_set_data(G_OBJECT(button), "neuron", GINT_TO_POINTER(neuron));
  g_signal_connect_object(button, "toggled", G_CALLBACK(pin_toggled), self, 0);
  gtk_flow_box_child_set_child(GTK_FLOW_BOX_CHILD(child), button);
  gtk_widget_set_focusable(child, FALSE);
  gtk_flow_box_insert(GTK_FLOW_BOX(self->neurons), child, -1);
}

static void
show_responses(PctImageDetail *self, int image)
{
  g_autoptr(PctResponses) responses = pct_project_dup_responses(self->project, image, PCT_MEAN_OF_REPEATS);
  int n_averaged = responses != NULL ? pct_responses_get_n_averaged(responses) : 0;
  GtkWidget *child;

  g_clear_pointer(&self->strongest, g_array_unref);
  pct_plot_view_take_figure(PCT_PLOT_VIEW(self->bars), NULL, NULL);
  while ((child = gtk_widget_get_first_child(self->neurons)) != NULL)
    gtk_flow_box_remove(GTK_FLOW_BOX(self->neurons), child);
  if (responses == NULL) {
    gtk_label_set_label(GTK_LABEL(self->responses_note), _("none: no trial showed this image"));
    return;
  }

  self->strongest = pct_project_dup_strongest(self->project, responses, pct_project_get_n_neurons(self->project));
  for (guint i = 0; i < self->strongest->len; i++)
    self->excess[i] = g_array_index(self->strongest, PctNeuronResponse, i).z;
  PctBarsPlot *plot = g_new(PctBarsPlot, 1);
  *plot = (PctBarsPlot){ .values = self->excess, .n = self->strongest->len, .highlighted = G_MAXSIZE, .maximum = NAN };
  pct_plot_view_take_figure(PCT_PLOT_VIEW(self->bars), plot, g_free);

  g_autofree char *trials =
    pct_project_is_averaged(self->project) ? g_strdup(_("mean over repeats, as recorded"))
    : n_averaged > 1 ? g_strdup_printf(ngettext("mean of %d trial", "mean of %d trials", n_averaged), n_averaged)
                     : g_strdup(_("single trial"));
  // Translators: after “mean of 8 trials” or “single trial”.
  g_autofree char *note = g_strdup_printf(_("%s, beyond each neuron’s usual answer"), trials);
  gtk_label_set_label(GTK_LABEL(self->responses_note), note);
  gtk_widget_set_tooltip_text(self->responses_note, note);
  pct_plot_view_describe(PCT_PLOT_VIEW(self->bars), _("Responses of the neurons, strongest first"), note);
  for (guint i = 0; i < MIN(self->strongest->len, N_STRONGEST); i++)
    add_neuron(self, &g_array_index(self->strongest, PctNeuronResponse, i));
  show_pins(self);
}

static void
show_image(PctImageDetail *self)
{
  int image = pct_selection_get_image(self->selection);

  if (image < 0 || image >= pct_project_get_n_images(self->project)) {
    gtk_stack_set_visible_child_name(GTK_STACK(self->stack), "empty");
    return;
  }
  int n_trials = pct_project_get_n_repeats(self->project, image);
  g_autofree char *title = g_strdup_printf(_("Image %d"), image);
  g_autofree char *shown = n_trials > 0 && pct_project_is_averaged(self->project)
                             ? g_strdup(_("mean over repeats"))
                           : n_trials > 0 ? g_strdup_printf(ngettext("shown once", "shown %d times", n_trials), n_trials)
                                        : g_strdup(_("never shown"));
  gtk_label_set_label(GTK_LABEL(self->title), title);
  gtk_label_set_label(GTK_LABEL(self->shown), shown);
  pct_tier_badge_set_image(PCT_TIER_BADGE(self->badge), self->project, image);

  g_autoptr(PctPicture) picture = pct_project_dup_picture(self->project, image);
  pct_picture_view_set_pixels(PCT_PICTURE_VIEW(self->picture), pct_picture_get_pixels(picture),
                              pct_picture_get_height(picture), pct_picture_get_width(picture));
  pct_picture_view_set_degrees(PCT_PICTURE_VIEW(self->picture), pct_project_get_degrees_per_pixel(self->project), TRUE);
  pct_picture_view_set_label(PCT_PICTURE_VIEW(self->picture), title);
  show_responses(self, image);
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), "image");
}

static gboolean
query_bar(GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip, PctImageDetail *self)
{
  const PctBarsPlot *plot = pct_plot_view_get_figure(PCT_PLOT_VIEW(self->bars));
  gsize bar = plot != NULL && !keyboard ? pct_bars_plot_find(plot, gtk_widget_get_width(widget), x) : G_MAXSIZE;
  if (bar == G_MAXSIZE)
    return FALSE;
  const PctNeuronResponse *response = &g_array_index(self->strongest, PctNeuronResponse, bar);
  g_autofree char *text = g_strdup_printf(_("Neuron #%d answered %.2f: %+.1f standard deviations from its mean"),
                                          response->neuron, response->value, response->z);
  gtk_tooltip_set_text(tooltip, text);
  return TRUE;
}

void
pct_image_detail_set_project(PctImageDetail *self, PctProject *project, PctSelection *selection)
{
  g_return_if_fail(PCT_IS_IMAGE_DETAIL(self));
  g_return_if_fail(self->project == NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->excess = g_new(float, pct_project_get_n_neurons(project));
  g_signal_connect_object(selection, "notify::image", G_CALLBACK(show_image), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "neurons-changed", G_CALLBACK(show_pins), self, G_CONNECT_SWAPPED);
  show_image(self);
}

static void
pct_image_detail_dispose(GObject *object)
{
  PctImageDetail *self = PCT_IMAGE_DETAIL(object);
  gtk_widget_dispose_template(GTK_WIDGET(self), PCT_TYPE_IMAGE_DETAIL);
  g_clear_object(&self->project);
  g_clear_object(&self->selection);
  G_OBJECT_CLASS(pct_image_detail_parent_class)->dispose(object);
}

static void
pct_image_detail_finalize(GObject *object)
{
  PctImageDetail *self = PCT_IMAGE_DETAIL(object);
  g_clear_pointer(&self->strongest, g_array_unref);
  g_free(self->excess);
  G_OBJECT_CLASS(pct_image_detail_parent_class)->finalize(object);
}

static void
pct_image_detail_class_init(PctImageDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = pct_image_detail_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_image_detail_finalize;
  g_type_ensure(PCT_TYPE_PICTURE_VIEW);
  g_type_ensure(PCT_TYPE_TIER_BADGE);
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource(widget_class, "/org/percept/Percept/ui/images/image-detail.ui");
  gtk_widget_class_bind_template_child(widget_class, PctImageDetail, stack);
  gtk_widget_class_bind_template_child(widget_class, PctImageDetail, title);
  gtk_widget_class_bind_template_child(widget_class, PctImageDetail, badge);
  gtk_widget_class_bind_template_child(widget_class, PctImageDetail, shown);
  gtk_widget_class_bind_template_child(widget_class, PctImageDetail, picture);
  gtk_widget_class_bind_template_child(widget_class, PctImageDetail, responses_note);
  gtk_widget_class_bind_template_child(widget_class, PctImageDetail, bars_bin);
  gtk_widget_class_bind_template_child(widget_class, PctImageDetail, neurons);
}

static void
pct_image_detail_init(PctImageDetail *self)
{
  gtk_widget_init_template(GTK_WIDGET(self));
  pct_picture_view_set_size(PCT_PICTURE_VIEW(self->picture), 240, 480, TRUE);
  self->bars = pct_plot_view_new(pct_bars_plot_draw, 200, 96);
  gtk_widget_set_has_tooltip(self->bars, TRUE);
  g_signal_connect_object(self->bars, "query-tooltip", G_CALLBACK(query_bar), self, 0);
  adw_bin_set_child(ADW_BIN(self->bars_bin), self->bars);
}
