// SPDX-License-Identifier: GPL-3.0-or-later
// A training of the conditional GAN under way: shared by its steps (cgan-train.c) and its checkpoint (cgan-checkpoint.c).
#pragma once
#include "base/blas.h"
#include "decode/cgan.h"
#include "decode/linear-features.h"
#include "model/training-curves.h"
#include "nn/optimizer.h"
#include "nn/ssim-loss.h"

// What an epoch is remembered by; the columns of curves.csv.
enum { PCT_CGAN_EPOCH, PCT_CGAN_L1, PCT_CGAN_STRUCTURE, PCT_CGAN_ADVERSARIAL, PCT_CGAN_DISCRIMINATOR, PCT_CGAN_MATCHED, PCT_CGAN_MISMATCHED,
       PCT_CGAN_FAKE,
       PCT_CGAN_PIXCORR, PCT_CGAN_SSIM, PCT_CGAN_N_FIGURES };

typedef struct {
  const PctFit *fit;
  const PctRun *run;
  PctPool *pool;
  PctCgan *decoder;
  gsize n, pixels, k, latent, batch;   // n train trials
  int epochs, steps_an_epoch;
  float adversarial, l1, l1_draw, structure, feature_noise;
  double rate;

  PctLinearFeatures *features;
  float *targets;                      // (n,P) network units
  int *images;                         // (n,) which image each train trial showed
  gsize n_validation;
  float *validation_features, *validation_images;
  float *preview_features, *preview;

  PctWorkspace *generator_workspace, *discriminator_workspace, *drawing_workspace;
  PctParameters *generator, *discriminator, *average, *best;
  PctFloats *generator_gradient, *discriminator_gradient;
  PctOptimizer *generator_optimizer, *discriminator_optimizer;
  PctSsimLoss *ssim_loss;              // NULL: not used
  float *grey;                         // (3,batch,P) scratch, only with ssim_loss
  float *noisy;                        // (batch,K) scratch

  gint64 step;
  double best_value, best_epoch;
  double sums[PCT_CGAN_N_FIGURES];     // over the epoch so far
  PctTrainingCurves *curves;
} PctCganTraining;

// All that a later step depends on, in the folder's optimizer.safetensors; curves.csv beside it. Nothing without a folder.
gboolean pct_cgan_save_checkpoint(const PctCganTraining *t, GError **error);
// Into a training that is prepared. PCT_ERROR_IO, _FORMAT or _SHAPE.
gboolean pct_cgan_load_checkpoint(PctCganTraining *t, GError **error);
