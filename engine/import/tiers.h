// SPDX-License-Identifier: GPL-3.0-or-later
// Tiers by image: all trials of equal pictures are in one tier, or what is tested would have been learned.
#pragma once
#include <glib.h>
#include "data/recording.h"

typedef struct {
  double test, validation;     // shares: of the images, of those that are not for testing
  gboolean repeats_to_test;
  guint64 seed;
} PctTierShares;

// tier (n_images,): of each image. same (n_images,): a number that equal pictures share, of one of them; n_trials
// (n_images,): how often each was shown, at least once. Repeated images become the test tier if at least half of the
// images are left (and no others join them, if they are ten or as many as the share); else the share is drawn, repeated
// ones not before others. Where there are three different images, no tier of a share is empty.
void pct_tiers_draw(guint8 *tier, const gint32 *same, const int *n_trials, int n_images, const PctTierShares *shares);
// Moves a share of the train images (equal pictures together) to validation; what other tiers have stays.
void pct_tiers_draw_validation(guint8 *tier, const gint32 *same, int n_images, double share, guint64 seed);
// "training", "final_test", "live_test_main", "oracle": the tier that a name means. FALSE: none.
gboolean pct_tier_from_any_name(const char *name, PctTier *tier);
