// SPDX-License-Identifier: GPL-3.0-or-later
// Receptive fields: read from the workspace if they were found before, found when a person asks for it.
#include "config.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "work/neurons-private.h"
#include "work/workspace.h"

// The result of either job.
typedef struct {
  PctNeuronFields *fields;
  char *problem;  // they could not be kept; NULL
} Found;

static void
found_free(gpointer data)
{
  Found *found = data;
  pct_neuron_fields_unref(found->fields);
  g_free(found->problem);
  g_free(found);
}

static Found *
found_new(PctReceptiveFields *fields)
{
  Found *found = g_new0(Found, 1);
  found->fields = pct_neuron_fields_new(fields);
  return found;
}

static char *
get_path(PctNeurons *self)
{
  return pct_workspace_folder_dup_receptive_fields(pct_project_get_workspace(self->project),
                                                         pct_project_get_trials(self->project));
}

static void
set_state(PctNeurons *self, PctReceptiveFieldState state)
{
  if (self->field_state == state)
    return;
  self->field_state = state;
  pct_neurons_notify(self, PCT_NEURONS_PROP_RECEPTIVE_FIELDS);
}

static gboolean
read_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  const PctNeuronsTask *task = pct_job_get_data(job);
  PctRecording *recording = task->opened->recording;
  g_autoptr(PctReceptiveFields) fields =
    pct_receptive_fields_load(task->path, task->opened->path ? pct_recording_get_fingerprint(recording) : NULL, error);
  if (!fields)
    return FALSE;
  int m = pct_recording_get_n_neurons(recording), height = pct_recording_get_height(recording);
  int width = pct_recording_get_width(recording);
  // The demo, made anew on every machine, goes without a fingerprint.
  if (fields->n_neurons != m || fields->height != height || fields->width != width) {
    g_autofree char *name = g_filename_display_basename(task->path);
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("“%s” holds receptive fields of %d neurons on %d × %d pixels; the recording has %d neurons and "
                  "%d × %d pixels."), name, fields->n_neurons, fields->width, fields->height, m, width, height);
    return FALSE;
  }
  pct_job_set_result(job, found_new(g_steal_pointer(&fields)), found_free);
  return TRUE;
}

static gboolean
find_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  const PctNeuronsTask *task = pct_job_get_data(job);
  const PctOpened *opened = task->opened;
  PctReceptiveFields *fields = pct_receptive_fields_new(opened->recording, opened->statistics, run, error);
  if (!fields)
    return FALSE;
  Found *found = found_new(fields);
  const char *fingerprint = pct_recording_get_fingerprint(opened->recording);
  g_autoptr(GError) not_kept = NULL;
  // Minutes of work are worth showing even where the disk is full.
  if (!pct_workspace_folder_describe(opened->workspace, opened->path, fingerprint, &not_kept) ||
      !pct_receptive_fields_save(fields, fingerprint, task->path, &not_kept))
    found->problem = g_strdup(not_kept->message);
  pct_job_set_result(job, found, found_free);
  return TRUE;
}

static void
answered(PctNeurons *self, PctJob *job)
{
  Found *found = pct_job_steal_result(job);
  if (found) {
    pct_neurons_set_sources(self, self->sources->encoder, self->sources->meis, found->fields);
    pct_neuron_facts_of_fields(found->fields->fields, self->columns);
    self->problems[PCT_NEURONS_FIELDS] = g_steal_pointer(&found->problem);
    found_free(found);
    set_state(self, PCT_RECEPTIVE_FIELDS_READY);
    pct_neurons_emit_changed(self, PCT_COLUMNS_OF_RECEPTIVE_FIELDS);
  } else if (self->sources->fields)
    // Those that were to be found anew are still there.
    set_state(self, PCT_RECEPTIVE_FIELDS_READY);
  else if (self->field_state == PCT_RECEPTIVE_FIELDS_FINDING)
    set_state(self, PCT_RECEPTIVE_FIELDS_NONE);
  else
    set_state(self, pct_job_get_error(job) ? PCT_RECEPTIVE_FIELDS_DAMAGED : PCT_RECEPTIVE_FIELDS_UNKNOWN);
}

void
pct_neurons_read_fields(PctNeurons *self)
{
  if (self->field_state != PCT_RECEPTIVE_FIELDS_UNKNOWN)
    return;
  g_autofree char *path = get_path(self);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    set_state(self, PCT_RECEPTIVE_FIELDS_NONE);
    return;
  }
  set_state(self, PCT_RECEPTIVE_FIELDS_READING);
  // A person waits for it: not behind the scores of a table.
  g_object_unref(pct_neurons_start(self, PCT_NEURONS_FIELDS, PCT_LANE_OPENING, _("Reading receptive fields"),
                                   read_in_thread, path, NULL, answered));
}

PctJob *
pct_neurons_find_receptive_fields(PctNeurons *self, GError **error)
{
  if (self->field_state == PCT_RECEPTIVE_FIELDS_FINDING)
    return g_object_ref(self->jobs[PCT_NEURONS_FIELDS]);
  if (!pct_workspace_folder_prepare(pct_project_get_workspace(self->project), error))
    return NULL;
  g_autofree char *path = get_path(self);
  // Whoever hears of the state finds the job: what reads is stopped, and there is a new one, before it is told.
  g_object_freeze_notify(G_OBJECT(self));
  set_state(self, PCT_RECEPTIVE_FIELDS_FINDING);
  PctJob *job = pct_neurons_start(self, PCT_NEURONS_FIELDS, PCT_LANE_HEAVY, _("Receptive fields"), find_in_thread, path,
                                  NULL, answered);
  g_object_thaw_notify(G_OBJECT(self));
  return job;
}

PctReceptiveFieldState
pct_neurons_get_receptive_field_state(PctNeurons *self)
{
  return self->field_state;
}

const char *
pct_neurons_get_receptive_field_problem(PctNeurons *self)
{
  return self->problems[PCT_NEURONS_FIELDS];
}

PctJob *
pct_neurons_get_receptive_field_job(PctNeurons *self)
{
  return self->field_state == PCT_RECEPTIVE_FIELDS_FINDING ? self->jobs[PCT_NEURONS_FIELDS] : NULL;
}
