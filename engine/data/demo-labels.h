// SPDX-License-Identifier: GPL-3.0-or-later
// Where the simulated neurons lie in the cortex: all of them in primary visual cortex, simple cells mostly in layer 4,
// complex cells above and below it (Hubel & Wiesel 1962, J. Physiol. 160:106), depths as in the mouse.
// Invariant: a neuron's labels are a function of (seed, its number) alone.
#pragma once
#include "data/recording.h"

// Fills data's cell_area, cell_layer, cell_depth and degrees_per_pixel; data has n_neurons, height and none of them yet.
void pct_demo_label_neurons(PctRecordingData *data, guint64 seed);
