// SPDX-License-Identifier: GPL-3.0-or-later
// What every figure shares: colours, text, and one shape of drawing function. A figure is a plain struct that borrows
// its numbers for the call; drawing it needs cairo and pango alone, so that the window, an exported file and
// percept-cli draw the same thing. Invariant: a drawing depends on the struct, the theme and the size, on nothing else.
#pragma once
#include <glib.h>
#include <pango/pangocairo.h>

typedef struct {
  double red, green, blue;  // 0..1
} PctColour;

#define PCT_N_SERIES_COLOURS 6

typedef struct {
  PctColour background;  // what the figure stands on; drawn by export alone
  PctColour text, dim;   // titles and values; axis numbers and whatever is secondary
  PctColour grid;
  PctColour accent;      // the one accent colour
  PctColour warning;
  PctColour series[PCT_N_SERIES_COLOURS];
  double text_size;      // pixels
  const char *family;    // of the font
} PctPlotTheme;

extern const PctPlotTheme pct_plot_theme_light, pct_plot_theme_dark;

// Draws figure (of the type that the function is for) into the rectangle (0, 0, width, height) of cr, in pixels.
typedef void (*PctPlotDrawFunc)(gconstpointer figure, const PctPlotTheme *theme, cairo_t *cr, double width,
                                double height);

void pct_plot_set_colour(cairo_t *cr, PctColour colour, double alpha);

// Draws one line of text: x is its left edge for align 0, its middle for 0.5, its right edge for 1; y its top.
// scale multiplies the theme's text size. Returns the text's width in pixels. bold where asked for.
double pct_plot_draw_text(cairo_t *cr, const PctPlotTheme *theme, PctColour colour, double scale, gboolean bold,
                          double x, double y, double align, const char *text);
// The same without drawing; height may be NULL.
double pct_plot_measure_text(cairo_t *cr, const PctPlotTheme *theme, double scale, gboolean bold, const char *text,
                             double *height);

// A rectangle with rounded corners as the current path.
void pct_plot_rounded_rectangle(cairo_t *cr, double x, double y, double width, double height, double radius);
