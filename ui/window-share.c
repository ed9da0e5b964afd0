// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "window-share.h"
#include <glib/gi18n.h>
#include "share-dialog.h"
#include "work/sharing.h"

// What waits for a job or an answer. window becomes NULL when it goes.
typedef struct {
  PctMainWindow *window;
  PctProject *project;  // that takes models in; NULL else
  char *path;
} Waiting;

static Waiting *
waiting_new(PctMainWindow *window, const char *path)
{
  Waiting *waiting = g_new0(Waiting, 1);
  g_set_weak_pointer(&waiting->window, window);
  waiting->path = g_strdup(path);
  return waiting;
}

static void
waiting_free(gpointer data, GClosure *closure)
{
  Waiting *waiting = data;
  g_clear_weak_pointer(&waiting->window);
  g_clear_object(&waiting->project);
  g_free(waiting->path);
  g_free(waiting);
}

static void
share_finished(PctJob *job, Waiting *waiting)
{
  g_autofree char *shown = g_filename_display_name(waiting->path);
  g_autofree char *sentence = g_strdup_printf(_("Shared as “%s”."), shown);
  if (!waiting->window)
    return;
  if (pct_job_get_state(job) == PCT_JOB_DONE)
    pct_main_window_say(waiting->window, sentence);
  else if (pct_job_get_state(job) == PCT_JOB_CANCELLED)
    pct_main_window_say(waiting->window, _("Sharing was cancelled."));
  else
    pct_main_window_tell(waiting->window, _("The workspace could not be shared"), pct_job_get_error(job)->message);
}

// Finished ones (of PctModel), of these names; names NULL: all.
static GPtrArray *
list_models(PctProject *project, const char *const *names)
{
  GPtrArray *list = g_ptr_array_new_with_free_func(g_object_unref);
  GListModel *models = pct_project_get_models(project);
  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(PctModel) model = g_list_model_get_item(models, i);
    if (pct_model_get_state(model) == PCT_MODEL_FINISHED &&
        (!names || g_strv_contains(names, pct_model_get_name(model))))
      g_ptr_array_add(list, g_steal_pointer(&model));
  }
  return list;
}

static void
share_to_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctMainWindow *window = data;
  PctProject *project = pct_main_window_get_project(window);
  const char *path;
  gboolean with_recording;
  g_autofree const char **names = NULL;
  g_variant_get(parameter, "(&sb^a&s)", &path, &with_recording, &names);
  if (!project)
    return;
  g_autoptr(GPtrArray) models = list_models(project, names);
  g_autoptr(PctJob) job = pct_project_share_async(project, models, with_recording, path);
  g_signal_connect_data(job, "finished", G_CALLBACK(share_finished), waiting_new(window, path), waiting_free, 0);
}

static void
share_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctProject *project = pct_main_window_get_project(data);
  if (!project)
    return;
  g_autoptr(GPtrArray) models = list_models(project, NULL);
  gtk_window_present(GTK_WINDOW(pct_share_dialog_new(data, project, models)));
}

static void
copy_command_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctMainWindow *window = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *command = pct_main_window_dup_command(window, &error);
  if (command)
    gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(window)), command);
  g_autofree char *sentence = command ? g_strdup_printf(_("Copied: %s"), command) : g_strdup(error->message);
  pct_main_window_say(window, sentence);
}

void
pct_window_share_attach(PctMainWindow *window)
{
  static const GActionEntry entries[] = {
    { .name = "share", .activate = share_activated },
    { .name = "copy-command", .activate = copy_command_activated },
    { .name = "share-to", .parameter_type = "(sbas)", .activate = share_to_activated },
  };
  g_action_map_add_action_entries(G_ACTION_MAP(window), entries, G_N_ELEMENTS(entries), window);
  g_simple_action_set_enabled(G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(window), "share")), FALSE);
}

void
pct_window_share_show(PctMainWindow *window)
{
  g_simple_action_set_enabled(G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(window), "share")), TRUE);
}

static void
taken_in(PctJob *job, Waiting *waiting)
{
  if (pct_job_get_state(job) != PCT_JOB_DONE) {
    if (waiting->window && pct_job_get_state(job) == PCT_JOB_FAILED)
      pct_main_window_tell(waiting->window, _("The models could not be taken in"), pct_job_get_error(job)->message);
    return;
  }
  guint n = pct_project_take_in_finish(waiting->project, job);
  g_autofree char *shown = g_filename_display_basename(waiting->path);
  g_autofree char *sentence =
    n > 0 ? g_strdup_printf(ngettext("%u model of “%s” is here now.", "%u models of “%s” are here now.", n), n, shown)
          : g_strdup_printf(_("All models of “%s” were here already."), shown);
  if (waiting->window)
    pct_main_window_say(waiting->window, sentence);
}

static void
chosen(GtkNativeDialog *dialog, int response, Waiting *waiting)
{
  g_autoptr(GFile) file =
    response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  if (file && g_file_peek_path(file) && waiting->window)
    pct_main_window_open_shared(waiting->window, file, waiting->path);
  gtk_native_dialog_destroy(dialog);
  g_object_unref(dialog);
}

static void
answered(AdwMessageDialog *dialog, const char *response, Waiting *waiting)
{
  if (g_strcmp0(response, "choose") != 0 || !waiting->window)
    return;
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new(_("Open the Recording"), GTK_WINDOW(waiting->window), GTK_FILE_CHOOSER_ACTION_OPEN,
                                _("_Open"), _("_Cancel"));
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  g_signal_connect_data(chooser, "response", G_CALLBACK(chosen), waiting_new(waiting->window, waiting->path), waiting_free,
                        0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

void
pct_window_share_match(PctMainWindow *window, const PctSharedAbout *wanted, GFile *shared, const char *sentence)
{
  PctProject *project = pct_main_window_get_project(window);
  const char *path = g_file_peek_path(shared);
  if (project && (g_str_equal(pct_project_get_fingerprint(project), wanted->fingerprint) ||
                  (wanted->demo && pct_project_is_demo(project)))) {
    Waiting *waiting = waiting_new(window, path);
    waiting->project = g_object_ref(project);
    g_autoptr(PctJob) job = pct_project_take_in_async(project, path);
    g_signal_connect_data(job, "finished", G_CALLBACK(taken_in), waiting, waiting_free, 0);
    return;
  }
  // The demo is always there.
  if (wanted->demo) {
    pct_main_window_open_shared(window, NULL, path);
    return;
  }
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(window), _("Which recording is it?"), NULL);
  adw_message_dialog_format_body(ADW_MESSAGE_DIALOG(dialog), _("%s Choose that recording, and it gets the models."),
                                 sentence);
  adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "choose",
                                   _("_Choose the Recording…"), NULL);
  adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "choose", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "choose");
  g_signal_connect_data(dialog, "response", G_CALLBACK(answered), waiting_new(window, path), waiting_free, 0);
  gtk_window_present(GTK_WINDOW(dialog));
}
