// SPDX-License-Identifier: GPL-3.0-or-later
// What the opening thread reads: the recording, then the description of every model. A model that does not fit is
// listed with the reason, so that nobody looks for it in vain.
#include "config.h"
#include <glib/gi18n-lib.h>
#include "work/kinds.h"
#include "work/project-private.h"
#include "work/workspace.h"

static void
found_model_free(gpointer data)
{
  PctFoundModel *model = data;
  g_free(model->folder);
  g_free(model->problem);
  pct_model_info_free(model->info);
  g_free(model);
}

void
pct_found_free(PctFound *found)
{
  if (!found)
    return;
  pct_opened_unref(found->opened);
  g_clear_pointer(&found->models, g_ptr_array_unref);
  g_free(found);
}

// NULL: it fits. The demo is made anew on every machine; the last bits of its responses, and with them the fingerprint,
// may differ, and mean nothing.
static char *
find_problem(const PctFound *found, const PctModelInfo *info)
{
  PctRecording *recording = found->opened->recording;
  if (found->opened->path && g_strcmp0(info->fingerprint, pct_recording_get_fingerprint(recording)) != 0)
    return g_strdup_printf(_("It was trained on another recording, “%s”."), info->recording_name);
  if (info->finished && (info->n_neurons != pct_recording_get_n_neurons(recording) ||
                         info->height != pct_recording_get_height(recording) ||
                         info->width != pct_recording_get_width(recording)))
    // Translators: a model is for responses of so many neurons to images of this size.
    return g_strdup_printf(_("It is for %d neurons and %d × %d pixels, which is not what this recording has."),
                           info->n_neurons, info->width, info->height);
  return NULL;
}

static void
add_model(PctFound *found, const char *folder, gboolean shipped)
{
  g_autoptr(GError) error = NULL;
  PctModelInfo *info = pct_model_info_load(folder, pct_model_kinds_find, &error);
  // Stopped before its first checkpoint by something worse than a click: there is nothing to go on from.
  if (info && !info->finished && !pct_workspace_folder_has_checkpoint(folder)) {
    pct_model_info_free(info);
    return;
  }
  PctFoundModel *model = g_new0(PctFoundModel, 1);
  model->folder = g_strdup(folder);
  model->shipped = shipped;
  model->info = info;
  model->problem = info ? find_problem(found, info) : g_strdup(error->message);
  g_ptr_array_add(found->models, model);
}

PctFound *
pct_found_new_of(PctOpened *opened, GPtrArray *folders)
{
  PctFound *found = g_new0(PctFound, 1);
  found->models = g_ptr_array_new_with_free_func(found_model_free);
  found->opened = opened;
  for (guint i = 0; i < folders->len; i++)
    add_model(found, g_ptr_array_index(folders, i), FALSE);
  return found;
}

PctFound *
pct_found_new_take(PctOpened *opened)
{
  g_autoptr(GPtrArray) own = pct_workspace_folder_list_models(opened->workspace);
  g_autoptr(GPtrArray) shipped = opened->path ? NULL : pct_workspace_folder_list_shipped();
  PctFound *found = pct_found_new_of(opened, own);
  for (guint i = 0; shipped && i < shipped->len; i++)
    add_model(found, g_ptr_array_index(shipped, i), TRUE);
  return found;
}

PctFound *
pct_found_new(const char *path, const char *trials, const PctRun *run, GError **error)
{
  PctOpened *opened = pct_opened_new(path, trials, run, error);
  return opened ? pct_found_new_take(opened) : NULL;
}
