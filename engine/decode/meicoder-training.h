// SPDX-License-Identifier: GPL-3.0-or-later
// A training of meicoder under way: shared by what comes before its first step (meicoder-prepare.c), its steps
// (meicoder-train.c) and its checkpoint (meicoder-checkpoint.c).
#pragma once
#include "base/blas.h"
#include "decode/meicoder.h"
#include "decode/response-noise.h"
#include "measure/score.h"
#include "model/training-checkpoint.h"
#include "nn/optimizer.h"
#include "nn/ssim-loss.h"

// What an epoch is remembered by; the columns of curves.csv. Losses are means over its steps, unweighted.
enum {
  PCT_MEICODER_EPOCH, PCT_MEICODER_STRUCTURE, PCT_MEICODER_L1, PCT_MEICODER_ADVERSARIAL, PCT_MEICODER_DISCRIMINATOR,
  PCT_MEICODER_PIXCORR, PCT_MEICODER_SSIM, PCT_MEICODER_N_FIGURES
};
extern const char *const pct_meicoder_figure_names[PCT_MEICODER_N_FIGURES];

typedef struct {
  const PctFit *fit;
  const PctRun *run;
  PctRun passing;                   // a run for what happens within a step: tells the training's progress
  PctPool *pool;
  PctMeicoder *decoder;             // its parameters are the running average of those that learn
  gsize pixels, m, k, batch;        // k features of the linear path; 0: none
  PctTrainingSchedule schedule;
  int patience;                     // epochs
  double rate, average;
  float noise, structure, l1, adversarial;

  PctTrialRows recorded, imagined;  // pictures in the network's units; imagined responses without noise
  float *recorded_features;         // (n,K) that are predicted without the image at hand
  PctResponseNoise *response_noise; // of imagined trials
  PctScoreSet *validation;          // NULL: there is no such tier
  float *preview;

  PctMeicoderFront *front;
  PctWorkspace *workspace, *discriminator_workspace;  // the latter NULL where nobody judges
  PctParameters *parameters, *best, *discriminator;
  PctFloats *gradient, *discriminator_gradient;
  PctOptimizer *optimizer, *discriminator_optimizer;
  PctSsimLoss *ssim_loss;           // NULL: frames smaller than its window
  float *z, *scattered;             // (batch,M)
  float *target, *drawn;            // (batch,P) grey levels
  float *slope;                     // (batch,P)

  PctTrainingPlace place;
  double sums[PCT_MEICODER_N_FIGURES];  // over the epoch so far
  PctTrainingCurves *curves;
} PctMeicoderTraining;

// Everything a first step needs.
gboolean pct_meicoder_prepare(PctMeicoderTraining *t, GError **error);
void pct_meicoder_training_clear(PctMeicoderTraining *t);

// All that a later step depends on, in the folder's optimizer.safetensors; curves.csv beside it. Nothing without a folder.
gboolean pct_meicoder_save_checkpoint(const PctMeicoderTraining *t, GError **error);
// Into a training that is prepared. PCT_ERROR_IO, _FORMAT or _SHAPE.
gboolean pct_meicoder_load_checkpoint(PctMeicoderTraining *t, GError **error);
