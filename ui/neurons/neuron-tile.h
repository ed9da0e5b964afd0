// SPDX-License-Identifier: GPL-3.0-or-later
// One tile of the grid of neurons: its small picture, its number, and the value that the grid is sorted by. One widget
// without children, so that a page of them is laid out and drawn well within a frame.
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PCT_TYPE_NEURON_TILE (pct_neuron_tile_get_type())
G_DECLARE_FINAL_TYPE(PctNeuronTile, pct_neuron_tile, PCT, NEURON_TILE, GtkWidget)

// height, width: of the pictures to come.
GtkWidget *pct_neuron_tile_new(int height, int width);
// surface: referenced; NULL: an empty frame. value: as it stands beside the number; "": nothing. label: what a screen
// reader says.
void pct_neuron_tile_show(PctNeuronTile *self, int neuron, cairo_surface_t *surface, const char *value,
                          const char *label);
int pct_neuron_tile_get_neuron(PctNeuronTile *self);
// A dot: the neuron is pinned.
void pct_neuron_tile_set_pinned(PctNeuronTile *self, gboolean pinned);
// Set pictures that have been drawn since the tile was made: what a measurement waits for.
guint pct_neuron_tile_get_n_drawn(PctNeuronTile *self);

G_END_DECLS
