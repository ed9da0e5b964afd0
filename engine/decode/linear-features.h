// SPDX-License-Identifier: GPL-3.0-or-later
// A few linear features of the responses that say what responses tell of an image, for decoders that learn on top of
// them. A ridge regression predicts the images; the principal directions of its *cross-validated* predictions are the
// features. A network sees, while it learns, features that were predicted without the image at hand (leave one image
// out, exact and in closed form), and so never learns to trust an overfitted first layer: with 4,000 trials and 5,335
// neurons the fitted prediction of a train trial is far better than that of any other, and a network that is trained on
// the one fails on the other.
//
// With X (N,M) z-scored responses, Y (N,P) images less their mean, K = X X^T: C = (K + penalty I)^-1, A = C Y; leaving out
// a group g of trials (all that showed one image) predicts Y_g - C_gg^-1 A_g. Where M < N the same follows from
// I - X (X^T X + penalty I)^-1 X^T = penalty C.
#pragma once
#include "base/run.h"
#include "data/recording.h"
#include "data/statistics.h"

typedef struct {
  int n_neurons, n_pixels, n_features, n_train;
  double penalty;            // with the best left-out PixCorr among fixed multiples of the mean diagonal of K
  float *weights;            // (M, n_features): z-scored responses to features of unit variance on left-out train trials
  float *deviations;         // (n_features,) grey levels: how much of the picture each feature moves, largest first
  float *train;              // (N, n_features) left-out features of the train trials, in the tier's order
  float *readout;            // (n_features, n_pixels): least squares from features to (image - mean image) / image_scale
  float image_scale;         // standard deviation of train images less their mean image, grey levels
} PctLinearFeatures;

// n_features: how many (fewer where there are fewer trials, neurons or pixels); 0: the most that read out
// within 1 % of the best (PixCorr) on the validation tier, 64 where there is none.
PctLinearFeatures *pct_linear_features_new(const PctRecording *recording, const PctStatistics *statistics,
                                           int n_features, const PctRun *run, GError **error);
void pct_linear_features_free(PctLinearFeatures *features);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctLinearFeatures, pct_linear_features_free)

// The features as one affine map of responses in the recording's units: feature k = sum_i r_i weights[i][k] + bias[k].
// weights (M, n_features), bias (n_features,).
void pct_linear_features_fold(const PctLinearFeatures *features, const PctStatistics *statistics, float *weights,
                              float *bias);
