// SPDX-License-Identifier: GPL-3.0-or-later
// A number as a colour: along a ramp that grows lighter, or around a circle for what comes back to where it began, as
// orientations do after half a turn. Both stand out on a light ground and on a dark one.
#pragma once
#include "plots/plot.h"

// share 0..1 of the range; clamped.
PctColour pct_ramp_colour(double share);
// turn: 0 and 1 are the same colour, as are 0.25 and 1.25.
PctColour pct_cycle_colour(double turn);
// Of the i-th of several kinds, i >= 0: neighbours are told apart.
PctColour pct_category_colour(int i);
// One line: the title at the left, at the right a strip from low to high with their numbers beside it. cyclic: the
// circle instead of the ramp. x, y: upper left corner, pixels.
void pct_colour_legend_draw(cairo_t *cr, const PctPlotTheme *theme, double x, double y, double width, gboolean cyclic,
                            const char *title, const char *low, const char *high);
// One line: the title at the left, then a dot and the name of each kind (NULL at the end), as many as there is room
// for; "…" stands for the others.
void pct_category_legend_draw(cairo_t *cr, const PctPlotTheme *theme, double x, double y, double width,
                              const char *title, const char *const *names);
// Of such a line, pixels.
double pct_colour_legend_height(const PctPlotTheme *theme);
