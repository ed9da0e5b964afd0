// SPDX-License-Identifier: GPL-3.0-or-later
// Inversion of an encoder: the picture whose predicted responses are most like the given ones. What a fitted one holds,
// shared by its fit (invert-fit.c), its descent (invert-descent.c), its use (invert.c) and its live sessions
// (invert-session.c).
// With y the responses in the encoder's units less what it misses on average, f its rates, S the noise of single trials
// and x = mean + B a the prior of images, the picture minimises
//   E(a) = 1/2 u^T (c S)^-1 u + strength / 2 |a|^2,  u = (y - f(x)) / sqrt(rate / mean rate),  c = e + (1 - e) / n,
// n trials averaged; e is the share of the scatter about the rates that averaging does not take away: what the encoder
// gets wrong. It is assumed: single trials of different images cannot tell it from noise. The more trials, the less the
// prior weighs.
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

#define PCT_INVERT_MOST_PASSES 1000

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
  double model_error;        // e, 0..1
  double blur;               // pixels, standard deviation; 0: the prior's coordinates
  PctInvertLoss loss;
  int passes;                // through the encoder, at most
} PctInvert;

// A decoder without its numbers. encoder is referenced.
PctInvert *pct_invert_new(PctEncoder *encoder, const PctOptionValues *options);

// What residuals at rates (n,M) are multiplied by before S is of them: a neuron's trials scatter the more the higher
// its rate, as a Poisson's do; S is of a neuron at its mean rate. precision (n,M).
void pct_invert_get_precision(const PctInvert *self, const float *rates, gsize n, float *precision);

// A descent made ready, with all its matrices and memory, for any responses that are means of so many trials. Where it
// ends depends on the responses alone. One thread at a time; the decoder is borrowed.
typedef struct _PctInvertDescent PctInvertDescent;
#define PCT_INVERT_BATCH 32

// strength: instead of the decoder's. batch: pictures at a time, 1..PCT_INVERT_BATCH. NULL with PCT_ERROR_MEMORY.
PctInvertDescent *pct_invert_descent_new(const PctInvert *self, double strength, double n_averaged, gsize batch,
                                         PctPool *pool, GError **error);
void pct_invert_descent_free(PctInvertDescent *descent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctInvertDescent, pct_invert_descent_free)

// images (n,P; NULL: not wanted) of responses (n,M), the recording's units. If originals (n,P) are given, errors
// (passes,) gain the sum of squared differences to them that 1, 2 ... passes would leave, all told by one descent.
// Reports progress through the passes. FALSE with PCT_ERROR_CANCELLED.
gboolean pct_invert_descent_run(PctInvertDescent *descent, const float *responses, gsize n, int passes, float *images,
                                const float *originals, double *errors, const PctRun *run, GError **error);

// PctDecoderClass.session_new: keeps its descent, and the picture until a response changes. It starts anew for every
// picture, not from the last one: the same responses are the same picture, whatever was shown before.
PctDecoderSession *pct_invert_session_new(const PctDecoder *decoder, PctPool *pool);

// PctDecoderClass.fit.
PctDecoder *pct_invert_fit(const PctFit *fit, const PctRun *run, GError **error);
