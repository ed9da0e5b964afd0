// SPDX-License-Identifier: GPL-3.0-or-later
// What is told of a score: every mean with its 95 % interval over images (measure/bootstrap.h), by frame and measure, and
// the same as the columns of a table, whose names every file and report shares.
#pragma once
#include "measure/bootstrap.h"
#include "measure/score.h"

typedef struct {
  double mean[PCT_N_FRAMES][PCT_N_MEASURES];
  PctInterval interval[PCT_N_FRAMES][PCT_N_MEASURES];
} PctScoreSummary;

// images (score->n,) as in the set. Identification is drawn as it is: each picture with the share it was found by.
void pct_score_summarise(const PctScore *score, const int *images, PctScoreSummary *out, PctPool *pool);
// All NAN.
void pct_score_summary_clear(PctScoreSummary *summary);

// Columns: for each frame and measure the mean ("mse_full") and the interval's limits ("mse_full_low", "mse_full_high").
#define PCT_N_SCORE_COLUMNS (PCT_N_FRAMES * PCT_N_MEASURES * 3)
// Free with g_free.
char *pct_score_column_dup_name(guint column);
double pct_score_summary_get_column(const PctScoreSummary *summary, guint column);
void pct_score_summary_set_column(PctScoreSummary *summary, guint column, double value);
