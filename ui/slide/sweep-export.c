// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/sweep-export.h"
#include <glib/gi18n.h>

#define USUAL_WIDTH 512  // pixels of a picture in a file, about

static const struct {
  const char *ending, *title;
} formats[] = {
  { ".webp", N_("Animation (WebP)") },
  { ".png", N_("Strip or grid (PNG)") },
  { ".npy", N_("Numbers (npy)") },
};

// What waits for an answer or for a job. widget becomes NULL when it goes.
typedef struct {
  GtkWidget *widget;
  PctSlideSweep *sweep;
  PctAnimationOptions options;
  PctSweepExportSay say;
  char *path;
} Waiting;

static Waiting *
waiting_new(GtkWidget *widget, PctSlideSweep *sweep, const PctAnimationOptions *options, PctSweepExportSay say)
{
  Waiting *waiting = g_new0(Waiting, 1);
  *waiting = (Waiting){ .sweep = g_object_ref(sweep), .options = *options, .say = say };
  g_set_weak_pointer(&waiting->widget, widget);
  return waiting;
}

static void
waiting_free(gpointer data, GClosure *closure)
{
  Waiting *waiting = data;
  g_clear_weak_pointer(&waiting->widget);
  g_clear_object(&waiting->sweep);
  g_free(waiting->path);
  g_free(waiting);
}

static void
tell(Waiting *waiting, const char *sentence)
{
  if (waiting->widget)
    waiting->say(waiting->widget, sentence);
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
  tell(waiting, text);
}

void
pct_sweep_export_save(GtkWidget *widget, PctSlideSweep *sweep, const char *path, const PctAnimationOptions *options,
                      PctSweepExportSay say)
{
  g_autoptr(GError) error = NULL;
  PctPicture *first = pct_slide_sweep_get_picture(sweep, 0);
  PctAnimationOptions chosen = *options;
  chosen.scale = first ? MAX(1, USUAL_WIDTH / pct_picture_get_width(first)) : 1;
  // The list of jobs keeps it.
  g_autoptr(PctJob) job = pct_slide_sweep_save(sweep, path, &chosen, &error);
  if (!job) {
    say(widget, error->message);
    return;
  }
  Waiting *waiting = waiting_new(widget, sweep, options, say);
  waiting->path = g_strdup(path);
  g_signal_connect_data(job, "finished", G_CALLBACK(on_finished), waiting, waiting_free, 0);
}

static gboolean
has_ending(const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
    if (g_str_has_suffix(path, formats[i].ending))
      return TRUE;
  return FALSE;
}

// The ending of the filter chosen, for a name without one.
static const char *
get_ending(GtkFileChooser *chooser)
{
  GtkFileFilter *filter = gtk_file_chooser_get_filter(chooser);
  for (guint i = 0; filter && i < G_N_ELEMENTS(formats); i++)
    if (g_strcmp0(gtk_file_filter_get_name(filter), _(formats[i].title)) == 0)
      return formats[i].ending;
  return formats[0].ending;
}

static void
on_response(GtkNativeDialog *dialog, int response, Waiting *waiting)
{
  g_autoptr(GFile) file =
    response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *path = file ? g_file_get_path(file) : NULL;
  if (path && waiting->widget) {
    g_autofree char *whole = g_strconcat(path, has_ending(path) ? "" : get_ending(GTK_FILE_CHOOSER(dialog)), NULL);
    pct_sweep_export_save(waiting->widget, waiting->sweep, whole, &waiting->options, waiting->say);
  }
  gtk_native_dialog_destroy(dialog);
  g_object_unref(dialog);
}

static char *
dup_name(PctSlideSweep *sweep)
{
  const PctSweepRecipe *recipe = pct_slide_sweep_get_recipe(sweep);
  if (recipe->kind == PCT_SWEEP_GRID)
    return g_strdup_printf("neurons-%d-%d.webp", recipe->neurons[0], recipe->neurons[1]);
  if (recipe->kind == PCT_SWEEP_WALK || recipe->image >= 0)
    return g_strdup_printf("to-image-%d.webp", recipe->image);
  return recipe->kind == PCT_SWEEP_REPEATS ? g_strdup("trials.webp")
                                           : g_strdup_printf("neuron-%d.webp", recipe->neurons[0]);
}

void
pct_sweep_export_choose(GtkWidget *widget, PctSlideSweep *sweep, const PctAnimationOptions *options,
                        PctSweepExportSay say)
{
  if (!pct_slide_sweep_get_recipe(sweep))
    return;
  GtkRoot *root = gtk_widget_get_root(widget);
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new(_("Save the Sweep"), GTK_IS_WINDOW(root) ? GTK_WINDOW(root) : NULL,
                                GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();
    g_autofree char *pattern = g_strconcat("*", formats[i].ending, NULL);
    gtk_file_filter_set_name(filter, _(formats[i].title));
    gtk_file_filter_add_pattern(filter, pattern);
    gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), filter);
  }
  g_autofree char *name = dup_name(sweep);
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), name);
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  g_signal_connect_data(chooser, "response", G_CALLBACK(on_response), waiting_new(widget, sweep, options, say),
                        waiting_free, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}
