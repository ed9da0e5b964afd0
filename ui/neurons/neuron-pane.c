// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "neurons/neuron-pane.h"
#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include "neurons/fact-table.h"
#include "neurons/favourites.h"
#include "neurons/mei-cache.h"
#include "neurons/neuron-figures.h"
#include "picture-view.h"
#include "plots/number-text.h"

#define N_SMALL 4
#define MOST_CROSSED 16  // neurons in the matrix: more than that are no numbers any more

static const PctNeuronPicture small_pictures[N_SMALL] = {
  PCT_NEURON_PICTURE_GRADIENT, PCT_NEURON_PICTURE_STA, PCT_NEURON_PICTURE_DECORRELATED_STA, PCT_NEURON_PICTURE_GABOR,
};

struct _PctNeuronPane {
  GtkWidget parent_instance;
  GtkWidget *stack, *title, *unit, *away, *pin, *mei, *mei_caption;
  GtkWidget *small[N_SMALL], *captions[N_SMALL];
  GtkWidget *facts, *favourites, *tuning_heading, *tuning, *cross_note, *cross;
  PctNeurons *neurons;
  PctSelection *selection;
  PctNeuronDetail *detail;
  PctCrossActivation *activation;
  gboolean setting;  // the pin is being shown, not pressed
};

G_DEFINE_FINAL_TYPE(PctNeuronPane, pct_neuron_pane, GTK_TYPE_WIDGET)

static void
show_picture(GtkWidget *view, PctPicture *picture)
{
  if (picture)
    pct_picture_view_set_pixels(PCT_PICTURE_VIEW(view), pct_picture_get_pixels(picture),
                                pct_picture_get_height(picture), pct_picture_get_width(picture));
  else
    pct_picture_view_clear(PCT_PICTURE_VIEW(view));
}

static void
show_mei(PctNeuronPane *self, int neuron)
{
  PctNeuronPrediction prediction = pct_neuron_detail_get_prediction(self->detail);
  PctPicture *picture = pct_neuron_detail_get_picture(self->detail, PCT_NEURON_PICTURE_MEI);
  const char *problem = pct_neuron_detail_get_problem(self->detail, PCT_NEURON_PICTURE_MEI);
  // Until there is one, what the responses alone tell.
  PctPicture *instead = picture ? NULL : pct_neuron_detail_get_picture(self->detail, PCT_NEURON_PICTURE_DECORRELATED_STA);
  g_autoptr(PctPicture) stretched = picture ? pct_mei_dup_stretched(picture) : NULL;
  show_picture(self->mei, stretched ? stretched : instead);
  g_autofree char *mei = pct_number_text(prediction.mei, 2), *grey = pct_number_text(prediction.grey, 2);
  g_autofree char *gabor = pct_number_text(prediction.gabor, 2), *contrast = pct_number_text(prediction.contrast, 1);
  GString *text = g_string_new(NULL);
  if (!picture)
    g_string_printf(text, "%s%s", instead ? _("Response-weighted mean, decorrelated · ") : "",
                    problem ? problem : _("No most exciting input yet"));
  else {
    // Translators: responses that the encoder predicts, in units of the neuron's standard deviation.
    g_string_printf(text, _("Most exciting input · predicted response %s (grey %s) · contrast %s grey levels, shown stretched"), mei,
                    grey,
                    contrast);
    if (isfinite(prediction.gabor))
      g_string_append_printf(text, _(" · best Gabor %s"), gabor);
  }
  gtk_label_set_label(GTK_LABEL(self->mei_caption), text->str);
  g_autofree char *label = picture ? g_strdup_printf(_("Most exciting input of neuron %d"), neuron)
                                   : g_strdup_printf(_("Neuron %d"), neuron);
  pct_picture_view_set_label(PCT_PICTURE_VIEW(self->mei), label);
  g_string_free(text, TRUE);
}

static char *
gabor_caption(PctNeuronPane *self, int neuron)
{
  if (isnan(pct_neurons_get_value(self->neurons, PCT_COLUMN_GABOR_FIT, neuron)))
    return g_strdup(_("Gabor fit"));
  g_autofree char *fit = pct_column_format(PCT_COLUMN_GABOR_FIT,
                                           pct_neurons_get_value(self->neurons, PCT_COLUMN_GABOR_FIT, neuron));
  g_autofree char *kind = pct_column_format(PCT_COLUMN_GABOR_KIND,
                                            pct_neurons_get_value(self->neurons, PCT_COLUMN_GABOR_KIND, neuron));
  // Translators: simple or energy cell, and a correlation.
  return g_strdup_printf(_("Gabor fit: %s, r %s"), kind, fit);
}

static void
show_small(PctNeuronPane *self, int neuron)
{
  g_autofree char *gabor = gabor_caption(self, neuron);
  const char *captions[N_SMALL] = { _("Gradient at grey"), _("Response-weighted mean"), _("The same, decorrelated"), gabor };
  for (int i = 0; i < N_SMALL; i++) {
    PctPicture *picture = pct_neuron_detail_get_picture(self->detail, small_pictures[i]);
    const char *problem = pct_neuron_detail_get_problem(self->detail, small_pictures[i]);
    show_picture(self->small[i], picture);
    gtk_label_set_label(GTK_LABEL(self->captions[i]), captions[i]);
    gtk_widget_set_tooltip_text(self->small[i], picture ? captions[i] : problem);
    pct_picture_view_set_label(PCT_PICTURE_VIEW(self->small[i]), captions[i]);
  }
}

static void
show_tuning(PctNeuronPane *self)
{
  int shown = pct_neuron_detail_get_shown(self->detail);
  const PctResponseRanges *ranges = pct_project_get_ranges(pct_neurons_get_project(self->neurons));
  double usual = shown >= 0 ? ranges->mean[shown] : NAN;
  gboolean known = pct_tuning_view_show(self->tuning, self->detail, usual, pct_selection_get_image(self->selection));
  gtk_widget_set_visible(self->tuning_heading, known);
  gtk_widget_set_visible(self->tuning, known);
}

static void
show_detail(PctNeuronPane *self)
{
  int shown = pct_neuron_detail_get_shown(self->detail), n = 0;
  if (shown < 0)
    return;
  show_mei(self, shown);
  show_small(self, shown);
  const PctNeuronAnswer *answers = pct_neuron_detail_get_favourites(self->detail, &n);
  pct_favourites_show(PCT_FAVOURITES(self->favourites), answers, n);
  show_tuning(self);
}

static void
show_facts(PctNeuronPane *self)
{
  int neuron = pct_neuron_detail_get_neuron(self->detail);
  pct_fact_table_show(PCT_FACT_TABLE(self->facts), neuron);
  if (neuron >= 0 && pct_neuron_detail_get_shown(self->detail) == neuron)
    show_small(self, neuron);
}

static void
show_cross(PctNeuronPane *self)
{
  int neuron = pct_neuron_detail_get_neuron(self->detail);
  gboolean known = pct_cross_view_show(self->cross, self->activation, neuron);
  const char *problem = pct_cross_activation_get_problem(self->activation);
  gtk_widget_set_visible(self->cross, known);
  gtk_widget_set_visible(self->cross_note, !known);
  gtk_label_set_label(GTK_LABEL(self->cross_note),
                      problem ? problem
                      : pct_cross_activation_is_busy(self->activation)
                        ? _("Being computed")
                        : _("Pin neurons to see how much each answers to the others’ most exciting inputs."));
}

// The neuron in hand first, then those pinned, newest first.
static void
ask_cross(PctNeuronPane *self)
{
  int neuron = pct_neuron_detail_get_neuron(self->detail), wanted[MOST_CROSSED], n = 0;
  guint n_pinned;
  const int *pinned = pct_selection_get_neurons(self->selection, &n_pinned);
  if (neuron >= 0)
    wanted[n++] = neuron;
  for (guint i = n_pinned; i-- > 0 && n < MOST_CROSSED;)
    if (pinned[i] != neuron && pinned[i] < pct_neurons_get_n(self->neurons))
      wanted[n++] = pinned[i];
  pct_cross_activation_set(self->activation, wanted, n >= 2 ? n : 0);
  show_cross(self);
}

static void
show_pin(PctNeuronPane *self)
{
  int neuron = pct_neuron_detail_get_neuron(self->detail);
  gboolean pinned = neuron >= 0 && pct_selection_has_neuron(self->selection, neuron);
  self->setting = TRUE;
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->pin), pinned);
  self->setting = FALSE;
  gtk_button_set_label(GTK_BUTTON(self->pin), pinned ? _("Unpin") : _("Pin"));
  gtk_widget_set_tooltip_text(self->pin, pinned ? _("Take this neuron off the Slide page")
                                                : _("Pin this neuron for the Slide page"));
}

static void
pin_toggled(PctNeuronPane *self)
{
  int neuron = pct_neuron_detail_get_neuron(self->detail);
  if (!self->setting && neuron >= 0)
    gtk_widget_activate_action(GTK_WIDGET(self),
                               gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->pin)) ? "neurons.pin"
                                                                                          : "neurons.unpin",
                               "i", neuron);
}

// Out of sight nothing is asked for: on the Slide page every slider moved takes another neuron in hand, and the lane that
// would draw it here is the slider's.
static void
show_neuron(PctNeuronPane *self)
{
  int neuron = pct_selection_get_neuron(self->selection);
  if (!gtk_widget_get_mapped(GTK_WIDGET(self)))
    return;
  if (neuron >= pct_neurons_get_n(self->neurons))
    neuron = -1;
  pct_neuron_detail_set_neuron(self->detail, neuron);
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), neuron >= 0 ? "neuron" : "empty");
  if (neuron < 0)
    return;
  gint64 unit = pct_project_get_unit_id(pct_neurons_get_project(self->neurons), neuron);
  g_autofree char *title = g_strdup_printf(_("Neuron %d"), neuron);
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, unit);
  g_autofree char *id = g_strdup_printf(_("unit %s"), number);
  gtk_label_set_label(GTK_LABEL(self->title), title);
  gtk_label_set_label(GTK_LABEL(self->unit), unit != neuron ? id : "");
  show_facts(self);
  show_pin(self);
  ask_cross(self);
}

static void
on_pinned(PctNeuronPane *self)
{
  if (!gtk_widget_get_mapped(GTK_WIDGET(self)))
    return;
  show_pin(self);
  ask_cross(self);
}

static void
pct_neuron_pane_map(GtkWidget *widget)
{
  GTK_WIDGET_CLASS(pct_neuron_pane_parent_class)->map(widget);
  show_neuron(PCT_NEURON_PANE(widget));
}

static void
pct_neuron_pane_dispose(GObject *object)
{
  PctNeuronPane *self = PCT_NEURON_PANE(object);
  if (self->detail)
    g_signal_handlers_disconnect_by_data(self->detail, self);
  if (self->activation)
    g_signal_handlers_disconnect_by_data(self->activation, self);
  g_clear_pointer(&self->stack, gtk_widget_unparent);
  g_clear_object(&self->detail);
  g_clear_object(&self->activation);
  g_clear_object(&self->neurons);
  g_clear_object(&self->selection);
  G_OBJECT_CLASS(pct_neuron_pane_parent_class)->dispose(object);
}

static void
pct_neuron_pane_class_init(PctNeuronPaneClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_neuron_pane_dispose;
  GTK_WIDGET_CLASS(klass)->map = pct_neuron_pane_map;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_neuron_pane_init(PctNeuronPane *self)
{
}

static GtkWidget *
make_label(const char *text, const char *css_class, gboolean wrap)
{
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_add_css_class(label, css_class);
  if (wrap) {
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    gtk_widget_add_css_class(label, "dim-label");
  }
  return label;
}

static GtkWidget *
make_header(PctNeuronPane *self)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  self->title = make_label(NULL, "title-4", FALSE);
  gtk_widget_add_css_class(self->title, "numeric");
  self->unit = make_label(NULL, "small", FALSE);
  gtk_widget_add_css_class(self->unit, "dim-label");
  gtk_widget_set_hexpand(self->unit, TRUE);
  gtk_label_set_ellipsize(GTK_LABEL(self->unit), PANGO_ELLIPSIZE_END);
  self->pin = gtk_toggle_button_new_with_label(_("Pin"));
  gtk_widget_set_tooltip_text(self->pin, _("Pin this neuron for the Slide page"));
  g_signal_connect_object(self->pin, "toggled", G_CALLBACK(pin_toggled), self, G_CONNECT_SWAPPED);
  GtkWidget *slide = gtk_button_new_with_label(_("Slide It"));
  gtk_widget_add_css_class(slide, "suggested-action");
  gtk_widget_set_tooltip_text(slide, _("Pin this neuron and go to the Slide page"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(slide), "neurons.slide");
  gtk_box_append(GTK_BOX(line), self->title);
  gtk_box_append(GTK_BOX(line), self->unit);
  gtk_box_append(GTK_BOX(line), self->pin);
  gtk_box_append(GTK_BOX(line), slide);
  return line;
}

static GtkWidget *
make_small_pictures(PctNeuronPane *self)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10);
  gtk_box_set_homogeneous(GTK_BOX(line), TRUE);
  for (int i = 0; i < N_SMALL; i++) {
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
    self->small[i] = pct_picture_view_new();
    pct_picture_view_set_size(PCT_PICTURE_VIEW(self->small[i]), 64, 96, TRUE);
    self->captions[i] = make_label(NULL, "caption", TRUE);
    gtk_label_set_width_chars(GTK_LABEL(self->captions[i]), 8);
    gtk_label_set_max_width_chars(GTK_LABEL(self->captions[i]), 12);
    gtk_box_append(GTK_BOX(box), self->small[i]);
    gtk_box_append(GTK_BOX(box), self->captions[i]);
    gtk_box_append(GTK_BOX(line), box);
  }
  return line;
}

static GtkWidget *
make_heading(const char *title, const char *note)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *dim = make_label(note, "small", FALSE);
  gtk_widget_add_css_class(dim, "dim-label");
  gtk_label_set_ellipsize(GTK_LABEL(dim), PANGO_ELLIPSIZE_END);
  gtk_widget_set_margin_top(line, 6);
  gtk_box_append(GTK_BOX(line), make_label(title, "heading", FALSE));
  gtk_box_append(GTK_BOX(line), dim);
  return line;
}

static GtkWidget *
make_content(PctNeuronPane *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 10);
  self->mei = pct_picture_view_new();
  pct_picture_view_set_size(PCT_PICTURE_VIEW(self->mei), 240, 480, TRUE);
  double degrees = pct_project_get_degrees_per_pixel(pct_neurons_get_project(self->neurons));
  pct_picture_view_set_degrees(PCT_PICTURE_VIEW(self->mei), degrees, TRUE);
  self->mei_caption = make_label(NULL, "small", TRUE);
  self->away = make_label(_("Not among the neurons shown: the filter or the line leaves it out."), "small", TRUE);
  gtk_widget_set_visible(self->away, FALSE);
  self->facts = pct_fact_table_new(self->neurons);
  self->favourites = pct_favourites_new(pct_neurons_get_project(self->neurons));
  self->tuning_heading = make_heading(_("Tuning"), _("over images shown more than once; dots are single trials"));
  self->tuning = pct_tuning_view_new();
  self->cross_note = make_label(NULL, "small", TRUE);
  self->cross = pct_cross_view_new();
  GtkWidget *parts[] = {
    make_header(self), self->away, self->mei, self->mei_caption, make_small_pictures(self), self->facts,
    make_heading(_("Images it answered most"), _("mean response (trials)")), self->favourites,
    self->tuning_heading, self->tuning,
    make_heading(_("Cross-activation"), _("with the pinned neurons")), self->cross_note, self->cross,
  };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  gtk_widget_add_css_class(box, "neuron-pane");
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), box);
  return scroller;
}

static void
watch(PctNeuronPane *self)
{
  const struct {
    gpointer object;
    const char *signal;
    GCallback callback;
  } signals[] = {
    { self->detail, "changed", G_CALLBACK(show_detail) },
    { self->activation, "changed", G_CALLBACK(show_cross) },
    { self->activation, "notify::busy", G_CALLBACK(show_cross) },
    { self->neurons, "changed", G_CALLBACK(show_facts) },
    { self->selection, "notify::neuron", G_CALLBACK(show_neuron) },
    { self->selection, "notify::image", G_CALLBACK(show_tuning) },
    { self->selection, "neurons-changed", G_CALLBACK(on_pinned) },
  };
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    g_signal_connect_object(signals[i].object, signals[i].signal, signals[i].callback, self, G_CONNECT_SWAPPED);
}

GtkWidget *
pct_neuron_pane_new(PctNeurons *neurons, PctSelection *selection)
{
  PctNeuronPane *self = g_object_new(PCT_TYPE_NEURON_PANE, NULL);
  self->neurons = g_object_ref(neurons);
  self->selection = g_object_ref(selection);
  self->detail = pct_neuron_detail_new(neurons);
  self->activation = pct_cross_activation_new(neurons);
  GtkWidget *empty = adw_status_page_new();
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(empty), "percept-neurons-symbolic");
  adw_status_page_set_title(ADW_STATUS_PAGE(empty), _("No neuron chosen"));
  adw_status_page_set_description(ADW_STATUS_PAGE(empty), _("Pick one on the left to see what drives it."));
  gtk_widget_add_css_class(empty, "compact");
  self->stack = gtk_stack_new();
  gtk_stack_set_vhomogeneous(GTK_STACK(self->stack), FALSE);
  gtk_stack_add_named(GTK_STACK(self->stack), empty, "empty");
  gtk_stack_add_named(GTK_STACK(self->stack), make_content(self), "neuron");
  gtk_widget_set_parent(self->stack, GTK_WIDGET(self));
  watch(self);
  return GTK_WIDGET(self);
}

void
pct_neuron_pane_set_left_out(PctNeuronPane *self, gboolean left_out)
{
  g_return_if_fail(PCT_IS_NEURON_PANE(self));
  gtk_widget_set_visible(self->away, left_out);
}

PctNeuronDetail *
pct_neuron_pane_get_detail(PctNeuronPane *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_PANE(self), NULL);
  return self->detail;
}
