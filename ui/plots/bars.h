// SPDX-License-Identifier: GPL-3.0-or-later
// Values as bars, strongest first: the responses to one image. Where there are more values than there is room, only the
// strongest are drawn, so that every bar stands for one neuron.
#pragma once
#include "plots/plot.h"

typedef struct {
  const float *values;   // (n,) in descending order
  gsize n;
  gsize highlighted;     // index of one bar drawn full; G_MAXSIZE: none
  double maximum;        // of the axis; NAN: the largest value
} PctBarsPlot;

// A PctPlotDrawFunc.
void pct_bars_plot_draw(gconstpointer plot, const PctPlotTheme *theme, cairo_t *cr, double width, double height);
// How many bars fit a width, and which one is at x (G_MAXSIZE: none): for a tooltip.
gsize pct_bars_plot_get_n_drawn(const PctBarsPlot *plot, double width);
gsize pct_bars_plot_find(const PctBarsPlot *plot, double width, double x);
