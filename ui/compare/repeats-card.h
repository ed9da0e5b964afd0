// SPDX-License-Identifier: GPL-3.0-or-later
// What a decoder gains from repeats: its score against the number of trials averaged, what that comes to in the limit of
// infinitely many, and how alike its pictures of two halves of the repeats are. It is measured when the card is made;
// where nothing was repeated, a sentence says so.
#pragma once
#include <gtk/gtk.h>
#include "work/repeats.h"
#include "work/scores.h"

G_BEGIN_DECLS

#define PCT_TYPE_REPEATS_CARD (pct_repeats_card_get_type())
G_DECLARE_FINAL_TYPE(PctRepeatsCard, pct_repeats_card, PCT, REPEATS_CARD, GtkWidget)

// model: a finished decoder of the project.
GtkWidget *pct_repeats_card_new(PctProject *project, PctModel *model, PctTier tier);
void pct_repeats_card_show(PctRepeatsCard *self, PctFrame frame, PctMeasure measure);
// NULL: there is nothing to measure. Borrowed.
PctJob *pct_repeats_card_get_job(PctRepeatsCard *self);

G_END_DECLS
