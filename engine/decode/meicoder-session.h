// SPDX-License-Identifier: GPL-3.0-or-later
// A live session of a meicoder: one response more or less moves the context by one neuron's share, an outer product, and
// the features by one row; both are kept in double, so that rounding does not add up over a long drag.
#pragma once
#include "decode/meicoder.h"

// PctDecoderClass.session_new.
PctDecoderSession *pct_meicoder_session_new(const PctDecoder *decoder, PctPool *pool);
