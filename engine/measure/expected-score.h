// SPDX-License-Identifier: GPL-3.0-or-later
// What a ridge regression reaches with so many neurons and train images, from a table that was measured once on
// simulated responses of mouse V1: PixCorr over the full frame, single trials. It says what is usual for a size, never
// what an area or an animal can give: reliability, receptive fields and images differ.
#pragma once
#include <glib.h>

// The median over neurons of the table's recording of a trial's correlation with the mean of the image's other trials.
#define PCT_EXPECTED_RELIABILITY 0.232

// The sizes that were measured, ascending: *n of them. Borrowed.
const int *pct_expected_get_neurons(guint *n);
const int *pct_expected_get_images(guint *n);

// Interpolated in the logarithms of both sizes and of the score (both at least 1); beyond the table, what its edge has,
// and *inside (may be NULL) is FALSE.
double pct_expected_pixcorr(double n_neurons, double n_images, gboolean *inside);
