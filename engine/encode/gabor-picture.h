// SPDX-License-Identifier: GPL-3.0-or-later
// The best Gabor at equal contrast: what a neuron's fitted Gabor can do as a picture of an MEI's mean and contrast, by
// the same encoder. The cells' parameters are the recording's; only the phase is the encoder's choice for an energy
// cell, whose fit has none. A simple cell is shown as fitted.
#pragma once
#include "encode/encoder.h"
#include "encode/gabor-fit.h"

// Of neuron i < n: fits[i] as a picture, pictures (n,H,W) grey levels, and what the encoder predicts for it: rates (n,)
// in units of the neuron's scale, as a PctMeiSet's activations are; phases (n,) degrees, may be NULL. Where there is no
// Gabor: flat grey of that mean with its rate, phase NAN. FALSE with PCT_ERROR_CANCELLED or _MEMORY.
gboolean pct_gabor_pictures(const PctEncoder *encoder, const int *neurons, const PctGaborFit *fits, gsize n,
                            double mean, double contrast, float *pictures, float *rates, double *phases,
                            const PctRun *run, GError **error);
