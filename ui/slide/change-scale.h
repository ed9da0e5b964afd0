// SPDX-License-Identifier: GPL-3.0-or-later
// The scale of a change between two pictures: a round number of grey levels, so that the colours stay what they are while a
// slider moves.
#pragma once
#include "work/picture.h"

// out (H,W) = after - before, grey levels; both of one size.
void pct_change_compute(const PctPicture *after, const PctPicture *before, float *out);
// The least of 1, 2, 5, 10, 20, 50 ... that no pixel of change (n,) exceeds.
double pct_change_limit(const float *change, gsize n);
// "±20"; grey levels. Free with g_free.
char *pct_change_scale_text(double limit);
