// SPDX-License-Identifier: GPL-3.0-or-later
// Normal noise by the million, for training: what base/random.h does, in single precision and vectorised. The numbers are
// others than pct_random_fill_normal's; they too depend on seed, stream and place alone, not on the threads. Beyond 6.6
// standard deviations there are none.
#pragma once
#include "base/parallel.h"

// out (n,) N(0,1). pool may be NULL.
void pct_fast_noise(float *out, gsize n, guint64 seed, guint64 stream, PctPool *pool);
