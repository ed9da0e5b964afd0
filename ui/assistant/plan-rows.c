// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "assistant/plan-rows.h"
#include <adwaita.h>
#include <glib/gi18n.h>
#include "assistant/role-row.h"
#include "option-row.h"

// Which settings belong to which group; those of traces are of no use without them.
static const struct {
  PctRoleGroup group;
  gboolean of_traces;
  const char *names[10];
} places[] = {
  { PCT_ROLE_GROUP_ANSWERS, TRUE,
    { "delay", "window", "baseline", "summary", "times", "frame_rate", "neuropil", "cell_probability" } },
  { PCT_ROLE_GROUP_ANSWERS, FALSE, { "missing", "averaged" } },
  { PCT_ROLE_GROUP_IMAGES, FALSE, { "height", "width", "fit", "levels", "degrees_per_pixel" } },
  { PCT_ROLE_GROUP_TRIALS, FALSE,
    { "first_image", "blank", "tiers", "test", "validation", "repeats_to_test", "seed" } },
};

struct _PctPlanRows {
  GtkWidget parent_instance;
  PctImport *import;
  GtkWidget *box;
  GtkWidget *roles[PCT_N_IMPORT_ROLES];  // borrowed; NULL before the first files
  GPtrArray *settings;                   // of PctOptionRow, borrowed
  GPtrArray *of_traces;                  // of the rows that traces alone need, borrowed
};

G_DEFINE_FINAL_TYPE(PctPlanRows, pct_plan_rows, GTK_TYPE_WIDGET)

static gboolean
is_needed(PctImportRole role)
{
  return role == PCT_ROLE_RESPONSES || role == PCT_ROLE_IMAGES || role == PCT_ROLE_IMAGE_NUMBERS;
}

static gboolean
has_traces(const PctImportPlan *plan)
{
  return plan->roles[PCT_ROLE_TRACES].array || plan->roles[PCT_ROLE_SPIKE_TIMES].array;
}

static void
plan_changed(PctPlanRows *self)
{
  const PctImportPlan *plan = pct_import_get_plan(self->import);
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++)
    if (self->roles[i])
      pct_role_row_update(PCT_ROLE_ROW(self->roles[i]));
  for (guint i = 0; i < self->settings->len; i++) {
    PctOptionRow *row = self->settings->pdata[i];
    double value = pct_import_plan_get(plan, pct_option_row_get_option(row)->name);
    if (pct_option_row_get_value(row) != value)
      pct_option_row_set_value(row, value);
  }
  for (guint i = 0; i < self->of_traces->len; i++)
    gtk_widget_set_visible(self->of_traces->pdata[i], has_traces(plan));
}

static void
setting_changed(PctOptionRow *row, PctPlanRows *self)
{
  pct_import_set_number(self->import, pct_option_row_get_option(row)->name, pct_option_row_get_value(row));
}

static GtkWidget *
new_setting(PctPlanRows *self, const char *name)
{
  const PctOptionTable *table = pct_import_get_settings();
  for (guint i = 0; i < table->n_options; i++)
    if (g_str_equal(table->options[i].name, name)) {
      GtkWidget *row = pct_option_row_new(table, i);
      pct_option_row_set_value(PCT_OPTION_ROW(row), pct_import_plan_get(pct_import_get_plan(self->import), name));
      g_signal_connect_object(row, "changed", G_CALLBACK(setting_changed), self, 0);
      g_ptr_array_add(self->settings, row);
      return row;
    }
  g_return_val_if_reached(NULL);
}

static void
add_settings(PctPlanRows *self, PctRoleGroup group, GtkWidget *list)
{
  for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
    if (places[i].group != group)
      continue;
    GtkWidget *expander = adw_expander_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(expander),
                                  places[i].of_traces ? _("From traces to responses") : _("Settings"));
    for (const char *const *name = places[i].names; *name; name++)
      adw_expander_row_add_row(ADW_EXPANDER_ROW(expander), new_setting(self, *name));
    // What is taken of a trace is what one came to decide.
    adw_expander_row_set_expanded(ADW_EXPANDER_ROW(expander), places[i].of_traces);
    if (places[i].of_traces)
      g_ptr_array_add(self->of_traces, expander);
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(list), expander);
  }
}

static void
add_group(PctPlanRows *self, PctRoleGroup group)
{
  const PctImportPlan *plan = pct_import_get_plan(self->import);
  GtkWidget *list = adw_preferences_group_new(), *more = adw_expander_row_new();
  guint n_more = 0, n_open = 0;
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(list), pct_role_group_get_title(group));
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++) {
    PctImportRole role = (PctImportRole)i;
    if (pct_import_role_get(role)->group != group)
      continue;
    GtkWidget *row = self->roles[i] = pct_role_row_new(self->import, role);
    gtk_widget_set_sensitive(row, pct_role_row_has_choice(PCT_ROLE_ROW(row)));
    if (is_needed(role) || plan->roles[i].array) {
      adw_preferences_group_add(ADW_PREFERENCES_GROUP(list), row);
      n_open++;
    } else {
      adw_expander_row_add_row(ADW_EXPANDER_ROW(more), row);
      n_more++;
    }
  }
  g_autofree char *title = g_strdup_printf(n_open ? ngettext("%u more", "%u more", n_more)
                                                  : ngettext("%u not given", "%u not given", n_more), n_more);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(more), title);
  if (n_more)
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(list), more);
  else
    g_object_unref(g_object_ref_sink(more));
  add_settings(self, group, list);
  gtk_box_append(GTK_BOX(self->box), list);
}

static void
files_changed(PctPlanRows *self)
{
  g_ptr_array_set_size(self->settings, 0);
  g_ptr_array_set_size(self->of_traces, 0);
  memset(self->roles, 0, sizeof self->roles);
  for (GtkWidget *child; (child = gtk_widget_get_first_child(self->box)) != NULL;)
    gtk_box_remove(GTK_BOX(self->box), child);
  gboolean known = pct_import_get_listing(self->import) != NULL;
  for (int i = 0; known && i < PCT_N_ROLE_GROUPS; i++)
    add_group(self, (PctRoleGroup)i);
  if (known)
    plan_changed(self);
}

static void
pct_plan_rows_dispose(GObject *object)
{
  PctPlanRows *self = PCT_PLAN_ROWS(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_pointer(&self->settings, g_ptr_array_unref);
  g_clear_pointer(&self->of_traces, g_ptr_array_unref);
  g_clear_object(&self->import);
  G_OBJECT_CLASS(pct_plan_rows_parent_class)->dispose(object);
}

static void
pct_plan_rows_class_init(PctPlanRowsClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_plan_rows_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_plan_rows_init(PctPlanRows *self)
{
  self->settings = g_ptr_array_new();
  self->of_traces = g_ptr_array_new();
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *
pct_plan_rows_new(PctImport *import)
{
  PctPlanRows *self = g_object_new(PCT_TYPE_PLAN_ROWS, NULL);
  self->import = g_object_ref(import);
  g_signal_connect_object(import, "files-changed", G_CALLBACK(files_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(import, "plan-changed", G_CALLBACK(plan_changed), self, G_CONNECT_SWAPPED);
  files_changed(self);
  return GTK_WIDGET(self);
}
