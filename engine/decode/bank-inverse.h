// SPDX-License-Identifier: GPL-3.0-or-later
// From what a bank of filters says of a picture back to the picture: with the bank G (J,P) and F = G I, the regularised
// pseudo-inverse I' = G^T (G G^T + regularisation I)^-1 F. Overlapping filters say nearly the same, so that the plain
// inverse would blow up whatever noise they disagree by; the less it is regularised, the nearer I' is to the projection
// of I on the filters. With fewer pixels than filters it is computed as (G^T G + regularisation I)^-1 G^T, which is the
// same and whose smaller system keeps its rank.
#pragma once
#include "base/run.h"

typedef struct {
  gsize n_filters, n_pixels;
  const float *filters;   // G, borrowed
  gsize order;            // the smaller of J and P
  float *gram, *factor;   // (order, order) lower triangles: G G^T or G^T G, and scratch
  float *turned;          // (P,J) scratch; NULL with no more filters than pixels
  double scale;           // mean of G G^T's diagonal: what a regularisation is measured by
} PctBankInverse;

// NULL with PCT_ERROR_MEMORY or _CANCELLED.
PctBankInverse *pct_bank_inverse_new(const float *filters, gsize n_filters, gsize n_pixels, const PctRun *run,
                                     GError **error);
void pct_bank_inverse_free(PctBankInverse *inverse);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctBankInverse, pct_bank_inverse_free)

// pictures (J,P): (G G^T + regularisation I)^-1 G, so that features (n,J) times it are pictures (n,P). *solved: FALSE
// where there is no Cholesky factor in float32, the regularisation being too small. FALSE with PCT_ERROR_CANCELLED.
gboolean pct_bank_inverse_solve(PctBankInverse *inverse, double regularisation, float *pictures, gboolean *solved,
                                const PctRun *run, GError **error);

typedef struct {
  double regularisation;   // with the least squared error on the held pictures
  double validation_mse;   // that error: grey levels squared, unclipped
  double ceiling;          // PixCorr of the held pictures themselves, projected on the filters
} PctBankChoice;

// features (n,J): what was predicted for held pictures (n,P), which are less mean_image (P,). pictures (J,P): the
// inverse so chosen. Tries powers of 4 from 4^-10 to 4^2 of the scale. FALSE with PCT_ERROR_CANCELLED, _MEMORY or
// _DIVERGED.
gboolean pct_bank_inverse_choose(PctBankInverse *inverse, const float *features, const float *held, gsize n,
                                 const float *mean_image, int height, int width, PctBankChoice *choice,
                                 float *pictures, const PctRun *run, GError **error);
