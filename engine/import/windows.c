// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "import/windows.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include "import/ascending.h"

static double
find_median_length(const PctWindows *windows)
{
  g_autofree double *lengths = g_new(double, MAX(windows->n_rows, 1));
  int n = 0;
  for (int i = 0; i < windows->n_rows; i++)
    if (!isnan(windows->from[i]))
      lengths[n++] = windows->to[i] - windows->from[i];
  qsort(lengths, (gsize)n, sizeof *lengths, pct_compare_times);
  return n > 0 ? lengths[n / 2] : 0;
}

// Windows that begin when another image is already there, or reach into the next one's: a mistake in most cases.
static void
remark_on_neighbours(const PctWindows *windows, PctAssembly *assembly)
{
  g_autofree double *onsets = g_new(double, MAX(windows->n_rows, 1));
  gsize n = 0;
  int n_late = 0, n_shared = 0, n_kept = 0;
  for (int i = 0; i < windows->n_rows; i++)
    if (isfinite(windows->onset[i]))
      onsets[n++] = windows->onset[i];
  qsort(onsets, n, sizeof *onsets, pct_compare_times);
  for (int i = 0; i < windows->n_rows; i++) {
    if (isnan(windows->from[i]))
      continue;
    double slack = 1e-6 * (1 + windows->length);
    gsize after = pct_find_time(onsets, n, windows->onset[i] + slack);
    double next = after < n ? onsets[after] : INFINITY;
    n_kept++;
    n_late += windows->from[i] > next + slack;
    n_shared += windows->to[i] > next + windows->delay + slack;
  }
  if (n_late > 0)
    pct_assembly_take_remark(assembly, g_strdup_printf(
      _("In %d of %d trials the response is taken only after the next image appeared; the delay is long."), n_late,
      n_kept));
  if (n_shared > 0)
    pct_assembly_take_remark(assembly, g_strdup_printf(
      _("In %d of %d trials the response reaches into that to the next image; the window is long."), n_shared, n_kept));
}

gboolean
pct_windows_new(PctWindows *windows, PctAssembly *assembly, GError **error)
{
  int n = assembly->n_rows, n_unknown = 0;
  double window = pct_import_plan_get(assembly->plan, "window");
  *windows = (PctWindows){ .n_rows = n, .onset = assembly->onset, .delay = pct_import_plan_get(assembly->plan, "delay"),
                           .baseline = pct_import_plan_get(assembly->plan, "baseline") };
  g_autofree double *durations = window > 0 ? NULL : pct_trial_times_dup_durations(assembly, error);
  if (window <= 0 && !durations)
    return FALSE;
  windows->from = g_new(double, MAX(n, 1));
  windows->to = g_new(double, MAX(n, 1));
  for (int i = 0; i < n; i++) {
    windows->from[i] = windows->to[i] = NAN;
    if (assembly->image[i] >= 0 && !isfinite(assembly->onset[i])) {
      assembly->image[i] = -1;
      n_unknown++;
    }
    if (assembly->image[i] < 0)
      continue;
    windows->from[i] = assembly->onset[i] + windows->delay;
    windows->to[i] = windows->from[i] + (window > 0 ? window : durations[i]);
  }
  if (n_unknown > 0)
    pct_assembly_take_remark(assembly, g_strdup_printf(_("%d of %d trials have no onset and are left out."), n_unknown,
                                                       n));
  windows->length = window > 0 ? window : find_median_length(windows);
  if (window <= 0)
    pct_assembly_take_remark(assembly, g_strdup_printf(
      assembly->offset ? _("Responses were taken for as long as each image was shown (%.3g s in the median).")
                       : _("Responses were taken until the next onset, at most %.3g s."), windows->length));
  remark_on_neighbours(windows, assembly);
  return TRUE;
}

void
pct_windows_describe(const PctWindows *windows, PctImportPreview *preview)
{
  preview->delay = windows->delay;
  preview->window = windows->length;
  preview->baseline = windows->baseline;
}

void
pct_windows_clear(PctWindows *windows)
{
  g_clear_pointer(&windows->from, g_free);
  g_clear_pointer(&windows->to, g_free);
}
