// SPDX-License-Identifier: GPL-3.0-or-later
// An encoder turns images into the responses of every neuron. One core/readout code makes all kinds (ln, factorized,
// gaussian); they differ in their options. A fitted encoder is immutable: any number of threads may use it at once. It is
// fitted on the train tier, tuned on validation and never sees test. Rates are what the network gives: responses in
// units of the neuron's scale; pct_encoder_predict multiplies them into the recording's units.
#pragma once
#include "encode/encoder-design.h"
#include "model/fit.h"
#include "model/model-kind.h"
#include "nn/parameters.h"

typedef struct _PctEncoder PctEncoder;

// All kinds, in the order they are shown. *n of them.
const PctModelKind *const *pct_encoder_get_kinds(guint *n);
// NULL if there is none.
const PctModelKind *pct_encoder_find_kind(const char *name);

// NULL with an error: _CANCELLED (the last checkpoint stays), _DIVERGED, _MEMORY, _IO.
PctEncoder *pct_encoder_fit(const PctModelKind *kind, const PctFit *fit, const PctRun *run, GError **error);
PctEncoder *pct_encoder_ref(PctEncoder *encoder);
void pct_encoder_unref(PctEncoder *encoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctEncoder, pct_encoder_unref)

// To and from a model's weights.safetensors: the names and shapes of the PyTorch modules of the same design, so that
// load_state_dict takes them; what only we need is in the metadata.
void pct_encoder_save(const PctEncoder *encoder, PctTensors *tensors);
// The design is read off the arrays and the file's metadata. NULL with PCT_ERROR_FORMAT, _SHAPE or _MEMORY.
PctEncoder *pct_encoder_load(int height, int width, const PctTensors *tensors, GError **error);
// A file of weights alone, .pt or .safetensors. A .pt cannot say whether the model has nonlinearities between its layers:
// linear TRUE, it has none. height, width: of the images it will see.
// Responses have scale 1. NULL with the errors of reading, or PCT_ERROR_SHAPE.
PctEncoder *pct_encoder_open_weights(const char *path, gboolean linear, int height, int width, GError **error);

const PctEncoderDesign *pct_encoder_get_design(const PctEncoder *encoder);
// The network's parameters, named as in PyTorch (encoder-design.h says which there are). Borrowed, never to be written.
const PctParameters *pct_encoder_get_parameters(const PctEncoder *encoder);
// (M,) what a rate is multiplied by to be a response in the recording's units.
const float *pct_encoder_get_response_scale(const PctEncoder *encoder);
// The network sees (image - mean) / scale; 0 and 1 where its core normalises.
void pct_encoder_get_input(const PctEncoder *encoder, float *mean, float *scale);
// (M,2) where each neuron's readout looks, as fractional pixels (x, y) of the last layer's map; NULL for a readout that
// looks everywhere. Borrowed.
const float *pct_encoder_get_readout_points(const PctEncoder *encoder);

// images (n,H,W) grey levels; rates (n,M) >= 0 in units of the scale.
gboolean pct_encoder_compute_rates(const PctEncoder *encoder, const float *images, gsize n, float *rates,
                                   const PctRun *run, GError **error);
// The same times the scale: responses (n,M) in the recording's units.
gboolean pct_encoder_predict(const PctEncoder *encoder, const float *images, gsize n, float *responses,
                             const PctRun *run, GError **error);
// Of image i (n,H,W), the rate of neuron neurons[i]: rates (n,), and its derivative by the image: gradients (n,H,W),
// rate a grey level. rates may be NULL.
gboolean pct_encoder_compute_gradients(const PctEncoder *encoder, const float *images, const int *neurons, gsize n,
                                       float *rates, float *gradients, const PctRun *run, GError **error);
