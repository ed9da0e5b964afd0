// SPDX-License-Identifier: GPL-3.0-or-later
// Beside the neurons: what they are filtered and sorted by, where they are on cortex and on the image, and how well the
// encoder predicts them. Shows the list's state; what the person wants goes through the page's actions.
#pragma once
#include <gtk/gtk.h>
#include "neurons/neuron-list.h"

G_BEGIN_DECLS

#define PCT_TYPE_NEURON_SIDE (pct_neuron_side_get_type())
G_DECLARE_FINAL_TYPE(PctNeuronSide, pct_neuron_side, PCT, NEURON_SIDE, GtkWidget)

GtkWidget *pct_neuron_side_new(PctNeurons *neurons, PctNeuronList *list);
// Shows everything as it is now. selected (M,) 1 or 0; marked: the neuron in hand, -1: none.
void pct_neuron_side_update(PctNeuronSide *self, const guint8 *selected, int marked);
// The filter's text, and why it cannot be read (NULL: it can).
void pct_neuron_side_set_filter(PctNeuronSide *self, const char *text, const char *problem);
void pct_neuron_side_set_colour(PctNeuronSide *self, PctNeuronColumn column);
void pct_neuron_side_focus_filter(PctNeuronSide *self);
// What stands below the filter; "": it can be read.
const char *pct_neuron_side_get_problem(PctNeuronSide *self);

// The columns that colour a map, borrowed (n,).
const PctNeuronColumn *pct_neuron_side_get_colours(PctNeuronSide *self, guint *n);

G_END_DECLS
