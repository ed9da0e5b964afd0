// SPDX-License-Identifier: GPL-3.0-or-later
// Line curves over one x axis: losses, validation scores, quality against the amount of data. A value that is not finite
// is a gap. The legend stands above the axes, so that it never covers a line.
#pragma once
#include "plots/plot.h"

typedef struct {
  const char *title;    // in the legend; NULL: not there
  const double *x, *y;  // (n,)
  gsize n;
  gboolean dim;         // grey, behind the others: an earlier run
  const double *low, *high;  // (n,) what each value lies between, drawn as a bar with a dot at the value; NULL: unknown
} PctCurve;

typedef struct {
  const PctCurve *curves;
  guint n_curves;
  const char *x_title;          // "epoch"; NULL: none
  double reference;             // a dashed line at this y; NAN: none
  const char *reference_title;  // in the legend; NULL: not there
  double x_minimum, x_maximum, y_minimum, y_maximum;  // NAN: as the data have it
  gboolean logarithmic;         // the y axis; values <= 0 are gaps
  gboolean logarithmic_x;       // the x axis; places <= 0 are gaps
  double marked_x;              // a dot on the first curve, e.g. the best epoch; NAN: none
  double band_low, band_high;   // a shaded stretch of the x axis, e.g. a response window; NAN: none
} PctCurvesPlot;

#define PCT_CURVES_PLOT_DEFAULT \
  ((PctCurvesPlot){ .reference = NAN, .x_minimum = NAN, .x_maximum = NAN, .y_minimum = NAN, .y_maximum = NAN, \
                    .marked_x = NAN, .band_low = NAN, .band_high = NAN })

// A PctPlotDrawFunc.
void pct_curves_plot_draw(gconstpointer plot, const PctPlotTheme *theme, cairo_t *cr, double width, double height);
