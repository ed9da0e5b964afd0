// SPDX-License-Identifier: GPL-3.0-or-later
// What least squares and correlations over trials need of them, image by image: repeats of an image count as many, but
// are kept as one row, since a prediction is the same for all of them. Normal equations and single-trial correlations
// come out exactly as over the trials; a recording of 100 images shown 50 times costs a hundred rows. Rows are in order
// of first appearance, but every third image comes first: the leading third is a fair sample of all.
#pragma once
#include "base/run.h"
#include "data/recording.h"
#include "data/statistics.h"

typedef struct {
  int n, n_pixels, n_neurons;  // n: different images
  double n_trials;
  float *images;     // (n,P) grey levels less the train tier's mean image
  float *responses;  // (n,M) mean over the image's trials of the responses, z-scored by the train tier
  float *counts;     // (n,) how many trials
  double *means;     // (M,) over trials, of the z-scored responses
  double *squares;   // (M,) sum over trials of (z-scored response - mean)^2; 0 for a neuron that never varies
} PctTierMeans;

// trials (n_trials,): which to read. NULL with PCT_ERROR_MEMORY or _CANCELLED.
PctTierMeans *pct_tier_means_new(const PctRecording *recording, const PctStatistics *statistics, const int *trials,
                                 int n_trials, const PctRun *run, GError **error);
void pct_tier_means_free(PctTierMeans *means);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctTierMeans, pct_tier_means_free)

// The trials to fit on and those to choose on: train and validation tier; where there is no validation tier, every
// tenth train image is held out with all its trials. The test tier is never among them. Each out is NULL-safe to
// g_free; *n_held may be 0 (a train tier of fewer than five images).
void pct_tier_means_split(const PctRecording *recording, int **fitted, int *n_fitted, int **held, int *n_held);

// How a prediction, one number an image, relates to the single trials of a neuron.
typedef struct {
  double correlation;       // Pearson, over trials; NAN where either is flat
  double slope, intercept;  // least squares: z-scored response = intercept + slope prediction
  double mean_square;       // of the prediction, over trials
} PctTierMatch;

// predictions (n, n_neurons), ld apart, for neurons first .. first + n_neurons - 1; out (n_neurons,).
void pct_tier_means_match(const PctTierMeans *means, const float *predictions, gsize ld, gsize first, gsize n_neurons,
                          PctTierMatch *out, PctPool *pool);
