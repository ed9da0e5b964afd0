// SPDX-License-Identifier: GPL-3.0-or-later
// mei-net as a decoder: a network on the responses gives every neuron one weight, and the picture is the weighted sum of
// the neurons' transformed MEIs (mei-net-transform.h). What a fitted one holds, shared by its training
// (mei-net-train.c) and its use (mei-net.c).
//
// The first layer is linear in the responses and kept apart from the rest of the network, so that a change of one
// response is a change by one row of it. The MEIs are kept as transformed, in one array: the sum over neurons is one
// matrix product (n,M) x (M,H*W), and no picture a neuron and trial is ever formed.
#pragma once
#include "decode/decoder.h"
#include "nn/workspace.h"

extern const PctDecoderClass pct_mei_net_class;

// Responses, or what the first layer makes of them, to weights.
typedef struct {
  PctGraph *graph;
  int in;   // (1,1,K)
  int out;  // (1,1,M)
} PctMeiNetGraph;

// What the rest of the network begins with.
typedef enum {
  PCT_MEI_NET_FROM_FEATURES,   // linear features of the responses; with a linear path "path" beside the network
  PCT_MEI_NET_FROM_HIDDEN,     // the first layer's sums: its weights are elsewhere
  PCT_MEI_NET_FROM_RESPONSES,  // the responses: the first layer "layer1" is the graph's own, to be learned
} PctMeiNetStart;

// Parameters layer1 (unless from hidden), layer2 .. layer4, path. dropout: share of the features and of hidden units left
// out in training, where it begins with features.
void pct_mei_net_graph_init(PctMeiNetGraph *graph, PctMeiNetStart start, int n_in, int width, int n_neurons,
                            float dropout);

typedef struct {
  PctDecoder decoder;
  gboolean linear_start;
  int n_first;            // K: features, or the network's width
  int width;
  float image_scale;      // grey levels a unit of the network's pictures
  float *mean_image;      // (H,W) what they are about
  float *first, *bias;    // (M,K), (K,): responses in the recording's units to what the graph begins with
  float *pictures;        // (M,H,W) transformed MEIs
  PctMeiNetGraph network;
  PctParameters *parameters;
} PctMeiNet;

// A decoder without its numbers: arrays zeroed. NULL with PCT_ERROR_MEMORY.
PctMeiNet *pct_mei_net_new(int n_neurons, int height, int width, int n_first, const PctOptionValues *options,
                           GError **error);

// out (n,K) of responses (n,M).
void pct_mei_net_compute_first(const PctMeiNet *self, const float *responses, gsize n, float *out, PctPool *pool);
// images (n,P) grey levels = mean image + scale * weights (n,M) x pictures (M,P).
void pct_mei_net_combine(const PctMeiNet *self, const float *pictures, const float *weights, gsize n, float *images,
                         PctPool *pool);

// PctDecoderClass.fit.
PctDecoder *pct_mei_net_fit(const PctFit *fit, const PctRun *run, GError **error);
