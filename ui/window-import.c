// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "window-import.h"
#include <glib/gi18n.h>
#include "assistant/import-window.h"

#define KEY "percept-import-window"

static void
imported(PctImportWindow *assistant, const char *path, PctMainWindow *window)
{
  g_autoptr(GFile) file = g_file_new_for_path(path);
  pct_main_window_open(window, file);
  // What was imported is looked at before it is used.
  g_action_group_change_action_state(G_ACTION_GROUP(window), "page", g_variant_new_string("look"));
}

static void
closed(PctMainWindow *window)
{
  g_object_set_data(G_OBJECT(window), KEY, NULL);
}

void
pct_window_import_open(PctMainWindow *window, PctLanes *lanes, const char *const *paths)
{
  GtkWidget *assistant = g_object_get_data(G_OBJECT(window), KEY);
  if (assistant != NULL && paths != NULL)
    pct_import_add_paths(pct_import_window_get_import(PCT_IMPORT_WINDOW(assistant)), paths);
  if (assistant == NULL) {
    assistant = pct_import_window_new(GTK_WINDOW(window), lanes, paths);
    g_object_set_data(G_OBJECT(window), KEY, assistant);
    g_signal_connect_object(assistant, "imported", G_CALLBACK(imported), window, 0);
    g_signal_connect_object(assistant, "destroy", G_CALLBACK(closed), window, G_CONNECT_SWAPPED);
  }
  gtk_window_present(GTK_WINDOW(assistant));
}

static void
answered(AdwMessageDialog *dialog, const char *response, PctMainWindow *window)
{
  const char *paths[] = { g_object_get_data(G_OBJECT(dialog), "path"), NULL };
  if (g_str_equal(response, "import"))
    pct_main_window_import(window, paths);
}

gboolean
pct_window_import_offer(PctMainWindow *window, GFile *file, const GError *error)
{
  const char *path = file != NULL ? g_file_peek_path(file) : NULL;
  if (path == NULL || !pct_import_may_help(error) || g_str_has_suffix(path, ".percept") ||
      g_str_has_suffix(path, ".percept.zip"))
    return FALSE;
  GtkWidget *dialog =
    adw_message_dialog_new(GTK_WINDOW(window), _("The recording could not be opened"), error->message);
  adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "close", _("_Close"), "import", _("_Import It…"), NULL);
  g_object_set_data_full(G_OBJECT(dialog), "path", g_strdup(path), g_free);
  g_signal_connect_object(dialog, "response", G_CALLBACK(answered), window, 0);
  gtk_window_present(GTK_WINDOW(dialog));
  return TRUE;
}
