// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "save-dialog.h"
#include <glib/gi18n.h>

// What waits for an answer or for a job. widget becomes NULL when it goes.
typedef struct {
  GtkWidget *widget;
  const PctSaveFormat *formats;
  guint n_formats;
  char *action, *path;
  PctSaveDialogSay say;
} Waiting;

static Waiting *
waiting_new(GtkWidget *widget)
{
  Waiting *waiting = g_new0(Waiting, 1);
  g_set_weak_pointer(&waiting->widget, widget);
  return waiting;
}

static void
waiting_free(gpointer data, GClosure *closure)
{
  Waiting *waiting = data;
  g_clear_weak_pointer(&waiting->widget);
  g_free(waiting->action);
  g_free(waiting->path);
  g_free(waiting);
}

static gboolean
has_ending(const Waiting *waiting, const char *path)
{
  for (guint i = 0; i < waiting->n_formats; i++)
    if (g_str_has_suffix(path, waiting->formats[i].ending))
      return TRUE;
  return FALSE;
}

// That of the filter chosen, for a name without one.
static const char *
get_ending(const Waiting *waiting, GtkFileChooser *chooser)
{
  GtkFileFilter *filter = gtk_file_chooser_get_filter(chooser);
  for (guint i = 0; filter && i < waiting->n_formats; i++)
    if (g_strcmp0(gtk_file_filter_get_name(filter), _(waiting->formats[i].title)) == 0)
      return waiting->formats[i].ending;
  return waiting->formats[0].ending;
}

static void
on_response(GtkNativeDialog *dialog, int response, Waiting *waiting)
{
  g_autoptr(GFile) file =
    response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *path = file ? g_file_get_path(file) : NULL;
  if (path && waiting->widget) {
    g_autofree char *whole =
      g_strconcat(path, has_ending(waiting, path) ? "" : get_ending(waiting, GTK_FILE_CHOOSER(dialog)), NULL);
    gtk_widget_activate_action(waiting->widget, waiting->action, "s", whole);
  }
  gtk_native_dialog_destroy(dialog);
  g_object_unref(dialog);
}

void
pct_save_dialog_ask(GtkWidget *widget, const char *title, const char *name, const PctSaveFormat *formats,
                    guint n_formats, const char *action)
{
  GtkRoot *root = gtk_widget_get_root(widget);
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new(title, GTK_IS_WINDOW(root) ? GTK_WINDOW(root) : NULL, GTK_FILE_CHOOSER_ACTION_SAVE,
                                _("_Save"), _("_Cancel"));
  for (guint i = 0; i < n_formats; i++) {
    g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();
    g_autofree char *pattern = g_strconcat("*", formats[i].ending, NULL);
    gtk_file_filter_set_name(filter, _(formats[i].title));
    gtk_file_filter_add_pattern(filter, pattern);
    gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), filter);
  }
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), name);
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  Waiting *waiting = waiting_new(widget);
  waiting->formats = formats;
  waiting->n_formats = n_formats;
  waiting->action = g_strdup(action);
  g_signal_connect_data(chooser, "response", G_CALLBACK(on_response), waiting, waiting_free, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static void
on_finished(PctJob *job, Waiting *waiting)
{
  const GError *error = pct_job_get_error(job);
  g_autofree char *shown = g_filename_display_name(waiting->path);
  g_autofree char *text = error ? g_strdup(error->message)
                          : pct_job_get_state(job) == PCT_JOB_DONE
                            ? g_strdup_printf(_("Saved as “%s”, with its numbers (.csv) and what it was made of "
                                                "(.json)."), shown)
                            : g_strdup(_("Saving was cancelled."));
  if (waiting->widget)
    waiting->say(waiting->widget, text);
}

void
pct_save_dialog_watch(GtkWidget *widget, PctJob *job, const char *path, PctSaveDialogSay say)
{
  Waiting *waiting = waiting_new(widget);
  waiting->path = g_strdup(path);
  waiting->say = say;
  g_signal_connect_data(job, "finished", G_CALLBACK(on_finished), waiting, waiting_free, 0);
}
