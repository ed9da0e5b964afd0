// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/influence-row.h"
#include <glib/gi18n.h>
#include <math.h>
#include "neurons/mei-cache.h"
#include "picture-view.h"
#include "plots/number-text.h"

#define PICTURE_WIDTH 50

struct _PctInfluenceRow {
  GtkListBoxRow parent_instance;
  GtkWidget *picture, *number, *bar, *pin;
  int neuron;
};

G_DEFINE_FINAL_TYPE(PctInfluenceRow, pct_influence_row, GTK_TYPE_LIST_BOX_ROW)

static void
pct_influence_row_class_init(PctInfluenceRowClass *klass)
{
}

static void
pct_influence_row_init(PctInfluenceRow *self)
{
  self->neuron = -1;
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(self), FALSE);
  // The button takes the focus; a row that takes it too would double every Tab.
  gtk_widget_set_focusable(GTK_WIDGET(self), FALSE);
  self->picture = pct_picture_view_new();
  pct_picture_view_set_size(PCT_PICTURE_VIEW(self->picture), PICTURE_WIDTH, PICTURE_WIDTH, FALSE);
  self->number = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->number), 0);
  gtk_label_set_width_chars(GTK_LABEL(self->number), 6);
  gtk_widget_add_css_class(self->number, "numeric");
  self->bar = gtk_progress_bar_new();
  gtk_widget_set_hexpand(self->bar, TRUE);
  gtk_widget_set_valign(self->bar, GTK_ALIGN_CENTER);
  self->pin = gtk_button_new_from_icon_name("list-add-symbolic");
  gtk_widget_add_css_class(self->pin, "flat");
  gtk_widget_add_css_class(self->pin, "small-button");
  gtk_widget_set_valign(self->pin, GTK_ALIGN_CENTER);
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *parts[] = { self->picture, self->number, self->bar, self->pin };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(line), parts[i]);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(self), line);
}

GtkWidget *
pct_influence_row_new(void)
{
  return g_object_new(PCT_TYPE_INFLUENCE_ROW, NULL);
}

static void
set_class(GtkWidget *widget, const char *name, gboolean has)
{
  if (has)
    gtk_widget_add_css_class(widget, name);
  else
    gtk_widget_remove_css_class(widget, name);
}

static void
show_picture(PctInfluenceRow *self, int neuron, PctPicture *mei)
{
  if (mei) {
    g_autoptr(PctPicture) stretched = pct_mei_dup_stretched(mei);
    pct_picture_view_set_pixels(PCT_PICTURE_VIEW(self->picture), pct_picture_get_pixels(stretched),
                                pct_picture_get_height(stretched), pct_picture_get_width(stretched));
  } else
    pct_picture_view_clear(PCT_PICTURE_VIEW(self->picture));
  g_autofree char *label = mei ? g_strdup_printf(_("Most exciting input of neuron %d"), neuron)
                               : g_strdup_printf(_("No most exciting input of neuron %d"), neuron);
  pct_picture_view_set_label(PCT_PICTURE_VIEW(self->picture), label);
}

void
pct_influence_row_show(PctInfluenceRow *self, PctInfluenceMeasure measure, PctNeuronInfluence influence, double largest,
                       PctPicture *mei, gboolean pinned)
{
  g_return_if_fail(PCT_IS_INFLUENCE_ROW(self));
  gboolean is_signed = measure != PCT_INFLUENCE_SILENCING;
  self->neuron = influence.neuron;
  show_picture(self, influence.neuron, mei);
  g_autofree char *number = g_strdup_printf("#%d", influence.neuron);
  g_autofree char *value = pct_number_text(influence.value, 3);
  // Translators: a neuron, a measure ("Contribution"), its value and its unit ("grey levels").
  g_autofree char *what = g_strdup_printf(_("Neuron %d: %s %s%s %s"), influence.neuron,
                                          pct_influence_measure_get_title(measure),
                                          is_signed && influence.value > 0 ? "+" : "", value,
                                          pct_influence_measure_get_unit(measure));
  // Translators: as above, on a button.
  g_autofree char *offer = g_strdup_printf(pinned ? _("%s; it is pinned") : _("%s; pin it"), what);
  gtk_label_set_label(GTK_LABEL(self->number), number);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->bar), largest > 0 ? fabs(influence.value) / largest : 0);
  set_class(self->bar, "brighter", is_signed && influence.value > 0);
  set_class(self->bar, "darker", is_signed && influence.value < 0);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self), what);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
  gtk_button_set_icon_name(GTK_BUTTON(self->pin), pinned ? "object-select-symbolic" : "list-add-symbolic");
  gtk_widget_set_tooltip_text(self->pin, pinned ? _("It is pinned") : _("Pin it"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->pin), GTK_ACCESSIBLE_PROPERTY_LABEL, offer, -1);
  gtk_actionable_set_action_target(GTK_ACTIONABLE(self->pin), "i", influence.neuron);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->pin), "slide.pin");
}

int
pct_influence_row_get_neuron(PctInfluenceRow *self)
{
  g_return_val_if_fail(PCT_IS_INFLUENCE_ROW(self), -1);
  return self->neuron;
}
