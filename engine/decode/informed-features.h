// SPDX-License-Identifier: GPL-3.0-or-later
// What responses tell of an image, learned from an encoder's answers instead of noisy trials: the linear minimum
// mean-square-error estimate of the image's leading principal components, for any number of trials averaged.
// With z responses, t component scores, C = Cov(z), B = Cov(z, t) over imagined trials and S the trials' noise:
// t = (C + S_n)^-1 B for the mean of n trials, S_n = penalty S (e + (1 - e) / n). The share e is what the encoder gets wrong of
// the neurons, which averaging does not take away; single trials of different images cannot tell it from noise.
// All is kept in the space of K features f = W z, one solution at single trials, so that another penalty or another n is a K x K system.
// Invariant: depends on the train tier, the encoder, and for noise and penalty on validation.
#pragma once
#include "decode/response-noise.h"
#include "decode/trial-rows.h"
#include "model/fit.h"
#include "nn/safetensors.h"

typedef struct {
  int n_neurons, n_pixels, n_features;  // K
  double penalty;       // by how much validation wants the noise to be larger than measured: the covariances' own errors
  double model_error;   // e, 0..1
  float *weights;       // (M,K) z-scored responses to features; NULL once loaded
  float *signal;        // (K,K) covariance of the features without noise
  float *noise;         // (K,K) what single trials add to it
  float *cross;         // (K,K) covariance of features (rows) and scores (columns)
  float *basis;         // (K,P) the principal components, orthonormal rows
  float *deviations;    // (K,) standard deviation of the scores, grey levels, descending
  int n_modes;          // shared by neurons in the noise
} PctInformedFeatures;

typedef struct {
  int n_features;       // fewer where there are fewer neurons, pixels or images
  int n_modes;          // of the noise, at most
  double penalty;       // 0: chosen on validation, where there is one
  double model_error;
} PctInformedOptions;
#define PCT_INFORMED_OPTIONS_DEFAULT ((PctInformedOptions){ 320, 20, 0, 0.1 })

// The noise of trials beside what the encoder predicts for their images. rows (n,M) of those trials, whose numbers (n,)
// they are. Of validation; without such a tier of training, which the encoder knows, so that the noise seems a little
// smaller than it is. NULL with PCT_ERROR_MEMORY, _CANCELLED or _DIVERGED.
PctResponseNoise *pct_informed_features_measure_noise(const PctFit *fit, const PctTrialRows *rows, const int *numbers,
                                                      int n_modes, const PctRun *run, GError **error);

// imagined: of pct_imagined_trials_new; its z is overwritten. train (imagined->n, K) gets the features of the imagined
// trials, without noise; free with pct_aligned_free; NULL: not wanted. NULL with PCT_ERROR_MEMORY, _CANCELLED or _DIVERGED.
PctInformedFeatures *pct_informed_features_new(const PctFit *fit, PctTrialRows *imagined,
                                               const PctInformedOptions *options, float **train, const PctRun *run,
                                               GError **error);
void pct_informed_features_free(PctInformedFeatures *features);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctInformedFeatures, pct_informed_features_free)

// The features as one affine map of responses in the recording's units: f = r weights + bias. weights (M,K), bias (K,).
void pct_informed_features_fold(const PctInformedFeatures *features, const PctStatistics *statistics, float *weights,
                                float *bias);
// S_n / S: how much noise the mean of n_averaged trials is taken to have, in units of what single trials showed.
double pct_informed_features_get_level(const PctInformedFeatures *features, double n_averaged);
// out (K,K): scores = f out, for features f of the mean of n_averaged trials. FALSE with PCT_ERROR_DIVERGED.
gboolean pct_informed_features_get_estimator(const PctInformedFeatures *features, double n_averaged, float *out,
                                             GError **error);
// out (K,): standard deviations of what single trials tell of each score, by their estimator (K,K).
void pct_informed_features_get_deviations(const PctInformedFeatures *features, const float *estimator, float *out);
// covariance (K,K) of features becomes its lower Cholesky factor; a little is added to the diagonal where it must be.
gboolean pct_informed_features_factorise(float *covariance, gsize k);
// That error, for others who find a covariance without an inverse.
void pct_informed_features_refuse(GError **error);

// Tensors features.signal, .noise, .cross (K,K), .basis (K,P), .deviations (K,), .model_error, .penalty; the weights are
// kept by whoever folds them.
void pct_informed_features_save(const PctInformedFeatures *features, PctTensors *tensors);
// Without weights (NULL). NULL with PCT_ERROR_FORMAT or _SHAPE.
PctInformedFeatures *pct_informed_features_load(const PctTensors *tensors, int n_neurons, GError **error);
