// SPDX-License-Identifier: GPL-3.0-or-later
// Where on the image the neurons look: how densely their receptive fields cover each pixel, 1 where they do most. Outside
// of them nothing is seen, and a reconstruction there is a guess.
#pragma once
#include "encode/encoder.h"

// out (H,W) of neurons at x, y (n,), pixels from the upper left pixel's centre, each a Gaussian of the same weight and
// of standard deviation spread (n,), pixels, one at least (NULL: 2). Whoever is nowhere (NAN) counts for nothing; where all are, out
// is zeros.
void pct_field_density_of_points(const float *x, const float *y, const float *spread, int n, int height, int width,
                                 float *out);
// The same from an encoder, for its own frame: its readout's points, as wide as a quarter of its first kernel; where its
// readout looks everywhere, the squares of at most 512 neurons' gradients at flat grey (evenly chosen), each neuron's
// adding up to the same. FALSE with PCT_ERROR_CANCELLED or _MEMORY.
gboolean pct_field_density_of_encoder(const PctEncoder *encoder, double grey, float *out, const PctRun *run,
                                      GError **error);
