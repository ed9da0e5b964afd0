// SPDX-License-Identifier: GPL-3.0-or-later
// How a training stands: step, seconds a step, what remains. Nothing is guessed before there is something to measure.
#pragma once
#include <gtk/gtk.h>
#include "work/job.h"

G_BEGIN_DECLS

#define PCT_TYPE_NOW_CARD (pct_now_card_get_type())
G_DECLARE_FINAL_TYPE(PctNowCard, pct_now_card, PCT, NOW_CARD, GtkWidget)

// NULL, or one that is over: the card hides.
void pct_now_card_set_job(PctNowCard *self, PctJob *job);

G_END_DECLS
