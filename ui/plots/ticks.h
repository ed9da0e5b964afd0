// SPDX-License-Identifier: GPL-3.0-or-later
// Where an axis carries its numbers: multiples of 1, 2 or 5 times a power of ten, or on a logarithmic axis the powers
// of ten (and 2 and 5 times them where there is room). Invariant: ticks lie inside the range that was asked for.
#pragma once
#include <glib.h>

#define PCT_MAX_TICKS 12

typedef struct {
  int n;
  double at[PCT_MAX_TICKS];
  int decimals;  // that tell neighbouring ticks apart; -1: print as %g
} PctTicks;

// At most most (2..PCT_MAX_TICKS) ticks in [minimum, maximum]; a logarithmic range must be positive.
PctTicks pct_ticks(double minimum, double maximum, int most, gboolean logarithmic);

// The tick's number as text; free with g_free. Minus is U+2212.
char *pct_ticks_dup_label(const PctTicks *ticks, int i);

// A range widened to what the data need: never empty, finite. Values that are not finite are passed over.
void pct_range_add(double *minimum, double *maximum, double value);
