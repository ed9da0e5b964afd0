// SPDX-License-Identifier: GPL-3.0-or-later
// A training step of the original conditional GAN. The generator draws the batch once. The discriminator learns from
// three batches, each with batch statistics of its own: real and matched = 1, real with the responses to another image =
// 0, drawn = 0. The generator then learns from the changed discriminator's verdict on the same pictures = 1, and from
// their L1 distance to the images. No product is computed twice: 36 x 64 pixels, 5,335 neurons, width 300 and batch 32
// need about 1.7 TFLOP.
// What a step computes depends on the parameters, the moments and the batch alone.
#pragma once
#include "base/blas.h"
#include "decode/cgan-original-network.h"
#include "nn/optimizer.h"
#include "nn/workspace.h"

typedef struct {
  int batch, n_mismatched;  // trials; 1 <= n_mismatched <= batch
  float adversarial, l1;    // weights in the generator's loss; adversarial 0: no discriminator at all
  double rate;              // of both networks' Adam
} PctCganOriginalStepOptions;

typedef struct {
  const float *responses;   // (batch,M), the recording's units
  const float *images;      // (batch,H,W), grey levels: what those were responses to
  const float *others;      // (n_mismatched,H,W): what the first n_mismatched of them were not responses to
  const float *z;           // (batch,Z)
} PctCganOriginalBatch;

// Means over the batch. The verdicts D are probabilities, of the discriminator before it learns in this step.
typedef struct {
  double l1, adversarial, discriminator;             // losses; the L1 distance in grey levels
  double d_matched, d_mismatched, d_drawn;
} PctCganOriginalFigures;

typedef struct {
  const PctCganOriginalNetwork *network;             // borrowed
  PctCganOriginalStepOptions options;
  PctPool *pool;                                     // borrowed
  PctParameters *generator;                          // borrowed; a step changes them
  PctParameters *discriminator;
  PctOptimizer *generator_optimizer, *discriminator_optimizer;
  PctWorkspace *generator_workspace, *discriminator_workspace;
  PctFloats *gradient;                               // of the network whose turn it is
} PctCganOriginalStep;

// Starts the discriminator from the seed; the generator's parameters are the caller's to start. NULL with
// PCT_ERROR_MEMORY.
PctCganOriginalStep *pct_cgan_original_step_new(const PctCganOriginalNetwork *network, PctParameters *generator,
                                                const PctCganOriginalStepOptions *options, guint64 seed, PctPool *pool,
                                                GError **error);
void pct_cgan_original_step_free(PctCganOriginalStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctCganOriginalStep, pct_cgan_original_step_free)

// between (may be NULL) is called between the step's passes, of which one may take seconds.
void pct_cgan_original_step_run(PctCganOriginalStep *step, const PctCganOriginalBatch *batch,
                                PctCganOriginalFigures *figures, void (*between)(gpointer data), gpointer data);
