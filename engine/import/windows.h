// SPDX-License-Identifier: GPL-3.0-or-later
// The time in which each trial's response is taken, and the one before its onset that is the baseline.
// Invariant: a window [from, to) of a kept row is finite and not empty.
#pragma once
#include "import/assembly.h"

typedef struct {
  int n_rows;
  double *from, *to;       // (n_rows,) seconds; NAN for rows that are left out
  double *onset;           // borrowed (n_rows,)
  double delay, baseline;  // seconds; baseline 0: none
  double length;           // the median window, seconds
} PctWindows;

// From the plan's delay, window and baseline. assembly->onset must be there. Rows whose onset is not known are left
// out, with a remark. FALSE with PCT_ERROR_FORMAT.
gboolean pct_windows_new(PctWindows *windows, PctAssembly *assembly, GError **error);
// What was carried out, for the preview.
void pct_windows_describe(const PctWindows *windows, PctImportPreview *preview);
void pct_windows_clear(PctWindows *windows);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctWindows, pct_windows_clear)
