// SPDX-License-Identifier: GPL-3.0-or-later
// What a network of the encoder family is made of: a core of convolutions, and a readout a neuron.
//
// Core. Layer 0 is a convolution 1 -> C, kernel k0 x k0, without padding and bias. Each further layer is depth-separable
// (1x1 C -> C, depthwise k x k padded by k/2, 1x1 C -> C) or a full k x k convolution, padded alike, without bias. After
// each layer a batch norm, and unless `linear` an ELU.
// Readout. POINT: the C features at one point (Lurz et al. 2021). MASK: a mask over the map, averaged over pool x pool
// pixels, times feature weights (Klindt et al. 2017). FULL: a linear receptive field on the image itself, no core
// (n_layers is 0), each neuron its own or a mixture of `rank` that all share. Then ELU(x) + 1, or a softplus.
//
// Parameters by their PyTorch names, shapes as on disk:
//   core.features.layer0.conv.weight (C,1,k0,k0)
//   core.features.layer<i>.ds_conv.in_depth_conv.weight (C,C,1,1), .ds_conv.spatial_conv.weight (C,1,k,k),
//     .ds_conv.out_depth_conv.weight (C,C,1,1); or core.features.layer<i>.conv.weight (C,C,k,k)
//   core.features.layer<i>.norm.{weight,bias,running_mean,running_var} (C,)
//   POINT: readout.dataset.features (M,C), .bias (M,), .sigma (M,2,2), and .source_grid (M,2) with
//     .mu_transform.0.{weight (2,2), bias (2,)}, or .mu (M,2). On disk, as the original has them, _features (1,C,1,M),
//     sigma (1,M,2,2), _mu (1,M,1,2): encoder-state.c
//   MASK: readout.mask (M,h,w), readout.weight (M,C), readout.bias (M,)
//   FULL: readout.weight (M,H W), readout.bias (M,); or readout.basis.weight (rank,H W) and readout.weight (M,rank)
// What an image is centred by and divided by first (0 and 1 for a core that normalises) and the scales of responses are no
// parameters: on disk they are text in the metadata.
#pragma once
#include <glib.h>

typedef enum { PCT_READOUT_POINT, PCT_READOUT_MASK, PCT_READOUT_FULL } PctReadout;

typedef struct {
  int height, width, n_neurons;
  int n_layers;             // 0 with PCT_READOUT_FULL
  int channels;             // C
  int input_kernel, hidden_kernel;  // odd
  gboolean depth_separable;
  gboolean linear;          // no nonlinearity but the output's
  PctReadout readout;
  gboolean softplus;        // log(1 + exp x) instead of ELU(x) + 1
  gboolean non_negative;    // MASK: mask and weights are not negative
  int pool;                 // MASK
  int rank;                 // FULL; 0: each neuron its own
  gboolean has_positions;   // POINT: the mean is a linear map of the cortical position; else free, a pair a neuron
} PctEncoderDesign;

// The batch norms' epsilon; and in PyTorch's sense their momentum.
#define PCT_ENCODER_EPSILON 1e-5f
#define PCT_ENCODER_MOMENTUM 0.9f

// The last layer's map.
static inline int
pct_encoder_design_get_map_height(const PctEncoderDesign *design)
{
  return design->height - design->input_kernel + 1;
}

static inline int
pct_encoder_design_get_map_width(const PctEncoderDesign *design)
{
  return design->width - design->input_kernel + 1;
}
