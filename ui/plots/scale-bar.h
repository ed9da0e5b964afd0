// SPDX-License-Identifier: GPL-3.0-or-later
// How long a length is: a bar over a map or a picture, and lengths on the image in degrees of the visual field. The bar
// is as long as it says to the pixel, and legible on whatever lies under it.
#pragma once
#include "plots/plot.h"

// The longest of 1, 2, 5 times a power of ten that is at most `most` > 0.
double pct_scale_bar_length(double most);
// right, bottom: its corner; at most `most` pixels long, at `scale` pixels a unit. unit: "µm", "°". Nothing is drawn
// where there is no room.
void pct_scale_bar_draw(cairo_t *cr, const PctPlotTheme *theme, double right, double bottom, double most, double scale,
                        const char *unit);
// A line of text in the same manner: x, y its upper left corner.
void pct_scale_label_draw(cairo_t *cr, const PctPlotTheme *theme, double x, double y, const char *text);
// So many pixels of the image in degrees: "3.5°". Free with g_free.
char *pct_degrees_text(double pixels, double degrees_per_pixel);
