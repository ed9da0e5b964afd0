// SPDX-License-Identifier: GPL-3.0-or-later
// A counter-based random generator (Philox 4x32-10; Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
// Number i of stream s under a seed is a function of (seed, s, i) alone: no hidden state to save, any thread may compute
// any part, and a resumed training draws what it would have drawn. A PctRandom is a cursor into one stream.
#pragma once
#include <glib.h>

typedef struct {
  guint64 seed, stream, index;
} PctRandom;

PctRandom pct_random(guint64 seed, guint64 stream);

guint32 pct_random_next(PctRandom *random);                        // 0 .. 2^32-1
double pct_random_uniform(PctRandom *random);                      // 0 <= x < 1
guint32 pct_random_below(PctRandom *random, guint32 n);            // 0 <= x < n, unbiased; n > 0
double pct_random_normal(PctRandom *random);                       // mean 0, variance 1
void pct_random_permutation(PctRandom *random, guint32 *order, guint32 n);  // order becomes a permutation of 0..n-1

// Arrays without a cursor: element i depends on (seed, stream, i) alone, whoever computes it.
void pct_random_fill_normal(float *out, gsize n, guint64 seed, guint64 stream);
void pct_random_fill_uniform(float *out, gsize n, guint64 seed, guint64 stream);
