// SPDX-License-Identifier: GPL-3.0-or-later
// The neurons that see a part of the image: those whose receptive field's centre lies in it.
#pragma once
#include "work/neurons.h"

// The rectangle's upper left corner and size, pixels. Of int, those nearest to its middle first; empty as long as receptive
// fields are not known. Free with g_array_unref.
GArray *pct_neurons_dup_in_area(PctNeurons *neurons, int x, int y, int width, int height);
