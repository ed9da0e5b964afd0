// SPDX-License-Identifier: GPL-3.0-or-later
// The linear system of a ridge regression, (S + penalty I) X = B, for one fixed S and many penalties. It is told here
// for pictures predicted from responses; responses predicted from pictures are the same with the names exchanged. With
// N trials Z (N,M) and pictures Y (N,P), both centred: where N < M the dual S = Z Z^T, else the primal S = Z^T Z.
// Validation pictures are predicted as B^T (S + penalty I)^-1 T, with B the products of S's rows with the validation
// trials and T = Y (dual) or Z^T Y (primal), so trying a penalty solves for the validation trials or for the pixels,
// whichever are fewer.
#pragma once
#include "base/run.h"

typedef struct {
  gboolean dual;
  gsize n, m, p, n_validation;    // trials, neurons, pixels
  gsize order;                    // of S: n or m
  float *s;                       // (order, order) lower triangle
  float *targets;                 // T (order, p); in the dual borrowed from the caller's pictures
  float *cross;                   // B (order, n_validation)
  const float *z;                 // (n,m) borrowed
  const float *validation;        // (n_validation,p) borrowed
  float *factor;                  // (order, order) scratch: the last factor
  float *solved, *predicted;      // (order, min(n_validation, p)), (n_validation, p) scratch
} PctRidgeSystem;

// z (n,m), pictures (n,p); z_validation (n_validation,m), validation (n_validation,p); all centred by the train tier
// and borrowed. n_validation may be 0. NULL with PCT_ERROR_MEMORY or _CANCELLED.
PctRidgeSystem *pct_ridge_system_new(const float *z, const float *pictures, gsize n, gsize m, gsize p,
                                     const float *z_validation, const float *validation, gsize n_validation,
                                     const PctRun *run, GError **error);
void pct_ridge_system_free(PctRidgeSystem *system);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctRidgeSystem, pct_ridge_system_free)

// Mean of S's diagonal: the scale of a penalty.
double pct_ridge_system_get_scale(const PctRidgeSystem *system);

// What this penalty predicts for the validation trials, in system->predicted (n_validation, p). In the dual, order may
// be less than the system's: the leading trials alone. FALSE where S + penalty I has no Cholesky factor in float32.
gboolean pct_ridge_system_predict(PctRidgeSystem *system, double penalty, gsize order, PctPool *pool);

// The validation squared error of that; errors (p,) gets it by pixel unless NULL. INFINITY where there is no factor.
double pct_ridge_system_validate(PctRidgeSystem *system, double penalty, gsize order, double *errors, PctPool *pool);

// Weights (m,p) with this penalty for the given pixels (NULL: all p of them). FALSE if there is no factor.
gboolean pct_ridge_system_solve(PctRidgeSystem *system, double penalty, const gsize *pixels, gsize n_pixels,
                                float *weights, PctPool *pool, GError **error);
