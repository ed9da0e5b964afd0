// SPDX-License-Identifier: GPL-3.0-or-later
// A training of mei-net under way: shared by what comes before its first step
// (mei-net-prepare.c, mei-net-features.c), its steps
// (mei-net-train.c) and its checkpoint (mei-net-checkpoint.c).
#pragma once
#include "base/blas.h"
#include "decode/mei-net-transform.h"
#include "decode/mei-net.h"
#include "encode/mei.h"
#include "model/training-checkpoint.h"
#include "nn/optimizer.h"

// What an epoch is remembered by; the columns of curves.csv. Errors are in grey levels squared, unclipped.
enum { PCT_MEI_NET_EPOCH, PCT_MEI_NET_TRAIN_MSE, PCT_MEI_NET_MSE, PCT_MEI_NET_PIXCORR, PCT_MEI_NET_N_FIGURES };

// Trials to learn from.
typedef struct {
  gsize n;
  float *inputs, *targets;  // (n,n_in), (n,P) in the network's units
} PctMeiNetTrials;

typedef struct {
  const PctFit *fit;
  const PctRun *run;
  PctRun passing;                      // a run for what happens within a step: tells the training's progress
  PctPool *pool;
  PctMeiNet *decoder;                  // its numbers are complete from the preparation on, but for what is learned
  gsize pixels, m, n_in, batch;
  PctTrainingSchedule schedule;
  int patience, transform_every;       // epochs; steps
  double rate;
  gboolean linear_start, normalise, clear_gradients, transform_learns;

  PctMeiNetTrials recorded, imagined;  // imagined ones have no noise
  float *noise_root;                   // (n_in,n_in) R with R^T R = covariance of an imagined trial's noise
  float *response_shift, *response_scale;  // (M,) that responses are taken in
  float *readout;                      // (n_in,P) grey levels a unit of input, with a linear start
  gsize n_validation;
  float *validation_inputs, *validation_images;
  float *preview_inputs, *preview;
  float *meis;                         // (M,P) in the network's units; zeros where there is none

  PctMeiNetGraph network;              // with the first layer
  PctMeiTransform *transform;
  PctMeiPass *pass;
  PctWorkspace *workspace;
  PctParameters *network_parameters, *transform_parameters, *best_network, *best_transform;
  PctFloats *network_gradient;
  PctParameters *transform_gradient;   // kept from step to step where gradients are never cleared
  PctOptimizer *network_optimizer, *transform_optimizer;
  float *pictures;                     // (M,P) MEIs as transformed now
  float *pictures_gradient;            // (M,P) added up since the transform's last step
  float *drawn, *gradient;             // (batch,P)

  PctTrainingPlace place;
  double loss;                         // over the epoch so far
  PctTrainingCurves *curves;
} PctMeiNetTraining;

// The part of it that a linear start has: decoder with its first layer, features of all trials, readout.
gboolean pct_mei_net_prepare_features(PctMeiNetTraining *t, GError **error);
// Everything a first step needs, the transformed MEIs of the starting parameters included.
gboolean pct_mei_net_prepare(PctMeiNetTraining *t, GError **error);
void pct_mei_net_training_clear(PctMeiNetTraining *t);

// All that a later step depends on, in the folder's optimizer.safetensors; curves.csv beside it. Nothing without a folder.
gboolean pct_mei_net_save_checkpoint(const PctMeiNetTraining *t, GError **error);
// Into a training that is prepared; the transformed MEIs are to be computed anew. PCT_ERROR_IO, _FORMAT or _SHAPE.
gboolean pct_mei_net_load_checkpoint(PctMeiNetTraining *t, GError **error);
