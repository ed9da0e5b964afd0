// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "window-files.h"
#include <glib/gi18n.h>

static void
chooser_response(GtkNativeDialog *dialog, int response, PctMainWindow *window)
{
  g_autoptr(GFile) file =
    response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  if (file != NULL)
    pct_main_window_open(window, file);
  g_object_set_data(G_OBJECT(window), "percept-chooser", NULL);
}

static void
destroy_chooser(gpointer chooser)
{
  gtk_native_dialog_destroy(chooser);
  g_object_unref(chooser);
}

void
pct_main_window_choose(PctMainWindow *window, gboolean folder)
{
  g_return_if_fail(PCT_IS_MAIN_WINDOW(window));
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new(
    folder ? _("Open a Recording’s Folder") : _("Open a Recording"), GTK_WINDOW(window),
    folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER : GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));
  if (!folder) {
    g_autoptr(GtkFileFilter) recordings = gtk_file_filter_new();
    g_autoptr(GtkFileFilter) others = gtk_file_filter_new();
    g_autoptr(GtkFileFilter) all = gtk_file_filter_new();
    static const char *const endings[] = { "mat", "h5", "hdf5", "nwb", "npy", "csv", "tsv" };
    gtk_file_filter_set_name(recordings, _("Recordings and shared workspaces (.npz, .zip)"));
    gtk_file_filter_add_suffix(recordings, "npz");
    gtk_file_filter_add_suffix(recordings, "zip");
    gtk_file_filter_set_name(others, _("Files to import (.mat, .h5, .nwb, .npy, .csv)"));
    for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
      gtk_file_filter_add_suffix(others, endings[i]);
    gtk_file_filter_set_name(all, _("All files"));
    gtk_file_filter_add_pattern(all, "*");
    gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), recordings);
    gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), others);
    gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), all);
  }
  // One at a time, which goes with the window.
  g_object_set_data_full(G_OBJECT(window), "percept-chooser", chooser, destroy_chooser);
  g_signal_connect_object(chooser, "response", G_CALLBACK(chooser_response), window, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static gboolean
is_photograph(PctMainWindow *window, GFile *file)
{
  g_autoptr(GVariant) page = g_action_group_get_action_state(G_ACTION_GROUP(window), "page");
  g_autofree char *name = g_file_get_basename(file), *type = g_content_type_guess(name, NULL, 0, NULL);
  return pct_main_window_get_page(window) != NULL && g_str_equal(g_variant_get_string(page, NULL), "slide") &&
         g_content_type_is_a(type, "image/*") && g_file_peek_path(file) != NULL;
}

static gboolean
dropped(GtkDropTarget *target, const GValue *value, double x, double y, PctMainWindow *window)
{
  GSList *files = g_value_get_boxed(value);
  if (files == NULL)
    return FALSE;
  if (files->next != NULL) {
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    for (GSList *file = files; file != NULL; file = file->next)
      if (g_file_peek_path(file->data) != NULL)
        g_ptr_array_add(paths, (char *)g_file_peek_path(file->data));
    g_ptr_array_add(paths, NULL);
    pct_main_window_import(window, (const char *const *)paths->pdata);
    return TRUE;
  }
  if (is_photograph(window, files->data))
    gtk_widget_activate_action(pct_main_window_get_page(window), "slide.photograph", "s", g_file_peek_path(files->data));
  else
    pct_main_window_open(window, files->data);
  return TRUE;
}

void
pct_window_files_attach(PctMainWindow *window, GtkWidget *box)
{
  GtkDropTarget *target = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect_object(target, "drop", G_CALLBACK(dropped), window, 0);
  gtk_widget_add_controller(box, GTK_EVENT_CONTROLLER(target));
}
