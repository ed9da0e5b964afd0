// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/effect-card.h"
#include <glib/gi18n.h>
#include <math.h>
#include "picture-card.h"
#include "plots/difference.h"
#include "plots/number-text.h"
#include "work/slide-effect.h"

#define LEAST_WIDTH 110
#define NATURAL_WIDTH 190
#define HEIGHT 106

struct _PctEffectCard {
  GtkWidget parent_instance;
  PctProject *project;
  PctSelection *selection;
  PctSlideEffect *effect;
  GtkWidget *box, *filter, *pattern, *title, *likeness, *companions;
};

G_DEFINE_FINAL_TYPE(PctEffectCard, pct_effect_card, GTK_TYPE_WIDGET)

static void
show_map(PctEffectCard *self, GtkWidget *widget, const float *values)
{
  PctPictureCard *card = PCT_PICTURE_CARD(widget);
  if (!values) {
    pct_picture_card_clear(card);
    pct_picture_card_set_subtitle(card, NULL);
    return;
  }
  int height = pct_project_get_height(self->project), width = pct_project_get_width(self->project);
  // A filter may move hundredths of a grey level: of one neuron among thousands that is what there is to see.
  double limit = 0;
  for (int i = 0; i < height * width; i++)
    limit = MAX(limit, fabs((double)values[i]));
  pct_picture_card_set_difference(card, values, height, width, MAX(limit, 1e-6));
  g_autofree char *number = pct_number_text(limit, limit < 1 ? 2 : 1);
  g_autofree char *text = g_strdup_printf("±%s", number);
  pct_picture_card_set_subtitle(card, text);
}

static void
show_effect(PctEffectCard *self)
{
  show_map(self, self->filter, pct_slide_effect_get_filter(self->effect));
  show_map(self, self->pattern, pct_slide_effect_get_pattern(self->effect));
  double likeness = pct_slide_effect_get_likeness(self->effect);
  g_autofree char *number = pct_number_text(likeness, 2), *text = NULL;
  if (!isnan(likeness))
    text = g_strdup_printf(_("The two maps correlate by %s. A decoder weighs a neuron against all others, so that they need "
                             "not be alike."),
                           number);
  gtk_label_set_label(GTK_LABEL(self->likeness), text ? text : "");
}

// The one looked at, if it is pinned; else the first pinned.
static void
choose_neuron(PctEffectCard *self)
{
  guint n;
  const int *pinned = pct_selection_get_neurons(self->selection, &n);
  int neuron = pct_selection_get_neuron(self->selection);
  if (neuron < 0 || !pct_selection_has_neuron(self->selection, neuron))
    neuron = n > 0 ? pinned[0] : -1;
  if (neuron >= pct_project_get_n_neurons(self->project))
    neuron = -1;
  g_autofree char *title = neuron >= 0 ? g_strdup_printf(_("Neuron %d"), neuron) : g_strdup(_("No neuron is pinned"));
  gtk_label_set_label(GTK_LABEL(self->title), title);
  pct_slide_effect_set_neuron(self->effect, neuron);
  show_effect(self);
}

static void
on_companions(PctEffectCard *self)
{
  pct_slide_effect_set_companions(self->effect, gtk_check_button_get_active(GTK_CHECK_BUTTON(self->companions)));
}

static void
on_map(PctEffectCard *self)
{
  pct_slide_effect_set_active(self->effect, TRUE);
}

static void
on_unmap(PctEffectCard *self)
{
  pct_slide_effect_set_active(self->effect, FALSE);
}

static void
pct_effect_card_dispose(GObject *object)
{
  PctEffectCard *self = PCT_EFFECT_CARD(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->effect);
  g_clear_object(&self->selection);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_effect_card_parent_class)->dispose(object);
}

static void
pct_effect_card_class_init(PctEffectCardClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_effect_card_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_effect_card_init(PctEffectCard *self)
{
}

static GtkWidget *
make_map(const char *title, const char *label, const char *tooltip)
{
  GtkWidget *card = pct_picture_card_new(title, label);
  gtk_widget_set_tooltip_text(card, tooltip);
  pct_picture_view_set_size(pct_picture_card_get_view(PCT_PICTURE_CARD(card)), LEAST_WIDTH, NATURAL_WIDTH, FALSE);
  gtk_widget_set_size_request(GTK_WIDGET(pct_picture_card_get_view(PCT_PICTURE_CARD(card))), -1, HEIGHT);
  return card;
}

static GtkWidget *
make_words(PctEffectCard *self)
{
  self->title = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->title, "heading");
  GtkWidget *unit = gtk_label_new(_("Grey levels for one standard deviation of its response; red is brighter, blue is darker."));
  self->likeness = gtk_label_new(NULL);
  GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *labels[] = { self->title, unit, self->likeness };
  self->companions = gtk_check_button_new_with_mnemonic(_("_With its companions"));
  gtk_widget_set_tooltip_text(self->companions, _("The filter of its response alone, all others held; or of the others, too, moved "
                                                  "to what is expected of them when it changes"));
  g_signal_connect_swapped(self->companions, "toggled", G_CALLBACK(on_companions), self);
  for (guint i = 0; i < G_N_ELEMENTS(labels); i++) {
    gtk_label_set_xalign(GTK_LABEL(labels[i]), 0);
    gtk_label_set_wrap(GTK_LABEL(labels[i]), TRUE);
    gtk_label_set_max_width_chars(GTK_LABEL(labels[i]), 40);
    if (i > 0)
      gtk_widget_add_css_class(labels[i], "dim-label");
    gtk_box_append(GTK_BOX(words), labels[i]);
  }
  gtk_box_append(GTK_BOX(words), self->companions);
  gtk_widget_set_valign(words, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand(words, TRUE);
  return words;
}

GtkWidget *
pct_effect_card_new(PctProject *project, PctSelection *selection, PctSlide *slide)
{
  PctEffectCard *self = g_object_new(PCT_TYPE_EFFECT_CARD, NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->effect = pct_slide_effect_new(project, slide);
  self->filter = make_map(_("Filter"), _("What the neuron’s response adds to this picture"),
                          _("What one standard deviation more of its response adds to this model’s picture, all others held"));
  self->pattern = make_map(_("Pattern"), _("How images differ when the neuron answers more"),
                           _("How much brighter than usual the images are that it answers with one standard deviation more"));
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *maps[] = { self->filter, self->pattern };
  for (guint i = 0; i < G_N_ELEMENTS(maps); i++)
    pct_picture_view_set_degrees(pct_picture_card_get_view(PCT_PICTURE_CARD(maps[i])),
                                 pct_project_get_degrees_per_pixel(project), TRUE);
  gtk_box_append(GTK_BOX(self->box), self->filter);
  gtk_box_append(GTK_BOX(self->box), self->pattern);
  gtk_box_append(GTK_BOX(self->box), make_words(self));
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  g_signal_connect_object(self->effect, "changed", G_CALLBACK(show_effect), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "notify::neuron", G_CALLBACK(choose_neuron), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "neurons-changed", G_CALLBACK(choose_neuron), self, G_CONNECT_SWAPPED);
  g_signal_connect(self, "map", G_CALLBACK(on_map), NULL);
  g_signal_connect(self, "unmap", G_CALLBACK(on_unmap), NULL);
  choose_neuron(self);
  return GTK_WIDGET(self);
}
