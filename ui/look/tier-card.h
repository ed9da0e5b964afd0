// SPDX-License-Identifier: GPL-3.0-or-later
// Trials, images and repeats by tier, as a small table in a card.
#pragma once
#include "look/look-card.h"
#include "work/look.h"

G_BEGIN_DECLS

GtkWidget *pct_tier_card_new(const PctFirstLook *facts);

G_END_DECLS
