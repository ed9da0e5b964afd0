// SPDX-License-Identifier: GPL-3.0-or-later
// A training of the conditional GAN under way: shared by its steps (cgan-train.c) and its checkpoint (cgan-checkpoint.c).
#pragma once
#include "base/blas.h"
#include "decode/cgan.h"
#include "decode/cgan-samples.h"
#include "decode/linear-features.h"
#include "model/training-checkpoint.h"
#include "nn/optimizer.h"
#include "nn/ssim-loss.h"

// What an epoch is remembered by; the columns of curves.csv.
enum { PCT_CGAN_EPOCH, PCT_CGAN_L1, PCT_CGAN_STRUCTURE, PCT_CGAN_ADVERSARIAL, PCT_CGAN_DISCRIMINATOR, PCT_CGAN_MATCHED, PCT_CGAN_MISMATCHED,
       PCT_CGAN_FAKE,
       // Means of D, 0 .. 1: of real pictures, matched and not, and of what G draws.
       PCT_CGAN_D_MATCHED, PCT_CGAN_D_MISMATCHED, PCT_CGAN_D_DRAWN,
       PCT_CGAN_PIXCORR, PCT_CGAN_SSIM, PCT_CGAN_N_FIGURES };

typedef struct {
  const PctFit *fit;
  const PctRun *run;
  PctPool *pool;
  PctCgan *decoder;
  gsize pixels, k, latent, batch;      // k: features that the networks see
  PctTrainingSchedule schedule;
  float adversarial, l1, l1_draw, l2, structure, feature_noise;
  double rate;

  PctCganSamples *imagined, *recorded; // imagined NULL: no pretraining
  PctCganSamples *samples;             // of the two, those of this step
  float *readout;                      // (k,P) features to network pictures, the best linear ones
  gsize n_validation;
  float *validation_features, *validation_images;
  float *preview_features, *preview;

  PctWorkspace *generator_workspace, *discriminator_workspace, *drawing_workspace;
  PctParameters *generator, *discriminator, *average, *best;
  PctFloats *generator_gradient, *discriminator_gradient;
  PctOptimizer *generator_optimizer, *discriminator_optimizer;
  PctSsimLoss *ssim_loss;              // NULL: not used
  float *grey;                         // (3,batch,P) scratch, only with ssim_loss
  float *noisy;                        // (batch,K) scratch: what the discriminator is told

  PctTrainingPlace place;
  double sums[PCT_CGAN_N_FIGURES];     // over the epoch so far
  PctTrainingCurves *curves;
} PctCganTraining;

extern const char *const pct_cgan_figure_names[];

// Of fit, run, pool and best_value: everything up to the first step.
gboolean pct_cgan_prepare(PctCganTraining *t, GError **error);
void pct_cgan_training_clear(PctCganTraining *t);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctCganTraining, pct_cgan_training_clear)

// Pictures decoded at a time for validation and previews.
#define PCT_CGAN_VALIDATION_BATCH 64

// All that a later step depends on, in the folder's optimizer.safetensors; curves.csv beside it. Nothing without a folder.
gboolean pct_cgan_save_checkpoint(const PctCganTraining *t, GError **error);
// Into a training that is prepared. PCT_ERROR_IO, _FORMAT or _SHAPE.
gboolean pct_cgan_load_checkpoint(PctCganTraining *t, GError **error);
