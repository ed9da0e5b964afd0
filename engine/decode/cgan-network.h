// SPDX-License-Identifier: GPL-3.0-or-later
// The two networks of the conditional GAN (after Mirza & Osindero 2014), for any frame size. They work on linear features
// of the responses (linear-features.h) and on pictures in units of the train images' spread about the mean image.
// Generator: features and z -> transposed convolutions, plus a linear readout of the features, which starts as the best
// linear decoder: what the convolutions add is what a linear map cannot say. Discriminator: the picture beside what the
// features say of it linearly, so that it can tell a picture of another scene from one of this.
// No batch norm in the discriminator: with real and generated pictures in batches of their own the generator learned to
// exploit its statistics.
#pragma once
#include "nn/graph.h"

typedef struct {
  PctGraph *generator;
  int features;    // input (1,1,K): scaled and, in training, noisy
  int clean;       // input (1,1,K): as they are
  int latent;      // input (1,1,Z)
  int picture;     // output (H,W,1)
  PctGraph *discriminator;
  int judged;      // input (H,W,1)
  int condition;   // input (1,1,K)
  int logit;       // output (1,1,1): above 0 means real and of these responses
} PctCganNetwork;

// width_channels: of the generator's last layers; the discriminator starts with half of them.
PctCganNetwork *pct_cgan_network_new(int height, int width, int n_features, int n_latent, int width_channels,
                                     float picture_noise, float dropout);
void pct_cgan_network_free(PctCganNetwork *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctCganNetwork, pct_cgan_network_free)
