// SPDX-License-Identifier: GPL-3.0-or-later
// The networks of meicoder (Sobotka et al. 2025, arXiv:2510.20762), as graphs: convolutions that make a picture of the
// context, which is what the front end (meicoder-front.h) adds up over all neurons, and a discriminator of pictures.
// The front end is no operation of a graph, but its parameters come first in the same table, so that one optimiser,
// one average and one file hold all that is learned.
#pragma once
#include "nn/workspace.h"

// How a neuron's response and its MEI become channels of context.
typedef enum {
  PCT_MEICODER_CODES,  // a few learned numbers a neuron times fixed functions of the response, times the MEI
  PCT_MEICODER_PAPER,  // a network of the response and a learned embedding masks the MEI; a 1 x 1 convolution adds up
} PctMeicoderFrontKind;

#define PCT_MEICODER_EMBEDDING 32  // of the paper's front end: numbers a neuron,
#define PCT_MEICODER_HIDDEN 128    // and hidden units

typedef struct {
  PctMeicoderFrontKind front;
  int n_neurons, height, width;
  int channels;    // of the context
  int core;        // channels of the first convolution
  int n_features;  // that the linear path begins with; 0: there is no path
  float dropout;   // after every convolution, in training
  // Of the optimiser's rate, for the numbers of the front end and for the path.
  float front_rate, path_rate;
} PctMeicoderSizes;

typedef struct {
  PctMeicoderSizes sizes;
  PctGraph *generator;
  int context;     // (H,W,channels)
  int features;    // (1,1,n_features); -1: none
  int picture;     // (H,W,1) in units of image_scale about the mean image
  PctGraph *discriminator;
  int judged;      // (H,W,1)
  int verdict;     // (1,1,1): 1 for real, 0 for drawn (least squares)
} PctMeicoderNetwork;

// Parameters of the codes: codes.linear, codes.even (M,C). Of the paper's front end: embedding.weight (M,32),
// hidden.weight (128,33) with the response's column first, hidden.bias, mask.weight (H*W,128), mask.bias, gather.weight
// (C,M,1,1). Then path.weight, conv1 .., norm1 .., picture.
PctMeicoderNetwork *pct_meicoder_network_new(const PctMeicoderSizes *sizes);
void pct_meicoder_network_free(PctMeicoderNetwork *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctMeicoderNetwork, pct_meicoder_network_free)
