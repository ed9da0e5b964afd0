// SPDX-License-Identifier: GPL-3.0-or-later
// A level line of a map that has a value a pixel, by marching squares between the pixels' centres. Where the map is above
// the level at the frame's edge, the line ends there: nothing is known of what lies beyond.
#pragma once
#include "plots/plot.h"

// The level whose inside holds `share` (0..1) of the map's sum: the least of the largest values that together come to so
// much. values (H,W), none negative. NAN for a map that is zero throughout.
double pct_contour_level(const float *values, int height, int width, double share);

// Adds the line at level to cr's path, in pixels of the map: pixel (x, y) is the square from (x, y) to (x+1, y+1).
void pct_contour_path(cairo_t *cr, const float *values, int height, int width, double level);
