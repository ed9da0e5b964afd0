// SPDX-License-Identifier: GPL-3.0-or-later
// A badge that says which tier a picture is from. Every picture of an image has one: a reconstruction of an image that
// the decoder was fitted on proves nothing, so held-out tiers alone are coloured, and the word stands there too.
#pragma once
#include <gtk/gtk.h>
#include "work/project.h"

G_BEGIN_DECLS

#define PCT_TYPE_TIER_BADGE (pct_tier_badge_get_type())
G_DECLARE_FINAL_TYPE(PctTierBadge, pct_tier_badge, PCT, TIER_BADGE, GtkWidget)

GtkWidget *pct_tier_badge_new(void);
void pct_tier_badge_set_tier(PctTierBadge *self, PctTier tier);
// For an image that no trial showed.
void pct_tier_badge_clear(PctTierBadge *self);

// The tier of an image of the project; cleared for -1 and for one that no trial showed.
void pct_tier_badge_set_image(PctTierBadge *self, PctProject *project, int image);

// "Train", "Validation", "Test": translated, for pills and labels.
const char *pct_tier_get_title(PctTier tier);

G_END_DECLS
