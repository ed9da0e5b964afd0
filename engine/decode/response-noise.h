// SPDX-License-Identifier: GPL-3.0-or-later
// How single trials scatter about what an encoder predicts: a variance a neuron, and a few modes that all neurons share
// (gain, state, and what the encoder gets wrong in common). Taken for independent, thousands of weakly correlated
// neurons would seem to say far more than they do. Covariance S = diag(diagonal) + modes^T modes; S^-1 by Woodbury's
// identity.
// Modes are estimated in units of each neuron's own scatter, where the sample's eigenvalues are put right for their
// inflation (Donoho, Gavish & Johnstone 2018): of 5,335 neurons over 400 trials, pure noise has eigenvalues up to 21.
#pragma once
#include "base/run.h"
#include "nn/safetensors.h"

typedef struct {
  gsize m, rank;
  float *diagonal;  // (M,) above 0
  float *modes;     // (rank,M)
  float *known;     // (rank,M) S^-1 = diag(1 / diagonal) - known^T known: what is told by the modes and not twice
} PctResponseNoise;

// residuals (n,M), response - prediction in whatever units. max_rank: modes at most; only those that stand out of the
// sample's own noise are kept. NULL with PCT_ERROR_CANCELLED or _DIVERGED (a residual is not finite).
PctResponseNoise *pct_response_noise_new(const float *residuals, gsize n, gsize m, gsize max_rank, const PctRun *run,
                                         GError **error);
void pct_response_noise_free(PctResponseNoise *noise);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctResponseNoise, pct_response_noise_free)

// All variances times factor.
void pct_response_noise_scale(PctResponseNoise *noise, double factor);

// A new one whose covariance is noise's plus factor times more's.
PctResponseNoise *pct_response_noise_new_sum(const PctResponseNoise *noise, const PctResponseNoise *more,
                                             double factor);

// rows (n,M) = rows S^-1, in place. scratch (n,rank).
void pct_response_noise_solve(const PctResponseNoise *noise, float *rows, gsize n, float *scratch, PctPool *pool);
// rows (n,M) of N(0, S): how single trials scatter. Streams 2 stream and 2 stream + 1 of the seed are drawn from.
void pct_response_noise_draw(const PctResponseNoise *noise, float *rows, gsize n, guint64 seed, guint64 stream,
                             PctPool *pool);
// rows (n,M) of N(0, S^-1): scores of random trials, as a gradient of the likelihood sees them.
void pct_response_noise_draw_scores(const PctResponseNoise *noise, float *rows, gsize n, guint64 seed, guint64 stream,
                                    PctPool *pool);

// The share of what rows (n,M), less their mean, do of their own: their leading rank modes, the rest on the diagonal.
// For what is known to be like the rows but smaller. NULL with PCT_ERROR_CANCELLED or _MEMORY.
PctResponseNoise *pct_response_noise_new_share(const float *rows, gsize n, gsize m, gsize rank, double share,
                                               const PctRun *run, GError **error);

// Tensors name.diagonal (M,), name.modes (rank,M).
void pct_response_noise_save(const PctResponseNoise *noise, const char *name, PctTensors *tensors);
// NULL with PCT_ERROR_FORMAT or _SHAPE.
PctResponseNoise *pct_response_noise_load(const PctTensors *tensors, const char *name, gsize m, GError **error);
