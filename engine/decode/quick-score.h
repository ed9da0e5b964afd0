// SPDX-License-Identifier: GPL-3.0-or-later
// A first honest score of a recording, in seconds: ridge regression (decode/ridge.h) fitted with its defaults, beside
// the floors that anything must beat: the mean image, the nearest neighbour, and the same ridge on the wrong responses.
// Nothing is kept but the figures. Single trials and means over repeats are two scores, as everywhere.
#pragma once
#include "measure/score-summary.h"

typedef enum {
  PCT_QUICK_MEAN_IMAGE,
  PCT_QUICK_NEAREST_NEIGHBOUR,
  PCT_QUICK_SHUFFLED,
  PCT_QUICK_RIDGE,
} PctQuickRow;
#define PCT_N_QUICK_ROWS 4
const char *pct_quick_row_get_name(PctQuickRow row);   // "mean-image": not translated
const char *pct_quick_row_get_title(PctQuickRow row);  // translated

typedef struct {
  PctTier tier;             // scored: test, or validation where there are no test trials; the penalty was chosen on it
  gboolean recorded_means;  // the recording's responses are means over repeats
  gboolean modes[2];        // single trials, means (measure/score.h); those that are not there are all NAN
  int n_pictures[2], most_repeats[2];
  PctScoreSummary rows[2][PCT_N_QUICK_ROWS];
} PctQuickScore;

// Seconds it takes about, at the pace of two cores of a usual computer: to tell a moment from a coffee break.
double pct_quick_score_estimate(const PctRecording *recording);

// NULL with PCT_ERROR_UNSUPPORTED (there is neither a test nor a validation tier, or too few train images to choose the
// penalty on), _DIVERGED (responses that do not vary), _MEMORY or _CANCELLED.
PctQuickScore *pct_quick_score_new(const PctRecording *recording, const PctStatistics *statistics, const PctRun *run,
                                   GError **error);
void pct_quick_score_free(PctQuickScore *score);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctQuickScore, pct_quick_score_free)
