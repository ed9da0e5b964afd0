// SPDX-License-Identifier: GPL-3.0-or-later
// What stands where something is not known yet: a sentence that says why, a button that has it made, and, while a job
// makes it, how far it is.
#pragma once
#include <gtk/gtk.h>
#include "work/job.h"

G_BEGIN_DECLS

#define PCT_TYPE_OFFER (pct_offer_get_type())
G_DECLARE_FINAL_TYPE(PctOffer, pct_offer, PCT, OFFER, GtkWidget)

// horizontal: one line, sentence and button beside one another.
GtkWidget *pct_offer_new(gboolean horizontal);
// Shows the sentence; button NULL: none. action: detailed, "neurons.make-meis".
void pct_offer_say(PctOffer *self, const char *sentence, const char *button, const char *action);
const char *pct_offer_get_sentence(PctOffer *self);
// Follows the job's progress instead of the button until it is over; NULL: none. Referenced.
void pct_offer_follow(PctOffer *self, PctJob *job);

G_END_DECLS
