// SPDX-License-Identifier: GPL-3.0-or-later
// What an encoder holds a neuron's receptive field to be: the derivative of its rate by the image, at flat grey. Exact
// for a linear encoder; nearly nothing for a complex cell, whatever it sees.
#pragma once
#include "encode/encoder.h"

// Of n neurons: gradients (n,H,W), rate a grey level; rates (n,), may be NULL: the rates at that grey. grey: level of
// the flat image, 0..255; the train images' mean is what is usually meant. FALSE with PCT_ERROR_CANCELLED or _MEMORY.
gboolean pct_gradient_fields(const PctEncoder *encoder, double grey, const int *neurons, gsize n, float *gradients,
                             float *rates, const PctRun *run, GError **error);
