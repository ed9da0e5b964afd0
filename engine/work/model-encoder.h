// SPDX-License-Identifier: GPL-3.0-or-later
// The encoder of a model, loaded from its folder when somebody first needs it and kept: shared by the model and by the
// requests and jobs that use it, whichever thread they run in. For work/ itself.
#pragma once
#include "encode/encoder.h"
#include "work/kept.h"

typedef PctKept PctModelEncoder;

// What the recording wants of it: height x width pixels to n_neurons responses. Given back with pct_kept_unref.
PctModelEncoder *pct_model_encoder_new(const char *folder, int n_neurons, int height, int width);

// One that was just fitted need not be read back.
void pct_model_encoder_set(PctModelEncoder *self, PctEncoder *encoder);
// A new reference; waits if another thread is loading it. NULL with the errors of pct_encoder_folder_load, or
// PCT_ERROR_SHAPE.
PctEncoder *pct_model_encoder_get(PctModelEncoder *self, GError **error);
