// SPDX-License-Identifier: GPL-3.0-or-later
// One neuron of a project, as a list shows it: its number. What is known of it stays with PctNeurons. Immutable.
#pragma once
#include <glib-object.h>

G_BEGIN_DECLS

#define PCT_TYPE_NEURON_ITEM (pct_neuron_item_get_type())
G_DECLARE_FINAL_TYPE(PctNeuronItem, pct_neuron_item, PCT, NEURON_ITEM, GObject)

PctNeuronItem *pct_neuron_item_new(int neuron);
int pct_neuron_item_get_neuron(PctNeuronItem *self);

G_END_DECLS
