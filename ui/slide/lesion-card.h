// SPDX-License-Identifier: GPL-3.0-or-later
// What the picture owes to neurons: its quality against how many of them are silenced (or are left, all others silenced),
// beside random ones, live for the image in hand and by a job for a whole tier, with the result in a sentence. Its commands,
// in the page's group "slide": lesion-of (state "pinned", "area" or "first"), lesion-others, lesion-central (states b), lesion-most
// (i), lesion-area (iiii: left column, upper row, width, height), lesion-measure (state "pixcorr", "ssim", "mse"), lesion-tier (sb: tier, averaged), cancel-lesion, save-lesion (s:
// the path of a CSV) and export-lesion, which asks where.
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "work/slide-influence.h"
#include "work/slide-lesion.h"

G_BEGIN_DECLS

#define PCT_TYPE_LESION_CARD (pct_lesion_card_get_type())
G_DECLARE_FINAL_TYPE(PctLesionCard, pct_lesion_card, PCT, LESION_CARD, GtkWidget)

// actions: the page's group.
GtkWidget *pct_lesion_card_new(PctProject *project, PctSelection *selection, PctSlide *slide, GSimpleActionGroup *actions);
// From now on the first are those of most influence, as long as there is such a ranking, and the area is the region that is
// marked for it. influence: followed while the card lives.
void pct_lesion_card_follow(PctLesionCard *self, PctSlideInfluence *influence);
// For tests. Borrowed.
PctSlideLesion *pct_lesion_card_get_lesion(PctLesionCard *self);
// The tier's measurement under way; NULL: none. Borrowed.
PctJob *pct_lesion_card_get_job(PctLesionCard *self);
// What it says of the result; "" before there is one. Borrowed.
const char *pct_lesion_card_get_sentence(PctLesionCard *self);

G_END_DECLS
