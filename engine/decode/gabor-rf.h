// SPDX-License-Identifier: GPL-3.0-or-later
// A Gabor receptive field for every neuron, and the picture their response-weighted sum: the report's baseline.
#pragma once
#include "decode/decoder.h"

extern const PctDecoderClass pct_gabor_rf_class;
