// SPDX-License-Identifier: GPL-3.0-or-later
// Images that tiers share: a decoder that was trained on an image and is tested on it is tested on what it knows.
// Copies are images with the same pixels, whatever their numbers (an image that is shown in two tiers is its own copy).
// Held-out images that only look like a train image are told of apart: crops, re-encodings, neighbouring frames of a
// film.
#pragma once
#include "base/run.h"
#include "data/recording.h"

typedef struct {
  int image, other;
  PctTier tier, other_tier;
  double correlation;  // of their pixels; 1 for copies
} PctImagePair;

#define PCT_N_IMAGE_PAIRS 8
// Images alike correlate more than this, over cells of pixels.
#define PCT_ALIKE 0.98

typedef struct {
  int n_copies;  // images with the same pixels as one of a lower number
  // [a][b]: images that trials of tier a show, whose pixels trials of tier b show too. The diagonal is 0.
  int n_shared[PCT_N_TIERS][PCT_N_TIERS];
  int n_pairs;                             // examples of those: test and train first, then validation and train
  PctImagePair pairs[PCT_N_IMAGE_PAIRS];
  int n_alike;                             // images of validation and test, no copies, that are like a train image
  PctImagePair alike[PCT_N_IMAGE_PAIRS];   // the most alike of those, MIN(n_alike, PCT_N_IMAGE_PAIRS)
} PctDuplicates;

// Images are compared as they are for copies, and for likeness as at most 1,024 cells' means, standardised.
// NULL with PCT_ERROR_MEMORY or _CANCELLED.
PctDuplicates *pct_duplicates_new(const PctRecording *recording, const PctRun *run, GError **error);
void pct_duplicates_free(PctDuplicates *duplicates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctDuplicates, pct_duplicates_free)
