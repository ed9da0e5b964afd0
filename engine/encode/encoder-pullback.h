// SPDX-License-Identifier: GPL-3.0-or-later
// Forward and back through an encoder, a batch of images at a time: their rates, then the derivative by the images of
// any weighted sum of all rates. Memory is planned once, so that who descends allocates nothing a step. One thread at a
// time; the encoder is borrowed.
#pragma once
#include "encode/encoder.h"

typedef struct _PctEncoderPullback PctEncoderPullback;

// NULL with PCT_ERROR_MEMORY.
PctEncoderPullback *pct_encoder_pullback_new(const PctEncoder *encoder, int max_batch, PctPool *pool, GError **error);
void pct_encoder_pullback_free(PctEncoderPullback *pullback);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctEncoderPullback, pct_encoder_pullback_free)

// Of images (n,H,W), grey levels, n at most max_batch: rates (n,M), units of the neuron's scale.
void pct_encoder_pullback_forward(PctEncoderPullback *pullback, const float *images, gsize n, float *rates);
// After a forward pass, with its n; cotangents (n,M). gradients (n,H,W) = sum over neurons of cotangent times the
// derivative of the rate by the image (a grey level).
void pct_encoder_pullback_backward(PctEncoderPullback *pullback, const float *cotangents, gsize n, float *gradients);
