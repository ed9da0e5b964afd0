// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "train/option-rows.h"
#include <glib/gi18n.h>
#include <math.h>

struct _PctOptionRows {
  GtkWidget parent_instance;
  const PctOptionTable *table;
  PctOptionValues *values;
  GtkWidget *group;
  GtkWidget *preset;     // NULL: there is one preset only
  GtkWidget *seed;
  GtkWidget **controls;  // (n_options,) spin button, switch or drop-down; borrowed
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
  for (guint i = 0; i < self->table->n_options; i++) {
    double value = self->values->values[i];
    switch (self->table->options[i].type) {
    case PCT_OPTION_BOOLEAN:
      gtk_switch_set_active(GTK_SWITCH(self->controls[i]), value != 0);
      break;
    case PCT_OPTION_CHOICE:
      gtk_drop_down_set_selected(GTK_DROP_DOWN(self->controls[i]), (guint)value);
      break;
    case PCT_OPTION_INTEGER:
    case PCT_OPTION_REAL:
      gtk_spin_button_set_value(GTK_SPIN_BUTTON(self->controls[i]), value);
      break;
    }
  }
  if (self->preset != NULL)
    adw_combo_row_set_selected(ADW_COMBO_ROW(self->preset), find_preset(self));
  self->setting = FALSE;
}

static void
control_changed(GtkWidget *control, GParamSpec *pspec, PctOptionRows *self)
{
  if (self->setting)
    return;
  for (guint i = 0; i < self->table->n_options; i++) {
    double value;
    if (self->controls[i] != control)
      continue;
    switch (self->table->options[i].type) {
    case PCT_OPTION_BOOLEAN:
      value = gtk_switch_get_active(GTK_SWITCH(control));
      break;
    case PCT_OPTION_CHOICE:
      value = gtk_drop_down_get_selected(GTK_DROP_DOWN(control));
      break;
    default:
      value = gtk_spin_button_get_value(GTK_SPIN_BUTTON(control));
    }
    self->values->values[i] = value;
  }
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

static GtkWidget *
add_option(PctOptionRows *self, guint i)
{
  const PctOption *option = &self->table->options[i];
  double value = self->values->values[i];
  g_autofree char *title =
    option->unit != NULL && g_ascii_strcasecmp(option->unit, option->title) != 0
      ? g_strdup_printf("%s (%s)", _(option->title), _(option->unit)) : g_strdup(_(option->title));
  g_autofree char *escaped = g_markup_escape_text(title, -1);
  g_autofree char *help = g_markup_escape_text(option->help != NULL ? _(option->help) : "", -1);
  GtkWidget *row, *control;
  const char *signal;

  if (option->type == PCT_OPTION_CHOICE) {
    // An AdwComboRow would cut the choice short where the help is long.
    control = gtk_drop_down_new_from_strings(option->choices);
    gtk_drop_down_set_selected(GTK_DROP_DOWN(control), (guint)value);
    signal = "notify::selected";
  } else if (option->type == PCT_OPTION_BOOLEAN) {
    control = gtk_switch_new();
    gtk_switch_set_active(GTK_SWITCH(control), value != 0);
    signal = "notify::active";
  } else {
    control = new_spin(self->table, i);
    signal = "notify::value";
  }
  gtk_widget_set_valign(control, GTK_ALIGN_CENTER);
  row = adw_action_row_new();
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), control);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), control);
  gtk_accessible_update_property(GTK_ACCESSIBLE(control), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, option->help != NULL ? _(option->help) : "", -1);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), escaped);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), help);
  g_signal_connect_object(control, signal, G_CALLBACK(control_changed), self, 0);
  self->controls[i] = control;
  return row;
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
    GtkWidget *row = add_option(self, i);
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
    if (GTK_IS_SPIN_BUTTON(self->controls[i]))
      gtk_spin_button_update(GTK_SPIN_BUTTON(self->controls[i]));
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
  g_clear_pointer(&self->controls, g_free);
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
  self->controls = g_new0(GtkWidget *, table->n_options);
  build(self);
  show_values(self);
  return GTK_WIDGET(self);
}
