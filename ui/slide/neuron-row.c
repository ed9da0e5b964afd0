// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/neuron-row.h"
#include <glib/gi18n.h>
#include "slide/response-scale.h"

struct _PctNeuronRow {
  GtkListBoxRow parent_instance;
  int neuron;
  GtkWidget *value_label, *scale, *reset;
  gboolean silent;
};

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(PctNeuronRow, pct_neuron_row, GTK_TYPE_LIST_BOX_ROW)

static void
show_value(PctNeuronRow *self)
{
  double value = gtk_range_get_value(GTK_RANGE(self->scale));
  double recorded = pct_response_scale_get_recorded(PCT_RESPONSE_SCALE(self->scale));
  gboolean beyond = pct_response_scale_is_beyond(PCT_RESPONSE_SCALE(self->scale));
  g_autofree char *text = g_strdup_printf(beyond ? "▲ %.2f" : "%.2f", value);
  gtk_label_set_label(GTK_LABEL(self->value_label), text);
  if (beyond)
    gtk_widget_add_css_class(self->value_label, "warning");
  else
    gtk_widget_remove_css_class(self->value_label, "warning");
  gtk_widget_set_tooltip_text(self->value_label, beyond ? _("Beyond the observed range") : NULL);
  gtk_widget_set_sensitive(self->reset, (float)value != (float)recorded);
}

static void
on_value_changed(PctNeuronRow *self)
{
  show_value(self);
  if (!self->silent)
    g_signal_emit(self, signals[SIGNAL_CHANGED], 0);
}

static void
pct_neuron_row_class_init(PctNeuronRowClass *klass)
{
  signals[SIGNAL_CHANGED] = g_signal_new("changed", PCT_TYPE_NEURON_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
}

static void
pct_neuron_row_init(PctNeuronRow *self)
{
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(self), FALSE);
  // The slider takes the focus; a row that takes it too would double every Tab.
  gtk_widget_set_focusable(GTK_WIDGET(self), FALSE);
  gtk_widget_add_css_class(GTK_WIDGET(self), "neuron-row");
}

static GtkWidget *
small_button(const char *icon, const char *tooltip)
{
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "circular");
  gtk_widget_add_css_class(button, "small-button");
  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  return button;
}

// Not as the button's own action: that would set its sensitivity, which says whether there is anything to put back.
static void
on_reset(PctNeuronRow *self)
{
  gtk_widget_activate_action(GTK_WIDGET(self), "slide.reset-neuron", "i", self->neuron);
}

GtkWidget *
pct_neuron_row_new(int neuron)
{
  PctNeuronRow *self = g_object_new(PCT_TYPE_NEURON_ROW, NULL);
  self->neuron = neuron;

  g_autofree char *name = g_strdup_printf("#%d", neuron);
  GtkWidget *title = gtk_label_new(name);
  gtk_widget_add_css_class(title, "heading");
  gtk_widget_add_css_class(title, "numeric");
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_widget_set_hexpand(title, TRUE);
  self->value_label = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->value_label, "numeric");
  g_autofree char *reset_tip = g_strdup_printf(_("Put neuron %d back to its recorded value"), neuron);
  g_autofree char *unpin_tip = g_strdup_printf(_("Unpin neuron %d"), neuron);
  self->reset = small_button("edit-undo-symbolic", reset_tip);
  g_signal_connect_swapped(self->reset, "clicked", G_CALLBACK(on_reset), self);
  GtkWidget *unpin = small_button("window-close-symbolic", unpin_tip);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(unpin), "slide.unpin");
  gtk_actionable_set_action_target(GTK_ACTIONABLE(unpin), "i", neuron);

  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2);
  gtk_box_append(GTK_BOX(line), title);
  gtk_box_append(GTK_BOX(line), self->value_label);
  gtk_widget_set_margin_end(self->value_label, 4);
  gtk_box_append(GTK_BOX(line), self->reset);
  gtk_box_append(GTK_BOX(line), unpin);

  self->scale = pct_response_scale_new();
  g_autofree char *label = g_strdup_printf(_("Response of neuron %d"), neuron);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->scale), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_swapped(self->scale, "value-changed", G_CALLBACK(on_value_changed), self);

  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append(GTK_BOX(box), line);
  gtk_box_append(GTK_BOX(box), self->scale);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(self), box);
  show_value(self);
  return GTK_WIDGET(self);
}

int
pct_neuron_row_get_neuron(PctNeuronRow *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_ROW(self), -1);
  return self->neuron;
}

void
pct_neuron_row_set_range(PctNeuronRow *self, double observed_minimum, double observed_maximum, double recorded)
{
  g_return_if_fail(PCT_IS_NEURON_ROW(self));
  self->silent = TRUE;
  pct_response_scale_set_range(PCT_RESPONSE_SCALE(self->scale), observed_minimum, observed_maximum, recorded);
  self->silent = FALSE;
  g_autofree char *tip = g_strdup_printf(_("Recorded %.2f; observed from %.2f to %.2f"), recorded, observed_minimum,
                                         observed_maximum);
  gtk_widget_set_tooltip_text(self->scale, tip);
  show_value(self);
}

void
pct_neuron_row_set_value(PctNeuronRow *self, double value)
{
  g_return_if_fail(PCT_IS_NEURON_ROW(self));
  // By hand a slider ends; an action may go further, and then the slider has to show it.
  GtkAdjustment *adjustment = gtk_range_get_adjustment(GTK_RANGE(self->scale));
  self->silent = TRUE;
  if (value < gtk_adjustment_get_lower(adjustment))
    gtk_adjustment_set_lower(adjustment, value);
  if (value > gtk_adjustment_get_upper(adjustment))
    gtk_adjustment_set_upper(adjustment, value);
  gtk_range_set_value(GTK_RANGE(self->scale), value);
  self->silent = FALSE;
  show_value(self);
}

double
pct_neuron_row_get_value(PctNeuronRow *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_ROW(self), 0);
  return gtk_range_get_value(GTK_RANGE(self->scale));
}

double
pct_neuron_row_get_recorded(PctNeuronRow *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_ROW(self), 0);
  return pct_response_scale_get_recorded(PCT_RESPONSE_SCALE(self->scale));
}

gboolean
pct_neuron_row_is_beyond(PctNeuronRow *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_ROW(self), FALSE);
  return pct_response_scale_is_beyond(PCT_RESPONSE_SCALE(self->scale));
}

GtkRange *
pct_neuron_row_get_range(PctNeuronRow *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_ROW(self), NULL);
  return GTK_RANGE(self->scale);
}
