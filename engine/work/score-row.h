// SPDX-License-Identifier: GPL-3.0-or-later
// For score-table.c: how a row comes by its scores.
#pragma once
#include "work/tier-scores.h"

// model NULL for the first two kinds.
PctScoreRow *pct_score_row_new(PctRowKind kind, PctModel *model);
// Both NULL: not computed. scores: a reference is taken.
void pct_score_row_set(PctScoreRow *self, PctTierScores *scores, const char *problem);
// The job that computes it; NULL: none.
void pct_score_row_set_job(PctScoreRow *self, PctJob *job);
PctJob *pct_score_row_get_job(PctScoreRow *self);
