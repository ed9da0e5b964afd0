// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic of one training step of an encoder: loss and gradients, regularisers included; no optimiser. What a
// test compares with loops that share nothing with it.
#pragma once
#include "encode/encoder-network.h"
#include "encode/rate.h"
#include "nn/workspace.h"

// All weights are 0 where a design has not what they are of.
typedef struct {
  PctRateLoss loss;
  double smooth_input;     // x sum (L w)^2 / sum w^2 over layer 0's kernels; L: 3x3 Laplacian 0 -1 0 / -1 4 -1 / 0 -1 0
  double group_sparsity;   // x sum over pairs of channels of |kernel|_2, of layers after the first
  double sparse_features;  // POINT: x sum |features|
  double sparse_mask;      // MASK: x sum |mask|
  double sparse_weights;   // MASK: x sum |weight|
  double sparse_product;   // MASK: x sum over neurons of (sum |mask|) (sum |weight|)
  double smooth_field;     // FULL: x sum (L w)^2, of every neuron's (or basis') receptive field
  double small_field;      // FULL: x sum w^2
} PctEncoderStepOptions;

typedef struct _PctEncoderStep PctEncoderStep;

// network and pool are borrowed. NULL with PCT_ERROR_MEMORY.
PctEncoderStep *pct_encoder_step_new(const PctEncoderDesign *design, const PctEncoderNetwork *network,
                                     const PctEncoderStepOptions *options, int max_batch, PctPool *pool, GError **error);
void pct_encoder_step_free(PctEncoderStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctEncoderStep, pct_encoder_step_free)

// Where the batch goes before a run: images (batch,H,W) as the network takes them; noise (batch,M,2), N(0,1), NULL where
// the design has none.
float *pct_encoder_step_get_images(PctEncoderStep *step);
float *pct_encoder_step_get_noise(PctEncoderStep *step);

// weight times the loss summed over the batch and all neurons, plus the regularisers; batch statistics, and running ones
// updated. targets (batch,M): responses in units of their scales. gradients (n_values,): overwritten.
double pct_encoder_step_run(PctEncoderStep *step, PctParameters *parameters, const float *targets, int batch,
                            double weight, float *gradients);

// The regularisers alone; adds to gradients.
double pct_encoder_regularise(const PctEncoderDesign *design, const PctEncoderStepOptions *options,
                              const PctParameters *parameters, float *gradients, PctPool *pool);
