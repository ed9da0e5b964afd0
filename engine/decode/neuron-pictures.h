// SPDX-License-Identifier: GPL-3.0-or-later
// One picture a neuron, as the basis of a weighted sum: its most exciting input, or its receptive field by an encoder,
// by its responses, or as a fitted Gabor. Of the train tier alone (validation chooses penalties and kinds of cells, as
// in encode/receptive-field.h). A neuron without a picture has zeros, and so adds nothing to a sum.
#pragma once
#include "model/fit.h"
#include "model/model-kind.h"
#include "base/run.h"

typedef enum {
  PCT_BASIS_MEI,       // PctFit.meis, grey levels
  PCT_BASIS_GRADIENT,  // of PctFit.encoder's rate at flat grey of the train images' mean; rate a grey level
  PCT_BASIS_STA,       // spike-triggered average, decorrelated; z-scored response a grey level
  PCT_BASIS_GABOR,     // the fitted cell's linear field (encode/gabor-field.h), z-scored response a grey level
} PctNeuronBasis;

// "mei", "gradient", "sta", "gabor", NULL: an option's choices, in the order above.
extern const char *const pct_neuron_basis_names[];

PctModelNeeds pct_neuron_basis_get_needs(PctNeuronBasis basis);

// pictures (M,H,W). FALSE with PCT_ERROR_UNSUPPORTED (what it is made from is not there, or not one neuron has a
// picture), _SHAPE (that is of other sizes), _CANCELLED, _MEMORY or _DIVERGED.
gboolean pct_neuron_pictures(PctNeuronBasis basis, const PctFit *fit, float *pictures, const PctRun *run,
                             GError **error);
