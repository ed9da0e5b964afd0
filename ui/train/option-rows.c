// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "train/option-rows.h"
#include <glib/gi18n.h>
#include "option-row.h"

struct _PctOptionRows {
  GtkWidget parent_instance;
  const PctOptionTable *table;
  PctOptionValues *values;
  GtkWidget *group;
  GtkWidget *preset;     // NULL: there is one preset only
  GtkWidget *seed;
  GtkWidget **rows;      // (n_options,) PctOptionRow; borrowed
  gboolean setting;      // the controls are being set from values
};

G_DEFINE_FINAL_TYPE(PctOptionRows, pct_option_rows, GTK_TYPE_WIDGET)

static guint changed_signal;

static guint
find_preset(PctOptionRows *self)
{
  for (guint i = 0; i < self->table->n_presets; i++)
    if (memcmp(self->table->presets[i].values, self->values->values, self->table->n_options * sizeof(double)) == 0)
      return i;
  return self->table->n_presets;  // “custom”
}

static void
show_values(PctOptionRows *self)
{
  self->setting = TRUE;
  for (guint i = 0; i < self->table->n_options; i++)
    pct_option_row_set_value(PCT_OPTION_ROW(self->rows[i]), self->values->values[i]);
  if (self->preset != NULL)
    adw_combo_row_set_selected(ADW_COMBO_ROW(self->preset), find_preset(self));
  self->setting = FALSE;
}

static void
row_changed(PctOptionRow *row, PctOptionRows *self)
{
  for (guint i = 0; i < self->table->n_options; i++)
    if (self->rows[i] == GTK_WIDGET(row))
      self->values->values[i] = pct_option_row_get_value(row);
  if (self->preset != NULL) {
    self->setting = TRUE;
    adw_combo_row_set_selected(ADW_COMBO_ROW(self->preset), find_preset(self));
    self->setting = FALSE;
  }
  g_signal_emit(self, changed_signal, 0);
}

static void
preset_changed(AdwComboRow *row, GParamSpec *pspec, PctOptionRows *self)
{
  guint chosen = adw_combo_row_get_selected(row);
  if (self->setting || chosen >= self->table->n_presets)
    return;
  memcpy(self->values->values, self->table->presets[chosen].values, self->table->n_options * sizeof(double));
  show_values(self);
  g_signal_emit(self, changed_signal, 0);
}

static void
add_preset(PctOptionRows *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  for (guint i = 0; i < self->table->n_presets; i++)
    gtk_string_list_append(names, _(self->table->presets[i].title));
  gtk_string_list_append(names, _("Custom"));
  self->preset = adw_combo_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->preset), _("Preset"));
  adw_action_row_set_subtitle(ADW_ACTION_ROW(self->preset), _("Sets every option below"));
  adw_combo_row_set_model(ADW_COMBO_ROW(self->preset), G_LIST_MODEL(names));
  g_signal_connect_object(self->preset, "notify::selected", G_CALLBACK(preset_changed), self, 0);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(self->group), self->preset);
}

static GtkWidget *
new_seed(PctOptionRows *self)
{
  GtkWidget *row = adw_action_row_new();
  self->seed = gtk_spin_button_new_with_range(0, 999999, 1);
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(self->seed), 1);
  gtk_spin_button_set_numeric(GTK_SPIN_BUTTON(self->seed), TRUE);
  gtk_editable_set_width_chars(GTK_EDITABLE(self->seed), 6);
  gtk_widget_set_valign(self->seed, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->seed), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Seed"), -1);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _("Seed"));
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), _("The same seed gives the same model, to the bit."));
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), self->seed);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), self->seed);
  return row;
}

static void
build(PctOptionRows *self)
{
  GtkWidget *advanced = adw_expander_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(advanced), _("Advanced"));
  if (self->table->n_presets > 1)
    add_preset(self);
  for (guint i = 0; i < self->table->n_options; i++) {
    GtkWidget *row = self->rows[i] = pct_option_row_new(self->table, i);
    g_signal_connect_object(row, "changed", G_CALLBACK(row_changed), self, 0);
    if (!self->table->options[i].advanced)
      adw_preferences_group_add(ADW_PREFERENCES_GROUP(self->group), row);
    else
      adw_expander_row_add_row(ADW_EXPANDER_ROW(advanced), row);
  }
  adw_expander_row_add_row(ADW_EXPANDER_ROW(advanced), new_seed(self));
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(self->group), advanced);
}

const PctOptionValues *
pct_option_rows_get_values(PctOptionRows *self)
{
  g_return_val_if_fail(PCT_IS_OPTION_ROWS(self), NULL);
  return self->values;
}

void
pct_option_rows_commit(PctOptionRows *self)
{
  g_return_if_fail(PCT_IS_OPTION_ROWS(self));
  for (guint i = 0; i < self->table->n_options; i++)
    pct_option_row_commit(PCT_OPTION_ROW(self->rows[i]));
  gtk_spin_button_update(GTK_SPIN_BUTTON(self->seed));
}

guint64
pct_option_rows_get_seed(PctOptionRows *self)
{
  g_return_val_if_fail(PCT_IS_OPTION_ROWS(self), 0);
  return (guint64)gtk_spin_button_get_value(GTK_SPIN_BUTTON(self->seed));
}

static void
pct_option_rows_dispose(GObject *object)
{
  PctOptionRows *self = PCT_OPTION_ROWS(object);
  g_clear_pointer(&self->group, gtk_widget_unparent);
  g_clear_pointer(&self->rows, g_free);
  g_clear_pointer(&self->values, pct_option_values_free);
  G_OBJECT_CLASS(pct_option_rows_parent_class)->dispose(object);
}

static void
pct_option_rows_class_init(PctOptionRowsClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_option_rows_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  changed_signal = g_signal_new("changed", PCT_TYPE_OPTION_ROWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_option_rows_init(PctOptionRows *self)
{
  self->group = adw_preferences_group_new();
  gtk_widget_set_parent(self->group, GTK_WIDGET(self));
}

GtkWidget *
pct_option_rows_new(const PctOptionTable *table)
{
  PctOptionRows *self = g_object_new(PCT_TYPE_OPTION_ROWS, NULL);
  self->table = table;
  self->values = pct_option_values_new(table);
  self->rows = g_new0(GtkWidget *, table->n_options);
  build(self);
  show_values(self);
  return GTK_WIDGET(self);
}
