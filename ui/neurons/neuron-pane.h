// SPDX-License-Identifier: GPL-3.0-or-later
// The neuron in hand: its most exciting input large, its other pictures, what is known of it, the images it answered
// most, its tuning, and how it and the pinned neurons answer to one another's MEIs. What is not known yet says how to get
// it. While another neuron is being drawn the one before stays.
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "work/neuron-detail.h"

G_BEGIN_DECLS

#define PCT_TYPE_NEURON_PANE (pct_neuron_pane_get_type())
G_DECLARE_FINAL_TYPE(PctNeuronPane, pct_neuron_pane, PCT, NEURON_PANE, GtkWidget)

GtkWidget *pct_neuron_pane_new(PctNeurons *neurons, PctSelection *selection);
// Says below its name that the neuron in hand is not among those shown.
void pct_neuron_pane_set_left_out(PctNeuronPane *self, gboolean left_out);
// Borrowed.
PctNeuronDetail *pct_neuron_pane_get_detail(PctNeuronPane *self);

G_END_DECLS
