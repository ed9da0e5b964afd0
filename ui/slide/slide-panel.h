// SPDX-License-Identifier: GPL-3.0-or-later
// The side of the Slide page: find neurons, the pinned ones with their sliders, what to do with them, and who makes the
// region marked on the picture. The pins are the selection's, the responses are PctSlide's; the panel keeps its rows in step with both.
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "slide/influence-card.h"
#include "slide/neuron-row.h"
#include "slide/neuron-search.h"
#include "work/slide.h"

G_BEGIN_DECLS

#define PCT_TYPE_SLIDE_PANEL (pct_slide_panel_get_type())
G_DECLARE_FINAL_TYPE(PctSlidePanel, pct_slide_panel, PCT, SLIDE_PANEL, GtkWidget)

// Its buttons activate the actions of the page's group "slide".
GtkWidget *pct_slide_panel_new(PctProject *project, PctSelection *selection, PctSlide *slide);

// Another image, trial or recorded value: ranges, ticks and values anew.
void pct_slide_panel_update_base(PctSlidePanel *self);
// The row of a pinned neuron; NULL if it is not pinned. Borrowed.
PctNeuronRow *pct_slide_panel_find(PctSlidePanel *self, int neuron);
// At the end of the heading's line, e.g. undo and redo; and a line between the list and the buttons.
void pct_slide_panel_add_to_heading(PctSlidePanel *self, GtkWidget *widget);
void pct_slide_panel_add_below(PctSlidePanel *self, GtkWidget *widget);
// A sentence below the search; NULL: none.
void pct_slide_panel_say(PctSlidePanel *self, const char *note);
// Who makes the marked region. Borrowed.
PctInfluenceCard *pct_slide_panel_get_influence(PctSlidePanel *self);
// Where to type a number.
void pct_slide_panel_focus_search(PctSlidePanel *self);

G_END_DECLS
