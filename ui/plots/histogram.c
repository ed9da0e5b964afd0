// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/histogram.h"
#include <math.h>
#include "plots/ticks.h"

#define MAX_BINS 200
#define BAR_ROOM 7  // pixels above the bins

static void
draw_bar(const PctHistogramPlot *plot, const PctPlotTheme *theme, cairo_t *cr, double low, double high, double width)
{
  double from = CLAMP((plot->low - low) / (high - low), 0, 1) * width;
  double to = CLAMP((plot->high - low) / (high - low), 0, 1) * width;
  pct_plot_set_colour(cr, plot->series < 0 ? theme->dim : theme->series[plot->series % PCT_N_SERIES_COLOURS], 1);
  cairo_rectangle(cr, from, BAR_ROOM / 2.0 - 1, MAX(to - from, 2), 2);
  cairo_fill(cr);
  if (isfinite(plot->mean)) {
    cairo_arc(cr, CLAMP((plot->mean - low) / (high - low), 0, 1) * width, BAR_ROOM / 2.0, 2.5, 0, 2 * G_PI);
    cairo_fill(cr);
  }
}

void
pct_histogram_plot_draw(gconstpointer data, const PctPlotTheme *theme, cairo_t *cr, double width, double height)
{
  const PctHistogramPlot *plot = data;
  double low = plot->minimum, high = plot->maximum, data_low = NAN, data_high = NAN;
  for (gsize i = 0; i < plot->n; i++)
    pct_range_add(&data_low, &data_high, plot->values[i]);
  if (!isfinite(low))
    low = isfinite(data_low) ? data_low : 0;
  if (!isfinite(high))
    high = isfinite(data_high) ? data_high : 1;
  if (!(high > low))
    high = low + 1;

  int n_bins = CLAMP(plot->n_bins > 0 ? plot->n_bins : 24, 1, MAX_BINS), most = 1;
  int counts[MAX_BINS] = { 0 };
  for (gsize i = 0; i < plot->n; i++)
    if (isfinite(plot->values[i])) {
      double bin = floor((plot->values[i] - low) / (high - low) * n_bins);
      int b = (int)CLAMP(bin, 0, n_bins - 1);
      counts[b]++;
      most = MAX(most, counts[b]);
    }

  double floor_y = plot->bare ? height - 1 : height - theme->text_size * 1.3 - 4;
  gboolean barred = plot->high > plot->low;
  double top = barred ? BAR_ROOM + 2 : 2;
  double step = width / n_bins, gap = step >= 4 ? 1 : 0;
  PctColour colour = plot->series < 0 ? theme->dim : theme->series[plot->series % PCT_N_SERIES_COLOURS];
  pct_plot_set_colour(cr, colour, 0.55);
  for (int b = 0; b < n_bins; b++)
    if (counts[b] > 0) {
      // At least a pixel: one image out of a thousand is still there to see.
      double h = MAX(1, (floor_y - top) * counts[b] / most);
      cairo_rectangle(cr, b * step, floor_y - h, step - gap, h);
    }
  cairo_fill(cr);
  pct_plot_set_colour(cr, theme->grid, 1);
  cairo_rectangle(cr, 0, floor_y, width, 1);
  cairo_fill(cr);
  if (barred)
    draw_bar(plot, theme, cr, low, high, width);
  if (isfinite(plot->marked)) {
    double share = CLAMP((plot->marked - low) / (high - low), 0, 1);
    pct_plot_set_colour(cr, theme->text, 1);
    cairo_rectangle(cr, CLAMP(round(share * width) - 1, 0, width - 2), 0, 2, floor_y + 1);
    cairo_fill(cr);
  }
  if (plot->bare)
    return;
  PctTicks ticks = pct_ticks(low, high, MAX(2, (int)(width / 60)), FALSE);
  for (int i = 0; i < ticks.n; i++) {
    g_autofree char *label = pct_ticks_dup_label(&ticks, i);
    double half = pct_plot_measure_text(cr, theme, 1, FALSE, label, NULL) / 2;
    double x = (ticks.at[i] - low) / (high - low) * width;
    x = CLAMP(x, half, MAX(half, width - half));
    pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, x, floor_y + 4, 0.5, label);
  }
}
