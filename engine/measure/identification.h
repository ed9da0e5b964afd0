// SPDX-License-Identifier: GPL-3.0-or-later
// Two-way identification: does a reconstruction correlate better with its own original than with another's? Chance is a
// half. All correlations at once: a matrix product of standardised pictures.
#pragma once
#include "measure/score.h"

// out (set->n,): the share of the set's other rows, those of the same image left out, whose original the reconstruction
// (n,H,W) correlates with less than with its own; a tie counts half. NAN where there is no other image.
// FALSE with PCT_ERROR_MEMORY or _CANCELLED.
gboolean pct_identification(const PctScoreSet *set, const float *reconstructions, PctWindow window, float *out,
                            const PctRun *run, GError **error);

// Rows (n,k) to mean 0 and length 1, in place; a flat row becomes zeros.
void pct_standardise_rows(float *rows, gsize n, gsize k, PctPool *pool);
