// SPDX-License-Identifier: GPL-3.0-or-later
// The response-weighted sum of most exciting inputs, exactly as the report writes it, or brought to grey levels; and
// of other pictures in their place, which tells whether it is the MEIs that make it fail.
#pragma once
#include "decode/decoder.h"

extern const PctDecoderClass pct_mei_sum_class;
