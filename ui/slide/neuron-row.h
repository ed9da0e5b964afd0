// SPDX-License-Identifier: GPL-3.0-or-later
// A pinned neuron: its number, its response now, its slider, and buttons to put it back or to let it go. The row tells
// of a change by hand alone ("changed"); setting its value by code is silent, so that a page may follow a model
// without echoes.
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PCT_TYPE_NEURON_ROW (pct_neuron_row_get_type())
G_DECLARE_FINAL_TYPE(PctNeuronRow, pct_neuron_row, PCT, NEURON_ROW, GtkListBoxRow)

// Signal "changed": the person moved the slider.
GtkWidget *pct_neuron_row_new(int neuron);
int pct_neuron_row_get_neuron(PctNeuronRow *self);

// As pct_response_scale_set_range.
void pct_neuron_row_set_range(PctNeuronRow *self, double observed_minimum, double observed_maximum, double recorded);
void pct_neuron_row_set_value(PctNeuronRow *self, double value);
double pct_neuron_row_get_value(PctNeuronRow *self);
double pct_neuron_row_get_recorded(PctNeuronRow *self);
gboolean pct_neuron_row_is_beyond(PctNeuronRow *self);
// The slider itself, for keys and for measurements. Borrowed.
GtkRange *pct_neuron_row_get_range(PctNeuronRow *self);

G_END_DECLS
