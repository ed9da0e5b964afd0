// SPDX-License-Identifier: GPL-3.0-or-later
// Who was there: trials and images by tier, repeats, images that nobody saw, and neurons that never answer. What is
// counted of a tier is counted of its own trials: an image that two tiers share counts in both.
#pragma once
#include "data/recording.h"
#include "data/statistics.h"

typedef struct {
  int n_trials, n_images;
  int least_repeats, most_repeats;  // trials of the tier an image; 0 where it has none
  int n_repeated;                   // images that it shows more than once
} PctTierCensus;

typedef struct {
  PctTierCensus tiers[PCT_N_TIERS];
  int n_unshown, *unshown;    // (n_unshown,) images that no trial showed; none where trials were filtered
  int n_constant, *constant;  // (n_constant,) neurons with one and the same response in every trial
  int n_silent, *silent;      // (n_silent,) others, with one and the same response in every train trial
} PctCensus;

// statistics: the recording's.
PctCensus *pct_census_new(const PctRecording *recording, const PctStatistics *statistics);
void pct_census_free(PctCensus *census);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctCensus, pct_census_free)

// The tier whose repeats say most of the neurons: the first of test, validation and train that shows an image twice.
// FALSE if none does.
gboolean pct_census_find_repeats(const PctCensus *census, PctTier *tier);
