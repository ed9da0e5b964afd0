// SPDX-License-Identifier: GPL-3.0-or-later
// The neurons of a list as a grid of small pictures or as a table of what is known of them: two views of one list, with
// one selection of one or many. Nothing is computed to show a row: pictures come from a cache, numbers from the columns.
#pragma once
#include <gtk/gtk.h>
#include "neurons/neuron-list.h"
#include "selection.h"

G_BEGIN_DECLS

#define PCT_TYPE_NEURON_GRID (pct_neuron_grid_get_type())
G_DECLARE_FINAL_TYPE(PctNeuronGrid, pct_neuron_grid, PCT, NEURON_GRID, GtkWidget)

// The selection's neuron is the one in hand: a click in either view sets it, and setting it selects it there. Signal
// "selected" after the selected neurons changed.
GtkWidget *pct_neuron_grid_new(PctNeurons *neurons, PctNeuronList *list, PctSelection *selection);
void pct_neuron_grid_show_table(PctNeuronGrid *self, gboolean table);
// The list is sorted by another column: the table's header says so, and the tiles show its values.
void pct_neuron_grid_update_sort(PctNeuronGrid *self);
// (M,) 1 or 0; borrowed until the next "selected". n (may be NULL): how many.
const guint8 *pct_neuron_grid_get_selected(PctNeuronGrid *self, guint *n);
// Those that the list shows, and no others.
void pct_neuron_grid_select(PctNeuronGrid *self, const int *neurons, gsize n);
// Of the tiles there are: how many have drawn a picture.
guint pct_neuron_grid_get_n_drawn(PctNeuronGrid *self);

G_END_DECLS
