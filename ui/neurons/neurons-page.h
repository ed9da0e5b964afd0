// SPDX-License-Identifier: GPL-3.0-or-later
// The page of all neurons: what drives each, where it is, and how well it is known. A filter, two maps and a sorted grid
// or table lead to one neuron, which is shown closely; any number can be pinned for the Slide page.
#pragma once
#include <gtk/gtk.h>
#include "neurons/neuron-grid.h"
#include "neurons/neuron-pane.h"
#include "neurons/neuron-side.h"
#include "selection.h"

G_BEGIN_DECLS

#define PCT_TYPE_NEURONS_PAGE (pct_neurons_page_get_type())
G_DECLARE_FINAL_TYPE(PctNeuronsPage, pct_neurons_page, PCT, NEURONS_PAGE, GtkWidget)

// Neurons pinned at once by an action; a slider each is more than a hand can hold long before.
#define PCT_MOST_PINNED 64

GtkWidget *pct_neurons_page_new(PctProject *project, PctSelection *selection);
// The percept-cli commands that make what it shows anew, one a line (HACKING.md). NULL with G_IO_ERROR_NOT_SUPPORTED:
// there are none, one sentence why. Free with g_free.
char *pct_neurons_page_dup_command(GtkWidget *page, GError **error);

// All borrowed: for tests and measurements.
PctNeurons *pct_neurons_page_get_neurons(PctNeuronsPage *self);
PctNeuronList *pct_neurons_page_get_list(PctNeuronsPage *self);
PctNeuronGrid *pct_neurons_page_get_grid(PctNeuronsPage *self);
PctNeuronSide *pct_neurons_page_get_side(PctNeuronsPage *self);
PctNeuronPane *pct_neurons_page_get_pane(PctNeuronsPage *self);
// What stands above the neurons for want of an encoder or of MEIs; NULL: nothing is missing.
const char *pct_neurons_page_get_offer(PctNeuronsPage *self);

G_END_DECLS
