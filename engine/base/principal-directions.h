// SPDX-License-Identifier: GPL-3.0-or-later
// The leading principal directions of many long rows, by subspace iteration (Halko, Martinsson & Tropp 2011): the
// covariance, which may be too large to hold, is only ever applied.
#pragma once
#include "base/run.h"

// a (n,p), used as it is (subtract a mean before if one is meant). values (k,) = the largest eigenvalues of a^T a / n,
// descending; vectors (p,k), row-major, orthonormal columns. k <= min(n,p). Same seed, same bits.
gboolean pct_principal_directions(const float *a, gsize n, gsize p, gsize k, guint64 seed, float *values, float *vectors,
                                  const PctRun *run, GError **error);
