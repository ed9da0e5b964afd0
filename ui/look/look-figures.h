// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of a first look, each in a card with its words: made once the facts are there; that of what can be
// expected takes the score as well, when it comes.
#pragma once
#include "look/look-card.h"
#include "work/look.h"

G_BEGIN_DECLS

// Each NULL where the recording has nothing of the kind (no repeats, no behaviour). The look outlives the card.
GtkWidget *pct_look_reliability_card_new(PctLook *look);
GtkWidget *pct_look_noise_card_new(PctLook *look);
GtkWidget *pct_look_drift_card_new(PctLook *look);
GtkWidget *pct_look_behaviour_card_new(PctLook *look, PctBehaviour behaviour);
GtkWidget *pct_look_expected_card_new(PctLook *look);
// After the score came.
void pct_look_expected_card_update(PctLookCard *card, PctLook *look);

G_END_DECLS
