// SPDX-License-Identifier: GPL-3.0-or-later
// Ridge regressions of many features on the responses, each by the cells alone whose own encoding picks it: those whose
// responses correlate with the feature most strongly on the trials fitted (after Yoshida & Ohki 2020, who found that
// the other cells add noise). Each feature has a penalty of its own, and a system of its own, small enough for one
// thread; features go side by side.
#pragma once
#include "base/run.h"

typedef struct {
  gsize n_neurons, n_features, n_cells;
  int *cells;        // (n_features, n_cells) ascending
  float *penalties;  // (n_features,); 0: to be chosen
} PctCellSelection;

// z (n,M) z-scored responses, features (n,J); for each feature the strongest share (0..1) of the cells, at least one.
// penalty 0: to be chosen. NULL with PCT_ERROR_MEMORY or _CANCELLED.
PctCellSelection *pct_cell_selection_new(const float *z, const float *features, gsize n, gsize n_neurons,
                                         gsize n_features, double share, double penalty, const PctRun *run,
                                         GError **error);
void pct_cell_selection_free(PctCellSelection *selection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctCellSelection, pct_cell_selection_free)

// weights (M,J), zero where a cell was not picked. Penalties that are 0 are chosen on z_held (n_held,M), held
// (n_held,J). FALSE with PCT_ERROR_MEMORY, _CANCELLED or _DIVERGED.
gboolean pct_cell_selection_fit(PctCellSelection *selection, const float *z, const float *features, gsize n,
                                const float *z_held, const float *held, gsize n_held, float *weights,
                                const PctRun *run, GError **error);
