// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/bars.h"
#include <math.h>

#define LEAST_STEP 3.0   // pixels a bar and its gap
#define LARGEST_STEP 14.0

gsize
pct_bars_plot_get_n_drawn(const PctBarsPlot *plot, double width)
{
  return MIN(plot->n, (gsize)MAX(0, width / LEAST_STEP));
}

static double
bar_step(const PctBarsPlot *plot, double width)
{
  gsize n = pct_bars_plot_get_n_drawn(plot, width);
  return n > 0 ? MIN(width / n, LARGEST_STEP) : LARGEST_STEP;
}

gsize
pct_bars_plot_find(const PctBarsPlot *plot, double width, double x)
{
  double at = x / bar_step(plot, width);
  return at >= 0 && at < pct_bars_plot_get_n_drawn(plot, width) ? (gsize)at : G_MAXSIZE;
}

void
pct_bars_plot_draw(gconstpointer data, const PctPlotTheme *theme, cairo_t *cr, double width, double height)
{
  const PctBarsPlot *plot = data;
  gsize n = pct_bars_plot_get_n_drawn(plot, width);
  double high = isfinite(plot->maximum) ? plot->maximum : 0, low = 0;
  for (gsize i = 0; i < n; i++)
    if (isfinite(plot->values[i])) {
      if (!isfinite(plot->maximum))
        high = MAX(high, plot->values[i]);
      low = MIN(low, plot->values[i]);  // dF/F responses may be negative
    }
  if (!(high > low))
    high = low + 1;
  double step = bar_step(plot, width), gap = step >= 6 ? 2 : 1;
  double zero = round((height - 1) * high / (high - low));
  for (gsize i = 0; i < n; i++) {
    if (!isfinite(plot->values[i]))
      continue;
    double y = (height - 1) * (high - plot->values[i]) / (high - low);
    pct_plot_set_colour(cr, theme->accent, i == plot->highlighted ? 1 : 0.6);
    cairo_rectangle(cr, floor(i * step), MIN(y, zero), MAX(1, floor((i + 1) * step) - floor(i * step) - gap),
                    MAX(1, fabs(zero - y)));
    cairo_fill(cr);
  }
  pct_plot_set_colour(cr, theme->grid, 1);
  cairo_rectangle(cr, 0, MIN(zero, height - 1), width, 1);
  cairo_fill(cr);
}
