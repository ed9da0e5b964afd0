// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/picture.h"
#include <math.h>

cairo_surface_t *
pct_picture_surface_new(const float *pixels, int height, int width)
{
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  guint8 *bytes = cairo_image_surface_get_data(surface);
  int stride = cairo_image_surface_get_stride(surface);
  cairo_surface_flush(surface);
  for (int y = 0; bytes && y < height; y++) {
    guint32 *row = (guint32 *)(gpointer)(bytes + (gsize)y * stride);
    for (int x = 0; x < width; x++) {
      float level = pixels[(gsize)y * width + x];
      guint32 grey = level > 0 ? (guint32)(MIN(level, 255) + 0.5f) : 0;  // NaN is black
      row[x] = grey << 16 | grey << 8 | grey;
    }
  }
  cairo_surface_mark_dirty(surface);
  return surface;
}

PctPlotRectangle
pct_picture_fit(int height, int width, double into_width, double into_height)
{
  double scale = MIN(into_width / MAX(width, 1), into_height / MAX(height, 1));
  PctPlotRectangle at = { .width = floor(width * scale), .height = floor(height * scale) };
  at.x = floor((into_width - at.width) / 2);
  at.y = floor((into_height - at.height) / 2);
  return at;
}

void
pct_picture_surface_paint(cairo_t *cr, cairo_surface_t *surface, PctPlotRectangle at, double radius)
{
  int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
  if (width <= 0 || height <= 0 || at.width <= 0 || at.height <= 0)
    return;
  cairo_save(cr);
  pct_plot_rounded_rectangle(cr, at.x, at.y, at.width, at.height, radius);
  cairo_clip(cr);
  cairo_translate(cr, at.x, at.y);
  cairo_scale(cr, at.width / width, at.height / height);
  cairo_set_source_surface(cr, surface, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
  cairo_paint(cr);
  cairo_restore(cr);
}

void
pct_picture_plot_draw(gconstpointer data, const PctPlotTheme *theme, cairo_t *cr, double width, double height)
{
  const PctPicturePlot *plot = data;
  cairo_surface_t *surface = pct_picture_surface_new(plot->pixels, plot->height, plot->width);
  pct_picture_surface_paint(cr, surface, pct_picture_fit(plot->height, plot->width, width, height), 0);
  cairo_surface_destroy(surface);
}
