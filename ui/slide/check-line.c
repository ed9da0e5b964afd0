// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/check-line.h"
#include <glib/gi18n.h>
#include <math.h>
#include "plots/number-text.h"
#include "work/slide-check.h"

struct _PctCheckLine {
  GtkWidget parent_instance;
  PctProject *project;
  PctSelection *selection;
  PctSlide *slide;
  PctSlideCheck *check;
  GtkWidget *box, *reencoding, *distance;
};

G_DEFINE_FINAL_TYPE(PctCheckLine, pct_check_line, GTK_TYPE_WIDGET)

static void
set_text(GtkWidget *label, const char *text)
{
  if (g_strcmp0(gtk_label_get_label(GTK_LABEL(label)), text ? text : ""))
    gtk_label_set_label(GTK_LABEL(label), text ? text : "");
}

// The neuron in hand, where it is pinned and was changed: of others there is nothing to check.
static int
find_neuron(PctCheckLine *self)
{
  int neuron = pct_selection_get_neuron(self->selection);
  gboolean is_known = neuron >= 0 && neuron < pct_project_get_n_neurons(self->project);
  if (is_known && pct_selection_has_neuron(self->selection, neuron) && pct_slide_get_responses(self->slide) &&
      pct_slide_get_response(self->slide, neuron) != pct_slide_get_recorded(self->slide, neuron))
    return neuron;
  return -1;
}

static void
show_reencoding(PctCheckLine *self)
{
  int neuron = find_neuron(self);
  PctReencoding said = pct_slide_check_get_reencoding(self->check);
  g_autofree char *text = NULL, *tip = NULL;
  if (neuron >= 0 && !said.encoder) {
    text = g_strdup(_("Re-encoding check: train an encoder to have one"));
  } else if (neuron >= 0 && said.known) {
    g_autofree char *before = pct_number_text(said.before, 2), *after = pct_number_text(said.after, 2);
    const char *name = pct_model_get_name(said.encoder);
    const char *verdict = said.follows ? _("follows") : _("does not follow");
    // The verdict first: it is not what a narrow window cuts.
    text = said.circular
             ? g_strdup_printf(_("#%d %s, but the check is circular (%s saw it: %s → %s)"), neuron, verdict, name, before, after)
             : g_strdup_printf(_("#%d %s (re-encoded by %s: %s → %s)"), neuron, verdict, name, before, after);
    g_autofree char *least = pct_number_text(100 * PCT_SLIDE_FOLLOWS, 0), *change = pct_number_text(said.change, 2);
    g_autofree char *criterion =
      g_strdup_printf(_("The encoder is shown the picture before and after. The neuron follows if its predicted response "
                            "changes in the direction of the slider, by at least %s%% of the change made (%s)."),
                          least, change);
    tip = said.circular ? g_strdup_printf("%s %s", criterion,
                                          _("It informed this decoder, which agrees with it in any case: train another "
                                            "encoder for an independent check."))
                        : g_steal_pointer(&criterion);
  }
  set_text(self->reencoding, text);
  gtk_widget_set_tooltip_text(self->reencoding, tip);
}

static void
show_distance(PctCheckLine *self)
{
  PctResponseDistance is = pct_slide_check_get_distance(self->check);
  g_autofree char *text = NULL;
  gboolean far = is.distance > is.far;
  if (!isnan(is.distance)) {
    g_autofree char *number = pct_number_text(is.distance, 1);
    text = g_strdup_printf(far ? _("▲ Far from anything recorded: %s × a trial’s usual distance from the mean")
                               : _("Distance of these responses: %s × typical"),
                           number);
  }
  set_text(self->distance, text);
  if (far)
    gtk_widget_add_css_class(self->distance, "warning");
  else
    gtk_widget_remove_css_class(self->distance, "warning");
}

static void
show(PctCheckLine *self)
{
  show_reencoding(self);
  show_distance(self);
}

static void
on_hand(PctCheckLine *self)
{
  pct_slide_check_set_neuron(self->check, find_neuron(self));
  show(self);
}

static void
on_map(PctCheckLine *self)
{
  pct_slide_check_set_active(self->check, TRUE);
}

static void
on_unmap(PctCheckLine *self)
{
  pct_slide_check_set_active(self->check, FALSE);
}

static void
pct_check_line_dispose(GObject *object)
{
  PctCheckLine *self = PCT_CHECK_LINE(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->check);
  g_clear_object(&self->slide);
  g_clear_object(&self->selection);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_check_line_parent_class)->dispose(object);
}

static void
pct_check_line_class_init(PctCheckLineClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_check_line_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_check_line_init(PctCheckLine *self)
{
}

static GtkWidget *
make_label(float xalign)
{
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(label), xalign);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_widget_add_css_class(label, "caption");
  return label;
}

GtkWidget *
pct_check_line_new(PctProject *project, PctSelection *selection, PctSlide *slide)
{
  PctCheckLine *self = g_object_new(PCT_TYPE_CHECK_LINE, NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->slide = g_object_ref(slide);
  self->check = pct_slide_check_new(project, slide);
  self->reencoding = make_label(0);
  gtk_widget_set_hexpand(self->reencoding, TRUE);
  self->distance = make_label(0);
  gtk_widget_set_tooltip_text(self->distance,
                              _("Along the leading principal components of the recorded train trials, each in units of its "
                                "own spread; 1 is the median of single trials. What one trial in a hundred exceeds is "
                                "marked: there a decoder only guesses."));
  // One below the other: beside each other neither would be whole.
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  gtk_box_append(GTK_BOX(self->box), self->reencoding);
  gtk_box_append(GTK_BOX(self->box), self->distance);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  g_signal_connect_object(self->check, "changed", G_CALLBACK(show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(slide, "responses-changed", G_CALLBACK(on_hand), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "notify::neuron", G_CALLBACK(on_hand), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "neurons-changed", G_CALLBACK(on_hand), self, G_CONNECT_SWAPPED);
  g_signal_connect(self, "map", G_CALLBACK(on_map), NULL);
  g_signal_connect(self, "unmap", G_CALLBACK(on_unmap), NULL);
  on_hand(self);
  return GTK_WIDGET(self);
}
