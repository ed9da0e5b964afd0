// SPDX-License-Identifier: GPL-3.0-or-later
// The linear minimum mean-square-error decoder, informed by an encoder: what is linear of the image in the responses,
// learned from the encoder's noiseless answers and the trials' noise (informed-features.h).
#pragma once
#include "decode/decoder.h"

extern const PctDecoderClass pct_lmmse_class;
