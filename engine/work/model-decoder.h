// SPDX-License-Identifier: GPL-3.0-or-later
// The decoder of a model, loaded from its folder when somebody first needs it and kept: shared by the model and by the
// requests and jobs that draw with it, whichever thread they run in. For work/ itself.
#pragma once
#include "decode/decoder.h"
#include "work/kept.h"

typedef PctKept PctModelDecoder;

// What the recording wants of it: n_neurons responses, height x width pixels. Given back with pct_kept_unref.
PctModelDecoder *pct_model_decoder_new(const char *folder, int n_neurons, int height, int width);

// One that was just fitted need not be read back.
void pct_model_decoder_set(PctModelDecoder *self, PctDecoder *decoder);
// A new reference; waits if another thread is loading it. NULL with the errors of pct_decoder_load, or PCT_ERROR_SHAPE.
PctDecoder *pct_model_decoder_get(PctModelDecoder *self, GError **error);
