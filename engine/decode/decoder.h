// SPDX-License-Identifier: GPL-3.0-or-later
// A decoder turns responses into images. One interface, one registry (decoder.c lists every kind); one file a decoder.
// A fitted decoder is immutable: any number of threads may reconstruct with it at once. It is fitted on the train tier,
// tuned on validation and never sees test. It carries all it needs to know of the recording: scales, means, frame size.
#pragma once
#include "base/run.h"
#include "model/fit.h"
#include "model/model-kind.h"
#include "nn/safetensors.h"

typedef struct _PctDecoder PctDecoder;
typedef struct _PctDecoderClass PctDecoderClass;
typedef struct _PctDecoderSession PctDecoderSession;

struct _PctDecoderClass {
  PctModelKind about;  // first, so that kind and class are found by one another
  int (*get_latent)(const PctDecoder *decoder);  // length of z; NULL: 0
  // Below: contracts as the public functions of the same names.
  PctDecoder *(*fit)(const PctFit *fit, const PctRun *run, GError **error);
  gboolean (*reconstruct)(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged, const float *z,
                          float *images, const PctRun *run, GError **error);
  // Adds what must be kept to tensors. load is handed the same.
  void (*save)(const PctDecoder *decoder, PctTensors *tensors);
  PctDecoder *(*load)(const PctTensors *tensors, const PctOptionValues *options, GError **error);
  void (*free)(PctDecoder *decoder);
  // A live session; NULL: the generic one, which calls reconstruct for every picture. Its decoder field is filled in
  // (with a reference) and released by the public functions.
  PctDecoderSession *(*session_new)(const PctDecoder *decoder, PctPool *pool);
  // out (M,) = J^T v for cotangent v (H,W) at the given responses and z; NULL: not differentiable.
  gboolean (*pullback)(const PctDecoder *decoder, const float *responses, double n_averaged, const float *z,
                       const float *cotangent, float *out, const PctRun *run, GError **error);
};

// What every decoder knows. A kind's own struct starts with one.
struct _PctDecoder {
  const PctDecoderClass *klass;
  gatomicrefcount references;
  int n_neurons, height, width;
};

// For a kind's fit and load: fills in a new decoder's own part, with one reference.
void pct_decoder_init(PctDecoder *decoder, const PctDecoderClass *klass, int n_neurons, int height, int width);

// All kinds, in the order they are shown. *n of them.
const PctDecoderClass *const *pct_decoder_get_classes(guint *n);
// NULL if there is none.
const PctDecoderClass *pct_decoder_find_class(const char *kind);
const PctModelKind *pct_decoder_find_kind(const char *name);

// NULL with an error: _CANCELLED (the last checkpoint stays), _DIVERGED, _MEMORY, _IO.
PctDecoder *pct_decoder_fit(const PctDecoderClass *klass, const PctFit *fit, const PctRun *run, GError **error);
PctDecoder *pct_decoder_ref(PctDecoder *decoder);
void pct_decoder_unref(PctDecoder *decoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctDecoder, pct_decoder_unref)

int pct_decoder_get_latent(const PctDecoder *decoder);

// responses (n,M) in the recording's units, each the mean of n_averaged trials (1: single). z (n,latent) or NULL:
// zeros. images (n,H,W): grey levels, unclipped.
gboolean pct_decoder_reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged,
                                 const float *z, float *images, const PctRun *run, GError **error);

// FALSE with PCT_ERROR_UNSUPPORTED where the kind cannot.
gboolean pct_decoder_pullback(const PctDecoder *decoder, const float *responses, double n_averaged, const float *z,
                              const float *cotangent, float *out, const PctRun *run, GError **error);

// A live session keeps one response vector and redraws after each change; for a slider. One thread at a time.
struct _PctDecoderSession {
  PctDecoder *decoder;
  void (*set_responses)(PctDecoderSession *session, const float *responses, double n_averaged);  // (M,)
  void (*set_response)(PctDecoderSession *session, int neuron, float value);
  void (*set_latent)(PctDecoderSession *session, const float *z);  // (latent,); NULL: zeros
  void (*draw)(PctDecoderSession *session, float *image);          // out (H,W)
  void (*free)(PctDecoderSession *session);
};

PctDecoderSession *pct_decoder_session_new(PctDecoder *decoder, PctPool *pool);
void pct_decoder_session_free(PctDecoderSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctDecoderSession, pct_decoder_session_free)
