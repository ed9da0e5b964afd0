// SPDX-License-Identifier: GPL-3.0-or-later
// Points on a plane, each a neuron: cells on cortex (with a scale bar), receptive fields on the image (with its frame),
// or one fact against another (with axes). Colour tells a further value. Points with a coordinate that is not finite
// are not there; those with an unknown value are grey. Invariant: what is drawn at a place is what
// pct_scatter_map_to_data finds there.
#pragma once
#include "plots/plot.h"

typedef struct {
  double x, y;
} PctPlotPoint;

typedef struct {
  const double *x, *y;     // (n,)
  gsize n;
  double x_least, x_most, y_least, y_most;  // of the plane that is shown; NAN: as the points have it
  gboolean y_down;         // y grows downwards, as rows of an image do
  gboolean equal;          // one scale for both axes

  const double *values;    // (n,) colour; NULL: all points in the accent colour
  double value_least, value_most;  // of the colours; NAN: as the values have it
  const char *const *value_names;  // what the values 0, 1, ... are called, NULL at the end: a colour for each; NULL: numbers
  double period;           // > 0: values are angles that repeat after it
  const char *value_title; // legend, with its unit; NULL: no legend

  const guint8 *shown;     // (n,) 0: dimmed, behind the others; NULL: all shown
  const guint8 *selected;  // (n,) 1: highlighted, before the others; NULL: none
  gssize marked;           // index of the one in hand; -1: none

  gboolean frame;          // the plane's edge: an image
  const char *scale_unit;  // a scale bar of so many of these; NULL: none
  double scale_units;      // of them in one unit of x; 0: 1
  const char *x_title, *y_title;  // axes with numbers; NULL: none
  const PctPlotPoint *lasso;      // (n_lasso,) corners of a line drawn around points; may be open while it is drawn
  gsize n_lasso;
} PctScatterMap;

#define PCT_SCATTER_MAP_DEFAULT \
  ((PctScatterMap){ .x_least = NAN, .x_most = NAN, .y_least = NAN, .y_most = NAN, .value_least = NAN, \
                    .value_most = NAN, .marked = -1 })

// Where the plane lies: pixel x = x0 + (x - x_least) scale_x; y likewise, from y0, scale_y being negative where y grows
// upwards.
typedef struct {
  double left, top, width, height;  // pixels
  double x0, y0, x_least, y_least, scale_x, scale_y;
} PctScatterFrame;

PctScatterFrame pct_scatter_map_find_frame(const PctScatterMap *map, const PctPlotTheme *theme, double width,
                                           double height);
PctPlotPoint pct_scatter_map_to_data(const PctScatterFrame *frame, double x, double y);
PctPlotPoint pct_scatter_map_to_pixels(const PctScatterFrame *frame, double x, double y);

// A PctPlotDrawFunc.
void pct_scatter_map_draw(gconstpointer map, const PctPlotTheme *theme, cairo_t *cr, double width, double height);
