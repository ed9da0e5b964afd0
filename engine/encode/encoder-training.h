// SPDX-License-Identifier: GPL-3.0-or-later
// A training of an encoder: what its options ask for and where it is. For encode/ itself.
//
// Adam on the Poisson loss times sqrt(trials of an epoch / batch) (on the squared loss divided by the batch), plus
// regularisers. After each epoch the mean correlation with single validation trials is taken; when it has not risen for
// `patience` epochs the best weights come back and the rate falls to 0.3 of it, `decays` times, then the training ends.
// Everything random is a function of (seed, step), so a resumed run is the same run.
#pragma once
#include "base/blas.h"
#include "encode/encoder-private.h"
#include "encode/encoder-step.h"
#include "model/training-curves.h"
#include "nn/optimizer.h"

typedef struct {
  PctEncoderDesign design;
  PctEncoderInitial initial;
  PctEncoderStepOptions step;
  int epochs, batch, patience, decays;
  double rate;
} PctEncoderPlan;

PctEncoderPlan pct_encoder_plan_of(const PctModelKind *kind, const PctOptionValues *options, int height, int width,
                                   int n_neurons, gboolean has_positions);

typedef struct {
  const PctFit *fit;
  const PctRun *run;
  PctEncoderPlan plan;
  PctEncoder *encoder;         // learns
  PctParameters *best;
  PctEncoderStep *step_work;
  PctFloats *gradients;
  PctOptimizer *optimizer;
  PctTrainingCurves *curves;
  const int *trials;           // (n,) of the train tier
  gsize n;
  float *targets;              // (batch,M)
  float *validation_images;    // (n_validation,H,W)
  float *predictions;          // (n_validation,M)
  int n_validation;            // images
  gint64 saved;                // monotonic time of the last checkpoint; 0: none
  // What a checkpoint holds beside the arrays:
  gint64 steps;                // done
  double rate, best_value, best_epoch;
  int waited, decayed;         // epochs since the best; times the rate has fallen
  gboolean ended;
} PctEncoderTraining;

// FALSE with PCT_ERROR_IO, _FORMAT or _SHAPE. Without a folder nothing is saved.
gboolean pct_encoder_training_save(const PctEncoderTraining *training, GError **error);
gboolean pct_encoder_training_load(PctEncoderTraining *training, GError **error);
