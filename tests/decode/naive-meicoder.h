// SPDX-License-Identifier: GPL-3.0-or-later
// meicoder's front ends as their formulas say, one neuron, trial and pixel after the other.
#pragma once
#include "decode/meicoder-network.h"

// context (batch,P,C) of z (batch,M).
void naive_meicoder_context(const PctMeicoderSizes *sizes, const PctParameters *parameters, const float *meis,
                            const float *z, int batch, double *context);
