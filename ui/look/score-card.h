// SPDX-License-Identifier: GPL-3.0-or-later
// The first score of a recording: a ridge regression beside its floors, single trials and means over repeats apart,
// with their 95 % intervals. Before it is there: how far it is, or a button that starts it.
#pragma once
#include <gtk/gtk.h>
#include "work/look.h"

G_BEGIN_DECLS

#define PCT_TYPE_SCORE_CARD (pct_score_card_get_type())
G_DECLARE_FINAL_TYPE(PctScoreCard, pct_score_card, PCT, SCORE_CARD, GtkWidget)

// Follows the look by itself.
GtkWidget *pct_score_card_new(PctLook *look);
// "table", "running" or "start": what is shown.
const char *pct_score_card_get_state(PctScoreCard *self);

G_END_DECLS
