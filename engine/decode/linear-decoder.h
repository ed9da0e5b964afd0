// SPDX-License-Identifier: GPL-3.0-or-later
// What the linear decoders share: image = mean image + sum over neurons of z_i W_i, with z_i = (r_i - mean_i) / scale_i
// and one image W_i a neuron. Stored a row a neuron, so that a slider costs one row. A kind's struct starts with a
// PctLinearDecoder and its class lists the functions below; only its fit is its own.
#pragma once
#include "decode/decoder.h"

typedef struct {
  PctDecoder decoder;
  float *weight;          // (M,H,W) grey levels a standard deviation; aligned
  float *mean_image;      // (H,W)
  float *response_mean;   // (M,)
  float *response_scale;  // (M,) above 0
} PctLinearDecoder;

// Allocates the arrays, zeroed (response_scale: 1). FALSE with PCT_ERROR_MEMORY; call clear in any case.
gboolean pct_linear_decoder_init(PctLinearDecoder *self, const PctDecoderClass *klass, int n_neurons, int height,
                                 int width, GError **error);
// Means, scales and mean image of the train tier; a neuron that is silent there has scale 1.
void pct_linear_decoder_set_statistics(PctLinearDecoder *self, const PctStatistics *statistics);
void pct_linear_decoder_clear(PctLinearDecoder *self);

// out (n,M) = z-scores of responses (n,M); out may be responses.
void pct_linear_decoder_standardise(const PctLinearDecoder *self, const float *responses, gsize n, float *out,
                                    PctPool *pool);

gboolean pct_linear_decoder_reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged,
                                        const float *z, float *images, const PctRun *run, GError **error);
PctDecoderSession *pct_linear_decoder_session_new(const PctDecoder *decoder, PctPool *pool);
gboolean pct_linear_decoder_pullback(const PctDecoder *decoder, const float *responses, double n_averaged,
                                     const float *z, const float *cotangent, float *out, const PctRun *run,
                                     GError **error);

// Tensors weight (M,H,W), mean_image (H,W), response_mean (M,), response_scale (M,).
void pct_linear_decoder_save(const PctDecoder *decoder, PctTensors *tensors);
// Initialises self from tensors. FALSE with PCT_ERROR_FORMAT, _SHAPE or _MEMORY; call clear in any case.
gboolean pct_linear_decoder_load(PctLinearDecoder *self, const PctDecoderClass *klass, const PctTensors *tensors,
                                 GError **error);
