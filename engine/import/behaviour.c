// SPDX-License-Identifier: GPL-3.0-or-later
// What the animal did in each trial: as the files say for each, or measured at times of its own and averaged over the
// time that the trial's image was shown. Where nothing was measured, nothing is known: NAN.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include "base/error.h"
#include "import/ascending.h"
#include "import/assembly.h"

// Times of behaviour and the trials they are averaged over.
typedef struct {
  double *times;      // (n_times,) ascending, or NULL: there are none
  int n_times;
  const char *shown;
  double *durations;  // (n_rows,) seconds
} Clock;

static gboolean
open_clock(PctAssembly *assembly, Clock *clock, GError **error)
{
  PctRoleArray array;
  if (!pct_assembly_open(assembly, PCT_ROLE_BEHAVIOUR_TIMES, &array, error))
    return FALSE;
  if (!array.entry)
    return TRUE;
  clock->shown = array.entry->name;
  clock->n_times = pct_role_array_get_size(&array, 'b');
  clock->times = pct_role_array_read_doubles(&array, error);
  for (int i = 0; clock->times && i < clock->n_times; i++)
    if (!isfinite(clock->times[i]) || (i > 0 && clock->times[i] < clock->times[i - 1])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("Times in “%s” go backwards: %g s at row %d, after %g s."), clock->shown, clock->times[i], i,
                  i > 0 ? clock->times[i - 1] : NAN);
      return FALSE;
    }
  return clock->times != NULL;
}

// out (columns,): means over the measurements of one trial that are numbers.
static void
average(const Clock *clock, const float *values, int columns, double from, double to, float *out)
{
  gsize n_times = (gsize)clock->n_times;
  gsize first = pct_find_time(clock->times, n_times, from), end = pct_find_time(clock->times, n_times, to);
  for (int c = 0; c < columns; c++) {
    double sum = 0;
    int n = 0;
    for (gsize i = first; i < end; i++) {
      float value = values[i * (gsize)columns + (gsize)c];
      if (isfinite(value)) {
        sum += value;
        n++;
      }
    }
    out[c] = n > 0 ? (float)(sum / n) : NAN;
  }
}

// (n_trials, columns) of kept rows; *out stays NULL where nothing has the role.
static gboolean
read_measure(PctAssembly *assembly, Clock *clock, PctImportRole role, int columns, float **out, GError **error)
{
  PctRoleArray array;
  if (!pct_assembly_open(assembly, role, &array, error))
    return FALSE;
  if (!array.entry)
    return TRUE;
  if (pct_role_array_get_size(&array, 'x') != columns) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” has %d columns; expected %d."), array.entry->name,
                pct_role_array_get_size(&array, 'x'), columns);
    return FALSE;
  }
  int n = pct_role_array_get_size(&array, array.form[0]);
  gboolean timed = clock->times && (array.form[0] == 'b' || n != assembly->n_rows);
  if (!timed && !pct_assembly_match_rows(assembly, n, array.entry->name, error))
    return FALSE;
  if (timed && n != clock->n_times) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” has %d measurements, but “%s” has %d times."),
                array.entry->name, n, clock->shown, clock->n_times);
    return FALSE;
  }
  if (timed && !assembly->onset) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” was measured at times of its own; stimulus onsets are needed to average it over each trial."),
                array.entry->name);
    return FALSE;
  }
  if (timed && !clock->durations && !(clock->durations = pct_trial_times_dup_durations(assembly, error)))
    return FALSE;
  g_autofree float *values = pct_role_array_read_floats(&array, error);
  if (!values)
    return FALSE;
  float *at = *out = g_new(float, (gsize)pct_assembly_count_kept(assembly) * (gsize)columns);
  for (int i = 0; i < assembly->n_rows; i++) {
    if (assembly->image[i] < 0)
      continue;
    if (timed)
      average(clock, values, columns, assembly->onset[i], assembly->onset[i] + clock->durations[i], at);
    else
      for (int c = 0; c < columns; c++) {
        float value = values[(gsize)i * (gsize)columns + (gsize)c];
        at[c] = isfinite(value) ? value : NAN;
      }
    at += columns;
  }
  return TRUE;
}

static void
keep_times(const PctAssembly *assembly, PctRecordingData *data)
{
  if (!assembly->onset)
    return;
  data->trial_time = g_new(double, data->n_trials);
  for (int i = 0, at = 0; i < assembly->n_rows; i++)
    if (assembly->image[i] >= 0)
      data->trial_time[at++] = isfinite(assembly->onset[i]) ? assembly->onset[i] : NAN;
}

gboolean
pct_behaviour_read(PctAssembly *assembly, PctRecordingData *data, GError **error)
{
  Clock clock = { 0 };
  gboolean ok = open_clock(assembly, &clock, error) &&
                read_measure(assembly, &clock, PCT_ROLE_SPEED, 1, &data->running_speed, error) &&
                read_measure(assembly, &clock, PCT_ROLE_PUPIL_SIZE, 1, &data->pupil_size, error) &&
                read_measure(assembly, &clock, PCT_ROLE_PUPIL_POSITION, 2, &data->pupil_position, error);
  keep_times(assembly, data);
  g_free(clock.times);
  g_free(clock.durations);
  return ok;
}
