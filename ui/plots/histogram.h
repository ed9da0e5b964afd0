// SPDX-License-Identifier: GPL-3.0-or-later
// How values spread, with one of them marked: where this image stands among all images of its tier.
#pragma once
#include "plots/plot.h"

typedef struct {
  const float *values;       // (n,); those not finite are passed over
  gsize n;
  double minimum, maximum;   // of the axis; values beyond fall into the end bins. NAN: as the data have it
  int n_bins;                // 0: 24
  double marked;             // a vertical line; NAN: none
  double mean, low, high;    // a bar from low to high with a dot at the mean, above; none where high is not beyond low
  int series;                // colour of the bars: one of the theme's series; -1: dim
  gboolean bare;             // no numbers below: for a table's cell
} PctHistogramPlot;

// A PctPlotDrawFunc.
void pct_histogram_plot_draw(gconstpointer plot, const PctPlotTheme *theme, cairo_t *cr, double width, double height);
