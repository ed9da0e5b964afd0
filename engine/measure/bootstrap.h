// SPDX-License-Identifier: GPL-3.0-or-later
// How sure a mean over pictures is: percentile intervals of the bootstrap (Efron & Tibshirani 1993, chapter 13) over
// IMAGES. What is drawn, with replacement, is an image with all its pictures, since the trials of one image are not
// independent of each other. Resample b depends on the seed and b alone, so that the bits are the same on any number of
// threads, and whatever is measured on the same images is drawn alike: differences between models may be looked at too.
#pragma once
#include <glib.h>
#include <math.h>
#include "base/parallel.h"

typedef struct {
  double low, high;  // NAN: unknown
} PctInterval;
#define PCT_INTERVAL_UNKNOWN ((PctInterval){ NAN, NAN })

#define PCT_BOOTSTRAP_RESAMPLES 2000
#define PCT_BOOTSTRAP_SEED 1

// The mean of every column over n_resamples draws of as many images as there are: out (n_columns, n_resamples). columns
// (n_columns) of (n,), a value a picture; one that is not finite is no picture. images (n,): which image each is of. A
// mean is over pictures, so that an image shown more often weighs more; NAN where a draw holds no picture.
void pct_bootstrap_means(const float *const *columns, gsize n_columns, const int *images, gsize n, guint64 seed,
                         gsize n_resamples, double *out, PctPool *pool);

// What 95 % of the finite values (n,), sorted in place, lie between: the 2.5th and 97.5th percentiles, interpolated
// linearly. Unknown where none is finite.
PctInterval pct_bootstrap_interval(double *values, gsize n);

// The two above with the usual seed and number of resamples: out (n_columns,). Unknown for a column that has values of
// fewer than two images.
void pct_bootstrap_intervals(const float *const *columns, gsize n_columns, const int *images, gsize n, PctInterval *out,
                             PctPool *pool);
