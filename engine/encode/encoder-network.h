// SPDX-License-Identifier: GPL-3.0-or-later
// The graph of a design (encoder-design.h): image and position noise in, one number a neuron out, before the output's
// nonlinearity (rate.h). Immutable; shared by training and inference, which build workspaces on it.
#pragma once
#include "encode/encoder-design.h"
#include "nn/graph.h"

// What the parameters start as.
typedef struct {
  float mean_range, sigma_range;  // POINT: positions even within +-mean_range, Sigma's entries within +-sigma_range
} PctEncoderInitial;
#define PCT_ENCODER_INITIAL_DEFAULT ((PctEncoderInitial){ 0.55f, 0.4f })

typedef struct {
  PctGraph *graph;
  int image;      // input (H,W,1)
  int noise;      // input (1,1,2M), zeros for the mean positions; -1 for a readout without positions
  int output;     // (1,1,M)
} PctEncoderNetwork;

// Is there such a network: sizes positive and within bounds, kernels odd and inside the image? PCT_ERROR_UNSUPPORTED.
gboolean pct_encoder_design_check(const PctEncoderDesign *design, GError **error);

// design: checked.
PctEncoderNetwork *pct_encoder_network_new(const PctEncoderDesign *design, const PctEncoderInitial *initial);
void pct_encoder_network_free(PctEncoderNetwork *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctEncoderNetwork, pct_encoder_network_free)
