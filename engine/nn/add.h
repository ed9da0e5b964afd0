// SPDX-License-Identifier: GPL-3.0-or-later
// For operations through which a gradient passes as it is.
#pragma once
#include <glib.h>
#include "base/parallel.h"

// out (n,) = beta out + in; beta is 0 (out is not read) or 1.
void pct_accumulate(PctPool *pool, float *out, const float *in, gsize n, float beta);
