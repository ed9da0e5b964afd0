// SPDX-License-Identifier: GPL-3.0-or-later
// A tier's trials, image by image: what every measure over repeats starts from. And the two statistics they share,
// in double precision over one neuron's trials.
#pragma once
#include "data/recording.h"

typedef struct {
  int n_images, n_trials, n_neurons;
  int *images;       // (n_images,) in order of first appearance in the tier
  int *first;        // (n_images + 1,): the rows of image i are first[i] .. first[i + 1] - 1
  float *responses;  // (n_trials, M) recording's units
} PctRepeats;

// The images that the tier's own trials showed at least so often. NULL with PCT_ERROR_MEMORY.
PctRepeats *pct_repeats_new(const PctRecording *recording, PctTier tier, int at_least, GError **error);
void pct_repeats_free(PctRepeats *repeats);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctRepeats, pct_repeats_free)

// out (n_columns, n_rows): columns first .. first + n_columns - 1 of in (n_rows, n_all), each in a row of its own.
void pct_copy_columns(double *out, const float *in, gsize n_rows, gsize n_all, gsize first, gsize n_columns);

// The mean of values (n,), n > 0.
double pct_mean(const double *values, gsize n);
// Their variance with ddof 1; NAN for fewer than two.
double pct_variance(const double *values, gsize n);
// Pearson correlation of a and b (n,); NAN where either is flat.
double pct_correlation(const double *a, const double *b, gsize n);
// The mean of those that are finite; NAN if none is.
double pct_mean_of_finite(const float *values, gsize n);
