// SPDX-License-Identifier: GPL-3.0-or-later
// Where a Gabor fit begins: a bank of quadrature pairs over sizes, frequencies, orientations and places, each held
// against the responses of every neuron. A pair says three things of an image: its even and odd answer, of which a
// simple cell of any phase is a linear mixture (the best one follows from a 2 x 2 system), and its energy. So one
// matrix product for what the bank answers to all images, and one for what that has to do with all responses.
#pragma once
#include "encode/gabor-levels.h"

typedef enum {
  PCT_GABOR_SIMPLE,  // h = max(0, G.(image - mean image))
  PCT_GABOR_ENERGY,  // h = sqrt of the sum of squares of G at its phase and a quarter cycle on
} PctGaborKind;
#define PCT_GABOR_N_KINDS 2

#define PCT_GABOR_N_STARTS 2

typedef struct {
  double score;  // sum of squares explained, over that of the z-scored responses' trials; -1: there is none
  PctGabor gabor;
} PctGaborStart;

// starts (M, kinds, PCT_GABOR_N_STARTS), best first, each of another size. Reports steps of the bank. FALSE with
// PCT_ERROR_MEMORY or _CANCELLED.
gboolean pct_gabor_bank_search(const PctGaborLevels *levels, const PctTierMeans *means, int height, int width,
                               PctGaborStart *starts, const PctRun *run, GError **error);
