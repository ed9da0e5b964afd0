// SPDX-License-Identifier: GPL-3.0-or-later
// The penalty of a ridge regression, chosen by the squared error on validation over the grid (4/3)^i, and the solution
// with it. The error falls and then rises along the grid, so a descent finds its least point from a few trials; per
// pixel (or whatever else is predicted), the whole grid is tried.
#pragma once
#include "base/ridge-system.h"

// penalties (p,): one value throughout, or with per_pixel each pixel's own. *mse: the validation error reached.
// FALSE with PCT_ERROR_CANCELLED or _DIVERGED.
gboolean pct_ridge_choose_penalties(PctRidgeSystem *system, gboolean per_pixel, float *penalties, double *mse,
                                    const PctRun *run, GError **error);

// Weights (m,p) with penalties (p,), each pixel with its own. FALSE with PCT_ERROR_CANCELLED, _DIVERGED or _MEMORY.
gboolean pct_ridge_solve(PctRidgeSystem *system, const float *penalties, float *weights, const PctRun *run,
                         GError **error);
