// SPDX-License-Identifier: GPL-3.0-or-later
// What the conditional GAN learns from, and how a batch of it is drawn: recorded trials by their left-out linear features
// (with noise added, against overfitting); or, with an encoder, imagined trials, each time with fresh noise and as the
// mean of another number of trials; or recorded trials as the encoder-informed features see them.
#pragma once
#include "decode/cgan.h"
#include "decode/linear-features.h"
#include "model/fit.h"

typedef struct {
  const PctCgan *decoder;
  gsize n, n_features, pixels;
  float *targets;     // (n,P) network units
  int *images;        // (n,) alike where two samples show one image
  float *features;    // (n, F): left out of the fit, or informed ones without noise, or of a trial
  gboolean imagined;
  // Of informed features; NULL otherwise.
  float *estimators;  // (levels, K, K)
  float *noise_root;  // (K,K) R with R^T R = covariance of a single trial's noise
  float *scratch;     // (most, K) twice
} PctCganSamples;

// most: samples drawn at a time. NULL with PCT_ERROR_MEMORY, _CANCELLED or _DIVERGED. features may be taken out of
// linear; decoder is borrowed and complete but for its generator.
PctCganSamples *pct_cgan_samples_new_recorded(const PctCgan *decoder, const PctFit *fit, PctLinearFeatures *linear,
                                              gsize most, const PctRun *run, GError **error);
// imagined: what the decoder's features were learned from; features (n,K) without noise: taken.
PctCganSamples *pct_cgan_samples_new_imagined(const PctCgan *decoder, const PctTrialRows *imagined, float *features,
                                              gsize most, GError **error);
void pct_cgan_samples_free(PctCganSamples *samples);

// noisy (count, n_features) = what responses to sample numbers[i % n_numbers] may come to; clean, the same without the
// noise that is added against overfitting, where there is any. clean may be NULL. Random numbers from seed and stream.
void pct_cgan_samples_draw(PctCganSamples *samples, const guint32 *numbers, gsize n_numbers, gsize count, float noise,
                           guint64 seed, guint64 stream, float *noisy, float *clean, PctPool *pool);
