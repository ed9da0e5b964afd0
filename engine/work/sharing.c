// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/sharing.h"
#include <glib/gi18n-lib.h>
#include "data/demo.h"
#include "data/recording-file.h"
#include "work/project-private.h"
#include "work/share.h"
#include "work/sharing-private.h"
#include "work/workspace.h"

// What a job owns: of the project what never changes, so that the project may go.
typedef struct {
  PctOpened *opened;
  GPtrArray *folders;
  gboolean with_recording;
  char *path;
} Sharing;

static void
sharing_free(gpointer data)
{
  Sharing *sharing = data;
  pct_opened_unref(sharing->opened);
  g_clear_pointer(&sharing->folders, g_ptr_array_unref);
  g_free(sharing->path);
  g_free(sharing);
}

static Sharing *
sharing_new(PctProject *project, GPtrArray *models, gboolean with_recording, const char *path)
{
  Sharing *sharing = g_new0(Sharing, 1);
  sharing->opened = pct_opened_ref(pct_project_get_opened(project));
  sharing->folders = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; models && i < models->len; i++)
    g_ptr_array_add(sharing->folders, g_strdup(pct_model_get_folder(models->pdata[i])));
  sharing->with_recording = with_recording;
  sharing->path = g_strdup(path);
  return sharing;
}

static PctShare
get_share(const Sharing *sharing)
{
  const PctOpened *opened = sharing->opened;
  return (PctShare){ opened->recording, opened->path == NULL, opened->workspace, sharing->folders, sharing->with_recording };
}

guint64
pct_project_measure_share(PctProject *self, GPtrArray *models, gboolean with_recording)
{
  Sharing *sharing = sharing_new(self, models, with_recording, NULL);
  PctShare share = get_share(sharing);
  guint64 size = pct_share_measure(&share);
  sharing_free(sharing);
  return size;
}

static gboolean
share_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  const Sharing *sharing = pct_job_get_data(job);
  const PctOpened *opened = sharing->opened;
  PctShare share = get_share(sharing);
  g_autoptr(PctRecording) whole = NULL;
  // A filter is of whoever looks: the recording is given as it is.
  if (pct_recording_get_trials(opened->recording)) {
    share.recording = whole = opened->path ? pct_recording_open(opened->path, run, error) : pct_demo_open(run, error);
    if (!whole)
      return FALSE;
  }
  return pct_share_write(&share, sharing->path, run, error);
}

PctJob *
pct_project_share_async(PctProject *self, GPtrArray *models, gboolean with_recording, const char *path)
{
  g_return_val_if_fail(PCT_IS_PROJECT(self) && models && path, NULL);
  g_autofree char *title = g_strdup_printf(_("Sharing “%s”"), pct_project_get_name(self));
  PctJob *job = pct_job_new(title, share_in_thread, sharing_new(self, models, with_recording, path), sharing_free);
  pct_lanes_submit(pct_project_get_lanes(self), PCT_LANE_OPENING, job);
  return job;
}

GPtrArray *
pct_opened_take_in(PctOpened *opened, const PctSharedFile *file, const PctRun *run, GError **error)
{
  if (!pct_shared_file_check(file, opened->recording, opened->path == NULL, error))
    return NULL;
  g_autoptr(GPtrArray) taken = pct_shared_file_take_in(file, opened->workspace, opened->path == NULL, run, error);
  if (!taken || !pct_workspace_folder_describe(opened->workspace, opened->path,
                                               pct_recording_get_fingerprint(opened->recording), error))
    return NULL;
  return g_steal_pointer(&taken);
}

static gboolean
take_in_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  const Sharing *sharing = pct_job_get_data(job);
  g_autoptr(PctSharedFile) file = pct_shared_file_open(sharing->path, error);
  g_autoptr(GPtrArray) taken = file ? pct_opened_take_in(sharing->opened, file, run, error) : NULL;
  if (taken)
    pct_job_set_result(job, pct_found_new_of(pct_opened_ref(sharing->opened), taken), (GDestroyNotify)pct_found_free);
  return taken != NULL;
}

PctJob *
pct_project_take_in_async(PctProject *self, const char *path)
{
  g_return_val_if_fail(PCT_IS_PROJECT(self) && path, NULL);
  g_autofree char *shown = g_filename_display_basename(path);
  g_autofree char *title = g_strdup_printf(_("Taking in the models of “%s”"), shown);
  PctJob *job = pct_job_new(title, take_in_in_thread, sharing_new(self, NULL, FALSE, path), sharing_free);
  pct_lanes_submit(pct_project_get_lanes(self), PCT_LANE_OPENING, job);
  return job;
}

guint
pct_project_take_in_finish(PctProject *self, PctJob *job)
{
  g_return_val_if_fail(PCT_IS_PROJECT(self) && pct_job_get_state(job) == PCT_JOB_DONE, 0);
  g_autoptr(PctFound) found = pct_job_steal_result(job);
  if (!found)
    return 0;
  pct_project_add_found(self, found);
  return found->models->len;
}
