// SPDX-License-Identifier: GPL-3.0-or-later
// The small network that mei-net passes every MEI through: two transposed convolutions that double the picture twice,
// two convolutions with max-pooling back to its size, a batch norm after each. The MEIs are always the same, so the
// batch of its norms is all of them, in training and in use alike, and no running average is needed: what has been
// learned on is exactly what is decoded with.
//
// The intermediate pictures of 5,335 MEIs would fill 6 GB, and their gradients as much again. The network is therefore cut before each norm into stages,
// and a stage runs over the MEIs in chunks; only what the four convolutions give is kept, everything else is computed
// again in the backward pass. A norm's statistics are taken over what was kept, and its gradient follows in two parts:
// the chunks' own with the statistics held, then, once the sums over all MEIs are known, what the statistics owe.
// The result is that of the whole network run at once on all MEIs, up to rounding; tests hold it to that.
#pragma once
#include "base/run.h"
#include "nn/workspace.h"

#define PCT_MEI_TRANSFORM_STAGES 5

typedef struct {
  int height, width;
  gboolean near_identity;
  PctGraph *whole;     // holds the parameters; a norm's running_mean and running_var are the statistics over all MEIs
  int whole_in, whole_out;  // (H,W,1)
  // In order. The parameters of a stage are a part of the whole's block, from first on.
  struct {
    PctGraph *graph;
    int in, out;
    gsize first;
  } stages[PCT_MEI_TRANSFORM_STAGES];
} PctMeiTransform;

// last_relu: as the original, whose transformed MEIs cannot be negative. near_identity: starts as an interpolation and
// blurs whose rectifiers are in their linear range for nearly all pixels of pictures of unit variance; otherwise as
// PyTorch starts. rate: multiple of the optimiser's.
PctMeiTransform *pct_mei_transform_new(int height, int width, gboolean last_relu, gboolean near_identity, float rate);
void pct_mei_transform_free(PctMeiTransform *transform);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctMeiTransform, pct_mei_transform_free)

// Parameters of the table of transform->whole.
void pct_mei_transform_initialise(const PctMeiTransform *transform, PctParameters *parameters, guint64 seed);

// Memory for n MEIs: about 45 (with_backward: 60) times their own.
typedef struct _PctMeiPass PctMeiPass;

// The transform and the pool (may be NULL) are borrowed. NULL with PCT_ERROR_MEMORY.
PctMeiPass *pct_mei_pass_new(const PctMeiTransform *transform, gsize n, gboolean with_backward, PctPool *pool,
                             GError **error);
void pct_mei_pass_free(PctMeiPass *pass);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctMeiPass, pct_mei_pass_free)

// out (n,H,W) = the transformed meis (n,H,W). Writes the statistics into the parameters. FALSE with
// PCT_ERROR_CANCELLED. run is asked once a chunk.
gboolean pct_mei_pass_forward(PctMeiPass *pass, PctParameters *parameters, const float *meis, float *out,
                              const PctRun *run, GError **error);
// gradients (n_values,) += the derivative by the parameters of sum d_out * out, d_out (n,H,W); with the meis and the
// parameters of the forward pass before, whose memory it uses up. FALSE with PCT_ERROR_CANCELLED, gradients then as
// they were.
gboolean pct_mei_pass_backward(PctMeiPass *pass, PctParameters *parameters, const float *meis, const float *d_out,
                               float *gradients, const PctRun *run, GError **error);
