// SPDX-License-Identifier: GPL-3.0-or-later
// The two networks of the conditional GAN as first used on cortical responses (after Mirza & Osindero 2014 and Radford et
// al. 2015): raw responses and grey levels in, grey levels out. Generator: three linear layers on the responses, z beside
// what they say, four transposed convolutions that double, and one that makes the frame. Discriminator: the picture
// beside what one linear layer makes of the responses, and five convolutions.
// At 36 x 64 pixels every size is as published. The last transposed convolution adds four rows and doubles the columns,
// so another frame starts from ceil((H - 4) / 8) x ceil(W / 16), grows and is cropped.
#pragma once
#include "nn/graph.h"

typedef struct {
  int n_neurons, height, width;
  int hidden;    // of the first linear layer; the second has half as many
  int code;      // numbers the third one hands to the convolutions
  int latent;    // of z
  int channels;  // w: of the last transposed and of the first convolution
} PctCganOriginalSizes;

typedef struct {
  PctGraph *generator;
  int responses;   // input (1,1,M), in the recording's units
  int latent;      // input (1,1,Z)
  int picture;     // output (H,W,1), grey levels
  // The generator without its first linear layer, whose parameters are the first of the generator's: all others lie in
  // memory as this graph's do, rest_offset floats further on.
  PctGraph *rest;
  int sums;        // input (1,1,hidden): the first layer's output before its ReLU
  int rest_latent, rest_picture;
  gsize rest_offset;
  PctGraph *discriminator;
  int judged;      // input (H,W,1), grey levels
  int condition;   // input (1,1,M)
  int logit;       // output (1,1,1): above 0 means real and of these responses
} PctCganOriginalNetwork;

// The smallest frame that three halvings leave something of.
#define PCT_CGAN_ORIGINAL_LEAST_HEIGHT 12
#define PCT_CGAN_ORIGINAL_LEAST_WIDTH 16

// Frames at least as large as that.
PctCganOriginalNetwork *pct_cgan_original_network_new(const PctCganOriginalSizes *sizes);
void pct_cgan_original_network_free(PctCganOriginalNetwork *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctCganOriginalNetwork, pct_cgan_original_network_free)
