// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/field-density.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include "base/error.h"
#include "encode/field-density.h"
#include "encode/receptive-field.h"
#include "work/project-private.h"
#include "work/workspace.h"

typedef struct {
  PctOpened *opened;         // dropped when the job is over
  char *path;                // of the receptive fields; NULL: there are none
  PctModelEncoder *encoder;  // NULL: there is none
} Work;

static void
work_free(gpointer data)
{
  Work *work = data;
  pct_opened_unref(work->opened);
  g_free(work->path);
  pct_kept_unref(work->encoder);
  g_free(work);
}

static void
density_free(gpointer data)
{
  PctFieldDensity *density = data;
  g_free(density->values);
  g_free(density);
}

// FALSE with an error where the file cannot be used.
static gboolean
find_of_fields(const Work *work, PctFieldDensity *density, GError **error)
{
  PctRecording *recording = work->opened->recording;
  g_autoptr(PctReceptiveFields) fields = pct_receptive_fields_load(
    work->path, work->opened->path ? pct_recording_get_fingerprint(recording) : NULL, error);
  if (!fields)
    return FALSE;
  if (fields->height != density->height || fields->width != density->width) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” holds the receptive fields of another recording."), work->path);
    return FALSE;
  }
  g_autofree float *x = g_memdup2(fields->x, (gsize)fields->n_neurons * sizeof(float));
  // A field that predicts nothing of validation is noise, wherever it lies.
  for (int i = 0; i < fields->n_neurons; i++)
    if (fields->linear_correlation[i] <= 0)
      x[i] = NAN;
  pct_field_density_of_points(x, fields->y, fields->spread, fields->n_neurons, fields->height, fields->width,
                              density->values);
  return TRUE;
}

static gboolean
find_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  const Work *work = pct_job_get_data(job);
  PctFieldDensity *density = g_new0(PctFieldDensity, 1);
  density->height = pct_recording_get_height(work->opened->recording);
  density->width = pct_recording_get_width(work->opened->recording);
  density->values = g_new0(float, (gsize)density->height * (gsize)density->width);
  gboolean done;
  g_autoptr(GError) damaged = NULL;
  if (work->path && find_of_fields(work, density, &damaged)) {
    density->source = PCT_DENSITY_OF_FIELDS;
    done = pct_run_step(run, 1, 1, error);
  } else if (work->encoder) {
    g_autoptr(PctEncoder) encoder = pct_model_encoder_get(work->encoder, error);
    density->source = PCT_DENSITY_OF_ENCODER;
    done = encoder && pct_field_density_of_encoder(encoder, work->opened->statistics->image_mean, density->values, run,
                                                   error);
  } else {
    g_propagate_error(error, g_steal_pointer(&damaged));
    done = FALSE;
  }
  if (done)
    pct_job_set_result(job, density, density_free);
  else
    density_free(density);
  return done;
}

static void
finished(PctJob *job)
{
  Work *work = pct_job_get_data(job);
  // The list of finished jobs must not keep a whole recording.
  g_clear_pointer(&work->opened, pct_opened_unref);
  g_clear_pointer(&work->encoder, pct_kept_unref);
}

PctJob *
pct_project_find_field_density(PctProject *self, GError **error)
{
  g_return_val_if_fail(PCT_IS_PROJECT(self), NULL);
  g_autofree char *path = pct_workspace_folder_dup_receptive_fields(pct_project_get_workspace(self),
                                                         pct_project_get_trials(self));
  PctModel *encoder = pct_project_find_best_encoder(self);
  gboolean found = g_file_test(path, G_FILE_TEST_IS_REGULAR);
  if (!found && !encoder) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("Where the receptive fields of “%s” lie is not known yet: find them on the Neurons page, or train an "
                  "encoder."),
                pct_project_get_name(self));
    return NULL;
  }
  Work *work = g_new0(Work, 1);
  work->opened = pct_opened_ref(pct_project_get_opened(self));
  work->path = found ? g_steal_pointer(&path) : NULL;
  work->encoder = encoder ? pct_kept_ref(pct_model_get_encoder(encoder)) : NULL;
  PctJob *job = pct_job_new(_("Where receptive fields lie"), find_in_thread, work, work_free);
  g_signal_connect(job, "finished", G_CALLBACK(finished), NULL);
  pct_lanes_submit(pct_project_get_lanes(self), PCT_LANE_BACKGROUND, job);
  return job;
}

const PctFieldDensity *
pct_field_density_job_get(PctJob *job)
{
  return pct_job_get_result(job);
}
