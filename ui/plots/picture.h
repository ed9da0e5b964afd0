// SPDX-License-Identifier: GPL-3.0-or-later
// A picture of grey levels, every pixel a crisp square: enlarged without smoothing, because a blurred enlargement would
// show detail that no decoder reconstructed. Kept in proportion and centred in its rectangle.
#pragma once
#include "plots/plot.h"

typedef struct {
  const float *pixels;  // (H,W) row-major grey levels 0..255; clipped for display
  int height, width;
} PctPicturePlot;

// A PctPlotDrawFunc.
void pct_picture_plot_draw(gconstpointer plot, const PctPlotTheme *theme, cairo_t *cr, double width, double height);

// A surface of the picture, one pixel each. Free with cairo_surface_destroy.
cairo_surface_t *pct_picture_surface_new(const float *pixels, int height, int width);
// Paints a surface enlarged without smoothing, in proportion and centred; returns where it is.
typedef struct {
  double x, y, width, height;
} PctPlotRectangle;
PctPlotRectangle pct_picture_fit(int height, int width, double into_width, double into_height);
void pct_picture_surface_paint(cairo_t *cr, cairo_surface_t *surface, PctPlotRectangle at, double radius);
