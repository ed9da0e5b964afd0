// SPDX-License-Identifier: GPL-3.0-or-later
// Take hold of neurons and watch the picture change. The page shows the selection's image as the selection's model
// draws it, beside the original and the change against the recorded responses. Every command is an action of the group
// "slide".
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "slide/neuron-row.h"
#include "picture-view.h"
#include "slide/slide-memory.h"
#include "work/slide.h"

G_BEGIN_DECLS

#define PCT_TYPE_SLIDE_PAGE (pct_slide_page_get_type())
G_DECLARE_FINAL_TYPE(PctSlidePage, pct_slide_page, PCT, SLIDE_PAGE, GtkWidget)

GtkWidget *pct_slide_page_new(PctProject *project, PctSelection *selection);
// The percept-cli commands that make what it shows anew, one a line (HACKING.md). NULL with G_IO_ERROR_NOT_SUPPORTED:
// there are none, one sentence why. Free with g_free.
char *pct_slide_page_dup_command(GtkWidget *page, GError **error);

// For tests and measurements. Borrowed; the row is NULL if the neuron is not pinned.
PctProject *pct_slide_page_get_project(PctSlidePage *self);
PctSelection *pct_slide_page_get_selection(PctSlidePage *self);
PctSlide *pct_slide_page_get_slide(PctSlidePage *self);
PctNeuronRow *pct_slide_page_find_row(PctSlidePage *self, int neuron);
PctPictureView *pct_slide_page_get_reconstruction_view(PctSlidePage *self);
// The page's commands, e.g. for their states. Borrowed.
GActionGroup *pct_slide_page_get_actions(PctSlidePage *self);
// Grey levels of full colour in the change map; 0: nothing was changed.
double pct_slide_page_get_change_limit(PctSlidePage *self);
PctSlideMemory *pct_slide_page_get_memory(PctSlidePage *self);
// "sweep", "neuron", "lesions"; NULL: there is none of this name.
GtkWidget *pct_slide_page_get_card(PctSlidePage *self, const char *name);

G_END_DECLS
