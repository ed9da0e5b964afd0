// SPDX-License-Identifier: GPL-3.0-or-later
// A decoder's pictures of a score set and their score: what percept-cli score, the Compare page and a training's
// validation all call, so that a figure is computed in one way only. z = 0.
#pragma once
#include "decode/decoder.h"
#include "measure/score.h"

// Whether it decodes a recording of so many neurons and pixels; else FALSE with PCT_ERROR_SHAPE.
gboolean pct_decoder_check_fits(const PctDecoder *decoder, int n_neurons, int height, int width, GError **error);

// images (set->n,H,W): each row decoded as the mean of as many trials as it is. FALSE with PCT_ERROR_SHAPE (the decoder
// is for another number of neurons or another frame), _CANCELLED or _MEMORY.
gboolean pct_decoder_reconstruct_set(const PctDecoder *decoder, const PctScoreSet *set, float *images,
                                     const PctRun *run, GError **error);

// The same, scored. images (set->n,H,W) gets the pictures, or NULL.
PctScore *pct_decoder_score(const PctDecoder *decoder, const PctScoreSet *set, float *images, const PctRun *run,
                            GError **error);
