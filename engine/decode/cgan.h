// SPDX-License-Identifier: GPL-3.0-or-later
// A conditional GAN as a decoder: what a fitted one holds, shared by its training (cgan-train.c) and its use (cgan.c).
// The kind has two designs, chosen by an option: the compact one here, and the original (cgan-original.h).
#pragma once
#include "decode/cgan-network.h"
#include "decode/decoder.h"
#include "decode/informed-features.h"
#include "nn/workspace.h"

extern const PctDecoderClass pct_cgan_class;
// The functions of the compact design; about is empty.
extern const PctDecoderClass pct_cgan_compact_design;

// What a decoder of either design starts with.
typedef struct {
  PctDecoder decoder;
  const PctDecoderClass *design;  // whose functions are this decoder's
} PctCganDesigned;

typedef struct {
  PctDecoder decoder;             // these two as PctCganDesigned
  const PctDecoderClass *design;
  int n_features, n_latent, width;  // n_features: that the networks see
  int n_raw;              // F: that responses are projected on; n_features where there is no encoder behind them
  float image_scale;      // grey levels a unit of the networks' pictures
  float *mean_image;      // (H,W)
  float *weights, *bias;  // (M,F), (F,): responses in the recording's units to raw features
  // With an encoder: raw features become scores, estimates of the image that depend on how many trials were averaged, in
  // units of score_scale; n_features is one more, how noisy they are. NULL: raw features are what the networks see.
  PctInformedFeatures *informed;
  float *score_scale;     // (F,)
  float *feature_scale;   // (K,): how the convolutions' features are scaled against the readout's
  PctCganNetwork *network;
  PctParameters *generator;
} PctCgan;

// A decoder without its numbers: arrays zeroed. n_raw: of features; informed: taken, or NULL. NULL with
// PCT_ERROR_MEMORY or _SHAPE.
PctCgan *pct_cgan_new(int n_neurons, int height, int width, int n_raw, PctInformedFeatures *informed,
                      const PctOptionValues *options, GError **error);
// features (n,F) of responses (n,M).
void pct_cgan_compute_raw_features(const PctCgan *self, const float *responses, gsize n, float *features, PctPool *pool);
// inputs (n_features,) of the networks from scores (F,) of the mean of n_averaged trials. With an encoder only.
void pct_cgan_finish_scores(const PctCgan *self, const float *scores, double n_averaged, float *inputs);
// inputs (n, n_features) of responses (n,M), each the mean of n_averaged trials. FALSE with PCT_ERROR_DIVERGED.
gboolean pct_cgan_compute_features(const PctCgan *self, const float *responses, gsize n, double n_averaged, float *inputs,
                                   PctPool *pool, GError **error);
// Pictures (n,H,W), grey levels, of features (n,K) and z (n,Z) or NULL with given parameters. n at most the workspace's batch.
void pct_cgan_draw(const PctCgan *self, PctParameters *generator, PctWorkspace *workspace, const float *features, gsize n,
                   const float *z, float *images);

// PctDecoderClass.fit.
PctDecoder *pct_cgan_fit(const PctFit *fit, const PctRun *run, GError **error);
