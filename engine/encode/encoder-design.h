// SPDX-License-Identifier: GPL-3.0-or-later
// What a network of the encoder family is made of: a core of convolutions, and a readout a neuron.
//
// Core. Layer 0 is a convolution 1 -> C, kernel k0 x k0, without padding and bias. Each further layer is depth-separable
// (1x1 C -> C, depthwise k x k padded by k/2, 1x1 C -> C) or a full k x k convolution, padded alike, without bias. After
// each layer a batch norm, and unless `linear` an ELU.
// Readout. POINT: the C features at one point (Lurz et al. 2021). MASK: a mask over the map times feature weights (Klindt
// et al. 2017). FULL: a linear receptive field on the image itself, no core (n_layers is 0). Then
// ELU(x) + 1, or a softplus.
//
// Parameters by their PyTorch names, shapes as on disk:
//   core.features.layer0.conv.weight (C,1,k0,k0)
//   core.features.layer<i>.ds_conv.in_depth_conv.weight (C,C,1,1), .ds_conv.spatial_conv.weight (C,1,k,k),
//     .ds_conv.out_depth_conv.weight (C,C,1,1); or core.features.layer<i>.conv.weight (C,C,k,k)
//   core.features.layer<i>.norm.{weight,bias,running_mean,running_var} (C,)
//   readout.features (M,C) and readout.bias (M,) of POINT, with readout.positions.* (encoder-state.c writes them as
//     the original's readout.dataset.* on disk)
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
