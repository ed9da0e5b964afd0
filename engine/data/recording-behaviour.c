// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/recording-behaviour.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "data/recording-arrays.h"
#include "data/recording-hash.h"

// The arrays of float32, as files name them.
static const struct {
  const char *name, *shown;
  gsize offset, columns;
} arrays[] = {
  { "running_speed", N_("running speed"), G_STRUCT_OFFSET(PctRecordingData, running_speed), 1 },
  { "pupil_size", N_("pupil size"), G_STRUCT_OFFSET(PctRecordingData, pupil_size), 1 },
  { "pupil_position", N_("pupil position"), G_STRUCT_OFFSET(PctRecordingData, pupil_position), 2 },
};

static float **
get_array(const PctRecordingData *data, guint i)
{
  return (float **)G_STRUCT_MEMBER_P(data, arrays[i].offset);
}

void
pct_recording_data_clear_behaviour(PctRecordingData *data)
{
  for (guint i = 0; i < G_N_ELEMENTS(arrays); i++)
    g_clear_pointer(get_array(data, i), g_free);
  g_clear_pointer(&data->trial_time, g_free);
}

static gboolean
refuse(const PctRecordingData *data, const char *what, int trial, GError **error)
{
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
              _("“%s” has an infinite %s at trial %d; expected a number, or NaN where it was not measured."),
              data->name, what, trial);
  return FALSE;
}

gboolean
pct_recording_data_check_behaviour(const PctRecordingData *data, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS(arrays); i++) {
    const float *values = *get_array(data, i);
    for (gsize j = 0; values && j < (gsize)data->n_trials * arrays[i].columns; j++)
      if (isinf(values[j]))
        return refuse(data, _(arrays[i].shown), (int)(j / arrays[i].columns), error);
  }
  for (int i = 0; data->trial_time && i < data->n_trials; i++)
    if (isinf(data->trial_time[i]))
      return refuse(data, _("time"), i, error);
  return TRUE;
}

void
pct_recording_data_copy_behaviour(PctRecordingData *data, const PctRecordingData *from, const int *trials)
{
  gsize n = (gsize)data->n_trials;
  for (guint i = 0; i < G_N_ELEMENTS(arrays); i++) {
    const float *in = *get_array(from, i);
    gsize columns = arrays[i].columns;
    float *out = *get_array(data, i) = in ? g_new(float, MAX(n, 1) * columns) : NULL;
    for (gsize j = 0; in && j < n; j++)
      memcpy(out + j * columns, in + (gsize)trials[j] * columns, columns * sizeof *out);
  }
  data->trial_time = from->trial_time ? g_new(double, MAX(n, 1)) : NULL;
  for (gsize j = 0; data->trial_time && j < n; j++)
    data->trial_time[j] = from->trial_time[trials[j]];
}

static gboolean
read_times(PctRecordingData *data, PctArchive *archive, GError **error)
{
  const char *name = "trial_time.npy";
  if (!pct_archive_has(archive, name))
    return TRUE;
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, name, error);
  if (!array)
    return FALSE;
  if (array->n_dims != 1 || array->n_items != (gsize)data->n_trials) {
    g_autofree char *expected = g_strdup_printf(_("one number for each of %d trials"), data->n_trials);
    return pct_shape_error(archive, name, array, expected, error);
  }
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  data->trial_time = pct_npy_array_dup_doubles(array, shown, error);
  return data->trial_time != NULL;
}

gboolean
pct_recording_data_read_behaviour(PctRecordingData *data, PctArchive *archive, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS(arrays); i++) {
    g_autofree char *name = g_strconcat(arrays[i].name, ".npy", NULL);
    g_autofree char *expected = arrays[i].columns == 1
                                  ? g_strdup_printf(_("one number for each of %d trials"), data->n_trials)
                                  : g_strdup_printf(_("two numbers for each of %d trials"), data->n_trials);
    if (!pct_recording_data_read_floats(archive, name, data->n_trials, (int)arrays[i].columns, expected,
                                        get_array(data, i), error))
      return FALSE;
  }
  return read_times(data, archive, error);
}

void
pct_recording_data_write_behaviour(const PctRecordingData *data, PctNpzWriter *writer)
{
  gsize n = (gsize)data->n_trials;
  for (guint i = 0; i < G_N_ELEMENTS(arrays); i++) {
    gsize shape[] = { n, arrays[i].columns };
    if (*get_array(data, i))
      pct_npz_writer_add(writer, arrays[i].name, PCT_NPY_FLOAT, 4, arrays[i].columns == 1 ? 1 : 2, shape,
                         *get_array(data, i));
  }
  if (data->trial_time)
    pct_npz_writer_add(writer, "trial_time", PCT_NPY_FLOAT, 8, 1, &n, data->trial_time);
}

const float *
pct_recording_get_running_speed(const PctRecording *recording)
{
  return pct_recording_get_data(recording)->running_speed;
}

const float *
pct_recording_get_pupil_size(const PctRecording *recording)
{
  return pct_recording_get_data(recording)->pupil_size;
}

const float *
pct_recording_get_pupil_position(const PctRecording *recording)
{
  return pct_recording_get_data(recording)->pupil_position;
}

const double *
pct_recording_get_trial_time(const PctRecording *recording)
{
  return pct_recording_get_data(recording)->trial_time;
}
