// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "assistant/file-rows.h"
#include <adwaita.h>
#include <glib/gi18n.h>

struct _PctFileRows {
  GtkWidget parent_instance;
  PctImport *import;
  GtkWidget *group;
  GPtrArray *rows;  // borrowed
};

G_DEFINE_FINAL_TYPE(PctFileRows, pct_file_rows, GTK_TYPE_WIDGET)

// "MATLAB 5, 3 arrays", of all sources at or below path; NULL: nothing is known.
static char *
dup_description(PctFileRows *self, const char *path)
{
  const PctImportListing *listing = pct_import_get_listing(self->import);
  g_autoptr(GString) text = g_string_new(NULL);
  if (!listing)
    return pct_import_is_listing(self->import) ? g_strdup(_("Reading…")) : NULL;
  for (guint i = 0; i < listing->catalogue->sources->len; i++) {
    const PctArraySource *source = listing->catalogue->sources->pdata[i];
    if (!g_str_has_prefix(source->path, path))
      continue;
    g_string_append_printf(text, "%s%s", text->len ? "\n" : "", source->format);
    for (guint j = 0; j < source->remarks->len; j++)
      g_string_append_printf(text, "\n%s", (const char *)source->remarks->pdata[j]);
  }
  return text->len ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static GtkWidget *
new_row(PctFileRows *self, guint i)
{
  const char *path = pct_import_get_paths(self->import)->pdata[i];
  g_autofree char *base = g_filename_display_basename(path), *title = g_markup_escape_text(base, -1);
  g_autofree char *text = dup_description(self, path), *subtitle = g_markup_escape_text(text ? text : "", -1);
  g_autofree char *label = g_strdup_printf(_("Take “%s” away"), base);
  GtkWidget *row = adw_action_row_new(), *button = gtk_button_new_from_icon_name("window-close-symbolic");
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  adw_action_row_set_icon_name(ADW_ACTION_ROW(row), g_file_test(path, G_FILE_TEST_IS_DIR) ? "folder-symbolic"
                                                                                           : "text-x-generic-symbolic");
  gtk_widget_set_tooltip_text(row, path);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, label);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "import.remove-path");
  gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "u", i);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), button);
  return row;
}

static void
show(PctFileRows *self)
{
  const GPtrArray *paths = pct_import_get_paths(self->import);
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove(ADW_PREFERENCES_GROUP(self->group), self->rows->pdata[i]);
  g_ptr_array_set_size(self->rows, 0);
  for (guint i = 0; i < paths->len; i++) {
    GtkWidget *row = new_row(self, i);
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(self->group), row);
    g_ptr_array_add(self->rows, row);
  }
}

static GtkWidget *
new_button(const char *label, const char *action)
{
  GtkWidget *button = gtk_button_new_with_mnemonic(label);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  return button;
}

static void
pct_file_rows_dispose(GObject *object)
{
  PctFileRows *self = PCT_FILE_ROWS(object);
  g_clear_pointer(&self->group, gtk_widget_unparent);
  g_clear_pointer(&self->rows, g_ptr_array_unref);
  g_clear_object(&self->import);
  G_OBJECT_CLASS(pct_file_rows_parent_class)->dispose(object);
}

static void
pct_file_rows_class_init(PctFileRowsClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_file_rows_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_file_rows_init(PctFileRows *self)
{
  GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->rows = g_ptr_array_new();
  self->group = adw_preferences_group_new();
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(self->group), _("Files"));
  gtk_box_append(GTK_BOX(buttons), new_button(_("Add _Files…"), "import.add-files"));
  gtk_box_append(GTK_BOX(buttons), new_button(_("Add a Fol_der…"), "import.add-folder"));
  adw_preferences_group_set_header_suffix(ADW_PREFERENCES_GROUP(self->group), buttons);
  gtk_widget_set_parent(self->group, GTK_WIDGET(self));
}

GtkWidget *
pct_file_rows_new(PctImport *import)
{
  PctFileRows *self = g_object_new(PCT_TYPE_FILE_ROWS, NULL);
  self->import = g_object_ref(import);
  g_signal_connect_object(import, "files-changed", G_CALLBACK(show), self, G_CONNECT_SWAPPED);
  show(self);
  return GTK_WIDGET(self);
}
