// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps: what the neuron in hand, two of them, or another image's responses do to the picture, as a film strip that
// can be played, stepped along and saved (work/slide-sweep.h). Playing touches nobody's responses: it lends its
// picture to the stage (pct_sweep_card_get_picture), which has its own back when it stops; a click or Enter on a
// picture is what sets responses. So undo knows of what a person chose and not of every frame that went by, and
// nothing that follows the responses has to keep up with a film.
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "work/slide-sweep.h"

G_BEGIN_DECLS

#define PCT_TYPE_SWEEP_CARD (pct_sweep_card_get_type())
G_DECLARE_FINAL_TYPE(PctSweepCard, pct_sweep_card, PCT, SWEEP_CARD, GtkWidget)

// actions: the page's group "slide"; the card's commands are in it as long as the card lives:
// sweep-mode (state: alone, companions, grid, walk, repeats, exchange), sweep-neuron i, sweep-other i, sweep-image i,
// sweep-steps i, sweep-columns i, sweep-range (dd), sweep-observed, sweep-latent (state: fixed, redrawn, averaged),
// sweep-take i, sweep-previous, sweep-next, sweep-play (state), sweep-stop, sweep-rate d, sweep-export, sweep-save s.
GtkWidget *pct_sweep_card_new(PctProject *project, PctSelection *selection, PctSlide *slide, GActionMap *actions);

// Property "frame" notifies: the picture that is played, and what it is of; NULL: none is, the stage has its own.
// Borrowed until the next notify.
PctPicture *pct_sweep_card_get_picture(PctSweepCard *self);
const char *pct_sweep_card_get_frame_text(PctSweepCard *self);

// For tests. Borrowed.
PctSlideSweep *pct_sweep_card_get_sweep(PctSweepCard *self);

G_END_DECLS
