// SPDX-License-Identifier: GPL-3.0-or-later
// The scores of one row of a table: per picture as computed, per image for sorting, and the means' intervals. Shared by reference
// count; computed in the background lane. For work/ itself.
#pragma once
#include "work/model-decoder.h"
#include "work/opened.h"
#include "work/scores.h"

typedef struct {
  gatomicrefcount references;
  PctScore *score;
  PctScoreSummary summary;
  int *images;      // (score->n,)
  int n_images;     // of the recording
  float *by_image[PCT_N_FRAMES][PCT_N_MEASURES];  // (n_images,) means over an image's rows, NAN: not in the tier
} PctTierScores;

PctTierScores *pct_tier_scores_ref(PctTierScores *self);
void pct_tier_scores_unref(PctTierScores *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctTierScores, pct_tier_scores_unref)

// decoder: for the kinds that need one. NULL with an error.
PctTierScores *pct_tier_scores_compute(const PctOpened *opened, PctRowKind kind, PctModelDecoder *decoder, PctTier tier,
                                       gboolean averaged, const PctRun *run, GError **error);
