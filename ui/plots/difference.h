// SPDX-License-Identifier: GPL-3.0-or-later
// A difference of two pictures in grey levels: blue where it is negative (darker), white at zero, red where it is
// positive (brighter). The scale is symmetric, so that white always means no change. Invariant: colour(-v) is colour(v)
// with red and blue exchanged.
#pragma once
#include "plots/plot.h"

typedef struct {
  const float *values;  // (H,W) grey levels
  int height, width;
  double limit;         // the value of full colour; NAN: pct_difference_limit of the values
  gboolean legend;      // a strip with the scale below the map
} PctDifferencePlot;

// A PctPlotDrawFunc.
void pct_difference_plot_draw(gconstpointer plot, const PctPlotTheme *theme, cairo_t *cr, double width, double height);

// The largest magnitude among n values, but at least 1 grey level: less than that is no change to be seen.
double pct_difference_limit(const float *values, gsize n);
// Of value / limit, clamped to -1..1.
PctColour pct_difference_colour(double share);
// One pixel each. Free with cairo_surface_destroy.
cairo_surface_t *pct_difference_surface_new(const float *values, int height, int width, double limit);
