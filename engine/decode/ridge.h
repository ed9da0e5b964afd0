// SPDX-License-Identifier: GPL-3.0-or-later
// Pixels from z-scored responses by ridge regression: small, strong, and the yardstick every other decoder must beat.
#pragma once
#include "decode/decoder.h"

extern const PctDecoderClass pct_ridge_class;
