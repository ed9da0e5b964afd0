// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "option-row.h"
#include <glib/gi18n.h>
#include <math.h>

struct _PctOptionRow {
  AdwActionRow parent_instance;
  const PctOption *option;
  GtkWidget *control;  // spin button, switch or drop-down; borrowed
  gboolean setting;    // the control is being set
};

G_DEFINE_FINAL_TYPE(PctOptionRow, pct_option_row, ADW_TYPE_ACTION_ROW)

static guint changed_signal;

// As many decimals as a value needs, so that 0.0002 does not show as 0.00.
static guint
count_digits(double value)
{
  char text[64];
  guint digits;
  for (digits = 0; digits < 8; digits++) {
    g_snprintf(text, sizeof text, "%.*f", (int)digits, value);
    if (fabs(g_ascii_strtod(text, NULL) - value) <= 1e-6 * fabs(value))
      break;
  }
  return MAX(digits, 2);
}

// The field must show every preset's value exactly: a spin button rounds to what it shows.
static GtkWidget *
new_spin(const PctOptionTable *table, guint i)
{
  const PctOption *option = &table->options[i];
  double value = table->presets[0].values[i];
  double step = 1;
  guint digits = 0;
  if (option->type == PCT_OPTION_REAL) {
    step = value > 0 ? pow(10, floor(log10(value))) : 0.1;
    for (guint j = 0; j < table->n_presets; j++)
      digits = MAX(digits, count_digits(table->presets[j].values[i]));
  }
  GtkAdjustment *adjustment =
    gtk_adjustment_new(value, option->minimum, option->maximum, step, 10 * step, 0);
  GtkWidget *spin = gtk_spin_button_new(adjustment, 0, digits);
  gtk_spin_button_set_numeric(GTK_SPIN_BUTTON(spin), TRUE);
  gtk_editable_set_width_chars(GTK_EDITABLE(spin), 6);
  return spin;
}

double
pct_option_row_get_value(PctOptionRow *self)
{
  g_return_val_if_fail(PCT_IS_OPTION_ROW(self), 0);
  switch (self->option->type) {
  case PCT_OPTION_BOOLEAN:
    return gtk_switch_get_active(GTK_SWITCH(self->control));
  case PCT_OPTION_CHOICE:
    return gtk_drop_down_get_selected(GTK_DROP_DOWN(self->control));
  default:
    return gtk_spin_button_get_value(GTK_SPIN_BUTTON(self->control));
  }
}

void
pct_option_row_set_value(PctOptionRow *self, double value)
{
  g_return_if_fail(PCT_IS_OPTION_ROW(self));
  self->setting = TRUE;
  switch (self->option->type) {
  case PCT_OPTION_BOOLEAN:
    gtk_switch_set_active(GTK_SWITCH(self->control), value != 0);
    break;
  case PCT_OPTION_CHOICE:
    gtk_drop_down_set_selected(GTK_DROP_DOWN(self->control), (guint)value);
    break;
  case PCT_OPTION_INTEGER:
  case PCT_OPTION_REAL:
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(self->control), value);
    break;
  }
  self->setting = FALSE;
}

void
pct_option_row_commit(PctOptionRow *self)
{
  g_return_if_fail(PCT_IS_OPTION_ROW(self));
  if (GTK_IS_SPIN_BUTTON(self->control))
    gtk_spin_button_update(GTK_SPIN_BUTTON(self->control));
}

const PctOption *
pct_option_row_get_option(PctOptionRow *self)
{
  g_return_val_if_fail(PCT_IS_OPTION_ROW(self), NULL);
  return self->option;
}

static void
control_changed(PctOptionRow *self)
{
  if (!self->setting)
    g_signal_emit(self, changed_signal, 0);
}

static void
pct_option_row_class_init(PctOptionRowClass *klass)
{
  changed_signal = g_signal_new("changed", PCT_TYPE_OPTION_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_option_row_init(PctOptionRow *self)
{
}

GtkWidget *
pct_option_row_new(const PctOptionTable *table, guint i)
{
  g_return_val_if_fail(table && i < table->n_options, NULL);
  PctOptionRow *self = g_object_new(PCT_TYPE_OPTION_ROW, NULL);
  const PctOption *option = self->option = &table->options[i];
  g_autofree char *title =
    option->unit != NULL && g_ascii_strcasecmp(option->unit, option->title) != 0
      ? g_strdup_printf("%s (%s)", _(option->title), _(option->unit)) : g_strdup(_(option->title));
  g_autofree char *escaped = g_markup_escape_text(title, -1);
  g_autofree char *help = g_markup_escape_text(option->help != NULL ? _(option->help) : "", -1);
  const char *property;
  if (option->type == PCT_OPTION_CHOICE) {
    // An AdwComboRow would cut the choice short where the help is long.
    self->control = gtk_drop_down_new_from_strings(option->choices);
    property = "notify::selected";
  } else if (option->type == PCT_OPTION_BOOLEAN) {
    self->control = gtk_switch_new();
    property = "notify::active";
  } else {
    self->control = new_spin(table, i);
    property = "notify::value";
  }
  gtk_widget_set_valign(self->control, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix(ADW_ACTION_ROW(self), self->control);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(self), self->control);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->control), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, option->help != NULL ? _(option->help) : "", -1);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self), escaped);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(self), help);
  pct_option_row_set_value(self, table->presets[0].values[i]);
  g_signal_connect_object(self->control, property, G_CALLBACK(control_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}
