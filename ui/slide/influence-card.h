// SPDX-License-Identifier: GPL-3.0-or-later
// Who makes the marked region of the reconstruction, or all of it? The strongest neurons by a measure of choice
// (work/slide-influence.h), to be pinned. It computes while it is in sight.
#pragma once
#include "picture-view.h"
#include "selection.h"
#include "work/slide-influence.h"

G_BEGIN_DECLS

#define PCT_TYPE_INFLUENCE_CARD (pct_influence_card_get_type())
G_DECLARE_FINAL_TYPE(PctInfluenceCard, pct_influence_card, PCT, INFLUENCE_CARD, GtkWidget)

GtkWidget *pct_influence_card_new(PctProject *project, PctSelection *selection, PctSlide *slide);
// Once, when the page is made: adds the commands to its group "slide", their keys to the page, and marks the region on
// its picture.
void pct_influence_card_attach(PctInfluenceCard *self, GtkWidget *page, GSimpleActionGroup *actions,
                               PctPictureView *picture);

// For tests. Borrowed.
PctSlideInfluence *pct_influence_card_get_influence(PctInfluenceCard *self);
// The neuron in a row, -1: the row is empty.
int pct_influence_card_get_neuron(PctInfluenceCard *self, int row);

G_END_DECLS
