// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/difference.h"
#include <math.h>
#include "plots/picture.h"

double
pct_difference_limit(const float *values, gsize n)
{
  double limit = 1;
  for (gsize i = 0; i < n; i++)
    if (isfinite(values[i]))
      limit = MAX(limit, fabs(values[i]));
  return limit;
}

PctColour
pct_difference_colour(double share)
{
  double s = isfinite(share) ? CLAMP(share, -1, 1) : 0, rest = 1 - fabs(s);
  return s < 0 ? (PctColour){ rest, rest, 1 } : (PctColour){ 1, rest, rest };
}

cairo_surface_t *
pct_difference_surface_new(const float *values, int height, int width, double limit)
{
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  guint8 *bytes = cairo_image_surface_get_data(surface);
  int stride = cairo_image_surface_get_stride(surface);
  cairo_surface_flush(surface);
  for (int y = 0; bytes && y < height; y++) {
    guint32 *row = (guint32 *)(gpointer)(bytes + (gsize)y * stride);
    for (int x = 0; x < width; x++) {
      PctColour c = pct_difference_colour(values[(gsize)y * width + x] / limit);
      row[x] = (guint32)(c.red * 255 + 0.5) << 16 | (guint32)(c.green * 255 + 0.5) << 8 | (guint32)(c.blue * 255 + 0.5);
    }
  }
  cairo_surface_mark_dirty(surface);
  return surface;
}

static void
draw_legend(const PctPlotTheme *theme, cairo_t *cr, double limit, double x, double y, double width)
{
  double strip = theme->text_size * 0.6, wanted = MIN(width, 160);
  for (int i = 0; i < (int)wanted; i++) {
    pct_plot_set_colour(cr, pct_difference_colour(2 * (i + 0.5) / wanted - 1), 1);
    cairo_rectangle(cr, x + i, y, 1, strip);
    cairo_fill(cr);
  }
  g_autofree char *low = g_strdup_printf("−%.0f", limit);
  g_autofree char *high = g_strdup_printf("+%.0f", limit);
  pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, x, y + strip + 2, 0, low);
  pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, x + wanted / 2, y + strip + 2, 0.5, "0");
  pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, x + wanted, y + strip + 2, 1, high);
}

void
pct_difference_plot_draw(gconstpointer data, const PctPlotTheme *theme, cairo_t *cr, double width, double height)
{
  const PctDifferencePlot *plot = data;
  double limit = plot->limit > 0 ? plot->limit
                                 : pct_difference_limit(plot->values, (gsize)plot->height * plot->width);
  double below = plot->legend ? theme->text_size * 2 + 10 : 0;
  PctPlotRectangle at = pct_picture_fit(plot->height, plot->width, width, MAX(1, height - below));
  cairo_surface_t *surface = pct_difference_surface_new(plot->values, plot->height, plot->width, limit);
  pct_picture_surface_paint(cr, surface, at, 0);
  cairo_surface_destroy(surface);
  // White on a white page needs an edge.
  pct_plot_set_colour(cr, theme->grid, 1);
  cairo_set_line_width(cr, 1);
  cairo_rectangle(cr, at.x - 0.5, at.y - 0.5, at.width + 1, at.height + 1);
  cairo_stroke(cr);
  if (plot->legend)
    draw_legend(theme, cr, limit, at.x, at.y + at.height + 6, at.width);
}
