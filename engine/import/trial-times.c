// SPDX-License-Identifier: GPL-3.0-or-later
// When each trial's image came and went, in seconds on the clock of the traces, whatever unit the files count in.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "import/ascending.h"
#include "import/assembly.h"

static gboolean
are_whole(const double *values, int n)
{
  for (int i = 0; i < n; i++)
    if (isfinite(values[i]) && values[i] != floor(values[i]))
      return FALSE;
  return TRUE;
}

static gboolean
count_in_frames(const PctAssembly *assembly, const double *onset)
{
  if (!pct_assembly_setting_is(assembly, "times", "auto"))
    return pct_assembly_setting_is(assembly, "times", "frames");
  return !assembly->plan->roles[PCT_ROLE_FRAME_TIMES].array && assembly->plan->roles[PCT_ROLE_TRACES].array &&
         are_whole(onset, assembly->n_rows);
}

// In place: frames to seconds, between two frames in proportion, beyond the last at the last interval; a frame that is
// before the first is not known.
static void
frames_to_seconds(double *times, int n, const double *frame_times, int n_frames)
{
  for (int i = 0; i < n; i++) {
    if (!(times[i] >= 0)) {
      times[i] = NAN;
      continue;
    }
    int before = n_frames > 1 ? (int)MIN(floor(times[i]), n_frames - 2) : 0;
    double interval = n_frames > 1 ? frame_times[before + 1] - frame_times[before] : 0;
    times[i] = frame_times[before] + (times[i] - before) * interval;
  }
}

static gboolean
read_times(PctAssembly *assembly, PctImportRole role, double **out, GError **error)
{
  PctRoleArray array;
  if (!pct_assembly_open(assembly, role, &array, error))
    return FALSE;
  if (!array.entry)
    return TRUE;
  if (!pct_assembly_match_rows(assembly, pct_role_array_get_size(&array, 't'), array.entry->name, error))
    return FALSE;
  *out = pct_role_array_read_doubles(&array, error);
  return *out != NULL;
}

gboolean
pct_trial_times_read(PctAssembly *assembly, const double *frame_times, int n_frames, GError **error)
{
  if (!read_times(assembly, PCT_ROLE_ONSETS, &assembly->onset, error) ||
      !read_times(assembly, PCT_ROLE_OFFSETS, &assembly->offset, error))
    return FALSE;
  if (!assembly->onset || !count_in_frames(assembly, assembly->onset))
    return TRUE;
  double rate = pct_import_plan_get(assembly->plan, "frame_rate");
  if (!frame_times && rate <= 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” counts in frames, but neither frame times nor a frame rate are known."),
                assembly->plan->roles[PCT_ROLE_ONSETS].array);
    return FALSE;
  }
  double *lists[] = { assembly->onset, assembly->offset };
  for (guint l = 0; l < G_N_ELEMENTS(lists); l++)
    if (lists[l] && frame_times)
      frames_to_seconds(lists[l], assembly->n_rows, frame_times, n_frames);
    else
      for (int i = 0; lists[l] && i < assembly->n_rows; i++)
        lists[l][i] /= rate;
  return TRUE;
}

// The onsets that are known, ascending. (*n,)
static double *
sort_onsets(const PctAssembly *assembly, int *n)
{
  double *sorted = g_new(double, MAX(assembly->n_rows, 1));
  *n = 0;
  for (int i = 0; i < assembly->n_rows; i++)
    if (isfinite(assembly->onset[i]))
      sorted[(*n)++] = assembly->onset[i];
  qsort(sorted, (gsize)*n, sizeof *sorted, pct_compare_times);
  return sorted;
}

// Of n ascending onsets, the median of the times between them; NAN: there are not two.
static double
find_median_interval(const double *sorted, int n)
{
  g_autofree double *intervals = g_new(double, MAX(n, 1));
  int count = 0;
  for (int i = 0; i + 1 < n; i++)
    if (sorted[i + 1] > sorted[i])
      intervals[count++] = sorted[i + 1] - sorted[i];
  qsort(intervals, (gsize)count, sizeof *intervals, pct_compare_times);
  return count > 0 ? (intervals[(count - 1) / 2] + intervals[count / 2]) / 2 : NAN;
}

// From an onset to the next that is later; infinite: none.
static double
get_interval(const double *sorted, int n, double onset)
{
  gsize next = pct_find_time(sorted, (gsize)n, nextafter(onset, INFINITY));
  return next < (gsize)n ? sorted[next] - onset : INFINITY;
}

double *
pct_trial_times_dup_durations(const PctAssembly *assembly, GError **error)
{
  int n;
  g_autofree double *sorted = sort_onsets(assembly, &n), *durations = g_new(double, MAX(assembly->n_rows, 1));
  double median = find_median_interval(sorted, n);
  for (int i = 0; i < assembly->n_rows; i++) {
    double own = assembly->offset ? assembly->offset[i] - assembly->onset[i] : NAN;
    durations[i] = isfinite(own) ? own : MIN(median, get_interval(sorted, n, assembly->onset[i]));
    if (isfinite(assembly->onset[i]) && !(durations[i] > 0)) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("How long trial %d showed its image cannot be told: it began at %g s and ended at %g s."), i,
                  assembly->onset[i], assembly->offset ? assembly->offset[i] : NAN);
      return NULL;
    }
  }
  return g_steal_pointer(&durations);
}
