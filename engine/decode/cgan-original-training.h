// SPDX-License-Identifier: GPL-3.0-or-later
// A training of the original conditional GAN under way: shared by its epochs (cgan-original-train.c) and its checkpoint
// (cgan-original-checkpoint.c).
#pragma once
#include "decode/cgan-original-step.h"
#include "decode/cgan-original.h"
#include "measure/score.h"
#include "model/training-curves.h"
#include "model/training-schedule.h"

// What an epoch is remembered by; the columns of curves.csv.
enum { PCT_CGAN_ORIGINAL_EPOCH, PCT_CGAN_ORIGINAL_L1, PCT_CGAN_ORIGINAL_ADVERSARIAL, PCT_CGAN_ORIGINAL_DISCRIMINATOR,
       PCT_CGAN_ORIGINAL_MATCHED, PCT_CGAN_ORIGINAL_MISMATCHED, PCT_CGAN_ORIGINAL_DRAWN, PCT_CGAN_ORIGINAL_PIXCORR,
       PCT_CGAN_ORIGINAL_SSIM, PCT_CGAN_ORIGINAL_N_FIGURES };

typedef struct {
  const PctFit *fit;
  const PctRun *run;
  PctPool *pool;
  PctCganOriginal *decoder;      // its generator is the one that learns
  PctCganOriginalStep *steps;
  const int *trials;             // (n,) of the train tier
  gsize n, m, pixels, batch, mismatched;
  int epochs, steps_an_epoch;
  float *responses, *images, *others, *z;  // of a batch
  PctScoreSet *validation;
  float *preview;                // (n_preview,P)
  gint64 step;
  double sums[PCT_CGAN_ORIGINAL_N_FIGURES];  // over the epoch so far
  PctTrainingCurves *curves;
  GError *stopped;               // what the listener said while a step was under way
} PctCganOriginalTraining;

// All that a later step depends on, in the folder's optimizer.safetensors (at the original's size 4.7 GB), and curves.csv
// beside it. Between steps. Nothing without a folder.
gboolean pct_cgan_original_save_checkpoint(const PctCganOriginalTraining *t, GError **error);
// Into a training that is prepared. PCT_ERROR_IO, _FORMAT or _SHAPE.
gboolean pct_cgan_original_load_checkpoint(PctCganOriginalTraining *t, GError **error);
