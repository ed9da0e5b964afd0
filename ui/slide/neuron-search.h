// SPDX-License-Identifier: GPL-3.0-or-later
// Finding neurons to pin: by numbers, or by a condition as on the Neurons page (work/neuron-filter.h). A condition that
// many neurons meet pins none by itself: it says how many there are and offers those that answer most.
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "work/slide.h"

G_BEGIN_DECLS

#define PCT_TYPE_NEURON_SEARCH (pct_neuron_search_get_type())
G_DECLARE_FINAL_TYPE(PctNeuronSearch, pct_neuron_search, PCT, NEURON_SEARCH, GtkWidget)

// More matches than these are not pinned at once.
#define PCT_NEURON_SEARCH_MOST 50

// Signal "pinned" (int neuron): the last of those that were asked for and are pinned now.
GtkWidget *pct_neuron_search_new(PctProject *project, PctSelection *selection, PctSlide *slide);
// Where to type.
void pct_neuron_search_focus(PctNeuronSearch *self);

// A sentence below the entry, with nothing wrong in what is typed; NULL: none.
void pct_neuron_search_say(PctNeuronSearch *self, const char *note);
// As if typed and entered; for actions and tests.
void pct_neuron_search_find(PctNeuronSearch *self, const char *text);
// What it says below; NULL: nothing. Borrowed.
const char *pct_neuron_search_get_note(PctNeuronSearch *self);

G_END_DECLS
