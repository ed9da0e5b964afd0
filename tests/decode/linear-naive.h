// SPDX-License-Identifier: GPL-3.0-or-later
// A recording's tiers as plain matrices in double, and plain linear algebra on them: what the linear decoders' formulae
// are held against. Nothing here is the engine's.
#pragma once
#include "data/recording.h"

typedef struct {
  int n, m, p;
  double *r;              // (n,M) responses, the recording's units
  double *x;              // (n,P) images
  double *z, *y;          // z-scored and centred by the train tier
  double *mean_r, *std_r; // (M,) of the train tier
  double *mean_x;         // (P,)
} NaiveTier;

void naive_tier_init(NaiveTier *tier, const PctRecording *recording, PctTier which);
void naive_tier_clear(NaiveTier *tier);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NaiveTier, naive_tier_clear)

// out (rows, columns) = a (rows, inner) b (inner, columns); transposed: a is (inner, rows).
double *naive_product(const double *a, const double *b, int rows, int inner, int columns, gboolean transposed);
// (A^T A + penalty I)^-1 A^T B for a (n,k), b (n,columns): (k,columns).
double *naive_ridge(const double *a, const double *b, int n, int k, int columns, double penalty);
double naive_correlation(const double *a, const double *b, int n);
// values (n,) against expected, to a share of expected's root mean square.
void naive_assert_close(const float *values, const double *expected, gsize n, double share);
