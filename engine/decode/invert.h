// SPDX-License-Identifier: GPL-3.0-or-later
// Inversion of an encoder: the picture whose predicted responses are most like the given ones. What a fitted one holds,
// shared by its fit (invert-fit.c), its descent (invert-descent.c) and its use (invert.c).
// With y the responses in the encoder's units less what it misses on average, f its rates, S the noise of single trials
// and x = mean + B a the prior of images, the picture minimises
//   E(a) = 1/2 u^T (c S)^-1 u + strength / 2 |a|^2,  u = (y - f(x)) / sqrt(rate / mean rate),  c = 1 / n + e,
// n trials averaged; e is for what the encoder itself gets wrong, which does not average out. The more trials, the less
// the prior weighs.
// As described in the literature (preset literal): S the responses' variances, no prior, x = grey + Gaussian
// blur of a, few steps.
#pragma once
#include "decode/decoder.h"
#include "decode/image-prior.h"
#include "decode/response-noise.h"
#include "encode/encoder-pullback.h"

extern const PctDecoderClass pct_invert_class;

typedef enum { PCT_INVERT_GAUSSIAN, PCT_INVERT_POISSON } PctInvertLoss;
typedef enum { PCT_INVERT_GREY, PCT_INVERT_LINEAR } PctInvertStart;

typedef struct {
  PctDecoder decoder;
  PctEncoder *encoder;
  float *mean_rate;          // (M,) over train images; literal: NULL
  float *offset;             // (M,) mean response - mean rate on train, encoder's units
  PctResponseNoise *noise;
  PctImagePrior *prior;      // literal: the grey image alone, no component
  float *information;        // (K,K) lower triangle: mean over train images of J^T S^-1 J by the coordinates
  // Where the descent starts: what is best if rates were linear, A (K,M) by regression on the train images, and what
  // that leaves of the rates as noise, which does not average out either. NULL: from grey.
  float *linear;
  PctResponseNoise *nonlinear;
  float strength;
  gsize k;                   // coordinates: the prior's components; literal: pixels
  double model_error;        // e
  double blur;               // pixels, standard deviation; 0: the prior's coordinates
  PctInvertLoss loss;
  int passes;                // through the encoder, at most
} PctInvert;

// A decoder without its numbers. encoder is referenced.
PctInvert *pct_invert_new(PctEncoder *encoder, const PctOptionValues *options);

// What residuals at rates (n,M) are multiplied by before S is of them: a neuron's trials scatter the more the higher
// its rate, as a Poisson's do; S is of a neuron at its mean rate. precision (n,M).
void pct_invert_get_precision(const PctInvert *self, const float *rates, gsize n, float *precision);

// images (n,P) of responses (n,M), the recording's units; strength: instead of the decoder's. Reports progress through
// the passes. FALSE with PCT_ERROR_CANCELLED or _MEMORY.
gboolean pct_invert_descend(const PctInvert *self, double strength, const float *responses, gsize n, double n_averaged,
                            float *images, const PctRun *run, GError **error);

// PctDecoderClass.fit.
PctDecoder *pct_invert_fit(const PctFit *fit, const PctRun *run, GError **error);
