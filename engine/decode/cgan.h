// SPDX-License-Identifier: GPL-3.0-or-later
// A conditional GAN as a decoder: what a fitted one holds, shared by its training (cgan-train.c) and its use (cgan.c).
// The kind has two designs, chosen by an option: the compact one here, and the original (cgan-original.h).
#pragma once
#include "decode/cgan-network.h"
#include "decode/decoder.h"
#include "nn/workspace.h"

extern const PctDecoderClass pct_cgan_class;

// What a decoder of either design starts with.
typedef struct {
  PctDecoder decoder;
  const PctDecoderClass *design;  // whose functions are this decoder's
} PctCganDesigned;

typedef struct {
  PctDecoder decoder;             // these two as PctCganDesigned
  const PctDecoderClass *design;
  int n_features, n_latent, width;
  float image_scale;      // grey levels a unit of the networks' pictures
  float *mean_image;      // (H,W)
  float *weights, *bias;  // (M,K), (K,): responses in the recording's units to features
  float *feature_scale;   // (K,): how the convolutions' features are scaled against the readout's
  PctCganNetwork *network;
  PctParameters *generator;
} PctCgan;

// A decoder without its numbers: arrays zeroed. NULL with PCT_ERROR_MEMORY.
PctCgan *pct_cgan_new(int n_neurons, int height, int width, int n_features, const PctOptionValues *options,
                      GError **error);
// features (n,K) of responses (n,M).
void pct_cgan_compute_features(const PctCgan *self, const float *responses, gsize n, float *features, PctPool *pool);
// Pictures (n,H,W), grey levels, of features (n,K) and z (n,Z) or NULL with given parameters. n at most the workspace's batch.
void pct_cgan_draw(const PctCgan *self, PctParameters *generator, PctWorkspace *workspace, const float *features, gsize n,
                   const float *z, float *images);

// PctDecoderClass.fit.
PctDecoder *pct_cgan_fit(const PctFit *fit, const PctRun *run, GError **error);
