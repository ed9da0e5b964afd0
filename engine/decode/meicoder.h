// SPDX-License-Identifier: GPL-3.0-or-later
// meicoder as a decoder (Sobotka et al. 2025, arXiv:2510.20762): every neuron's response turns its frozen MEI into a few
// channels of context, and convolutions make a picture of all neurons' context. What a fitted one holds, shared by its
// training (meicoder-train.c) and its use (meicoder.c).
//
// With codes, a linear path leads beside the context from a few features of the responses to the picture: linear
// features (linear-features.h) or, after pretraining, an encoder's (informed-features.h). It starts as their best
// readout, and all that is learned is about what that lacks.
#pragma once
#include "decode/decoder.h"
#include "decode/informed-features.h"
#include "decode/meicoder-front.h"

extern const PctDecoderClass pct_meicoder_class;

typedef struct {
  PctDecoder decoder;
  PctMeicoderNetwork *network;
  PctParameters *parameters;
  float *meis;                             // (M,P) centred, sums of squares P / M; zeros where there is none
  float *mean_image;                       // (H,W)
  float image_scale;                       // grey levels a unit of the network's pictures
  float *response_mean, *response_scale;   // (M,); scales above 0
  float *weights;                          // (M,K) z-scored responses to features; NULL without a path
  PctInformedFeatures *informed;           // NULL: the features are those of the weights as they are
  float *score_scale;                      // (K,) what informed features are divided by
} PctMeicoder;

// A decoder without its numbers: arrays zeroed, scales 1. n_features 0: without a path. informed is taken, also on
// failure, and may be NULL. NULL with PCT_ERROR_MEMORY.
PctMeicoder *pct_meicoder_new(int n_neurons, int height, int width, int n_features, PctInformedFeatures *informed,
                              const PctOptionValues *options, GError **error);

// z (n,M) of responses (n,M) in the recording's units.
void pct_meicoder_standardise(const PctMeicoder *self, const float *responses, gsize n, float *z);
// features (n,K), as the network takes them, of z (n,M), each the mean of n_averaged trials. FALSE with
// PCT_ERROR_DIVERGED.
gboolean pct_meicoder_compute_features(const PctMeicoder *self, const float *z, gsize n, double n_averaged,
                                       float *features, PctPool *pool, GError **error);
// Grey levels (n,P) of the network's pictures.
void pct_meicoder_paint(const PctMeicoder *self, const float *pictures, gsize n, float *images);

// PctDecoderClass.fit.
PctDecoder *pct_meicoder_fit(const PctFit *fit, const PctRun *run, GError **error);
