// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/tuning.h"
#include <math.h>
#include "plots/ticks.h"

typedef struct {
  double x0, y0, x1, y1;  // pixels
  double low, high;       // of the answers
} Frame;

static double
left_margin(const PctPlotTheme *theme)
{
  return ceil(theme->text_size * 2.8);
}

static double
x_of(const PctTuningPlot *plot, const Frame *f, gsize i)
{
  return f->x0 + ((double)i + 0.5) / (double)MAX(plot->n, 1) * (f->x1 - f->x0);
}

static double
y_of(const Frame *f, double value)
{
  return f->y1 - (value - f->low) / (f->high - f->low) * (f->y1 - f->y0);
}

static Frame
find_frame(const PctTuningPlot *plot, const PctPlotTheme *theme, double width, double height)
{
  double line = ceil(theme->text_size * 1.4), low = NAN, high = NAN;
  Frame f = { .x0 = left_margin(theme), .y0 = plot->y_title ? line : 4, .x1 = width - 2,
              .y1 = height - (plot->x_title ? line : 4) };
  f.x1 = MAX(f.x1, f.x0 + 1);
  f.y1 = MAX(f.y1, f.y0 + 1);
  for (gsize i = 0; i < plot->n; i++)
    pct_range_add(&low, &high, plot->means[i]);
  for (gsize i = 0; plot->n > 0 && i < plot->first_repeat[plot->n]; i++)
    pct_range_add(&low, &high, plot->repeats[i]);
  pct_range_add(&low, &high, plot->usual);
  f.low = isfinite(low) ? MIN(low, 0) : 0;
  f.high = isfinite(high) ? high : 1;
  if (!(f.high > f.low))
    f.high = f.low + 1;
  return f;
}

gsize
pct_tuning_plot_find(const PctTuningPlot *plot, const PctPlotTheme *theme, double width, double x)
{
  double x0 = left_margin(theme), at = (x - x0) / MAX(width - 2 - x0, 1) * (double)plot->n;
  return at >= 0 && at < (double)plot->n ? (gsize)at : G_MAXSIZE;
}

static void
draw_axis(const PctTuningPlot *plot, const PctPlotTheme *theme, cairo_t *cr, const Frame *f)
{
  PctTicks ticks = pct_ticks(f->low, f->high, MAX(2, (int)((f->y1 - f->y0) / 30)), FALSE);
  double line = theme->text_size * 1.3;
  cairo_set_line_width(cr, 1);
  for (int i = 0; i < ticks.n; i++) {
    double y = floor(y_of(f, ticks.at[i])) + 0.5;
    g_autofree char *label = pct_ticks_dup_label(&ticks, i);
    pct_plot_set_colour(cr, theme->grid, 1);
    cairo_move_to(cr, f->x0, y);
    cairo_line_to(cr, f->x1, y);
    cairo_stroke(cr);
    pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, f->x0 - 6, y - line / 2, 1, label);
  }
  if (plot->y_title)
    pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, 0, f->y0 - line - 2, 0, plot->y_title);
  if (plot->x_title)
    pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, f->x1, f->y1 + 3, 1, plot->x_title);
}

static void
draw_repeats(const PctTuningPlot *plot, const PctPlotTheme *theme, cairo_t *cr, const Frame *f)
{
  double radius = CLAMP((f->x1 - f->x0) / (double)MAX(plot->n, 1) / 3, 1, 2.5);
  for (gsize i = 0; i < plot->n; i++)
    for (gsize k = plot->first_repeat[i]; k < plot->first_repeat[i + 1]; k++)
      if (isfinite(plot->repeats[k])) {
        gboolean full = i == plot->highlighted;
        pct_plot_set_colour(cr, full ? theme->text : theme->dim, full ? 1 : 0.35);
        cairo_new_sub_path(cr);
        cairo_arc(cr, x_of(plot, f, i), y_of(f, plot->repeats[k]), full ? radius + 0.5 : radius, 0, 2 * G_PI);
        cairo_fill(cr);
      }
}

static void
draw_means(const PctTuningPlot *plot, const PctPlotTheme *theme, cairo_t *cr, const Frame *f)
{
  gboolean pen_down = FALSE;
  for (gsize i = 0; i < plot->n; i++) {
    if (!isfinite(plot->means[i])) {
      pen_down = FALSE;
      continue;
    }
    double x = x_of(plot, f, i), y = y_of(f, plot->means[i]);
    if (pen_down)
      cairo_line_to(cr, x, y);
    else
      cairo_move_to(cr, x, y);
    pen_down = TRUE;
  }
  pct_plot_set_colour(cr, theme->accent, 1);
  cairo_set_line_width(cr, 2);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke(cr);
}

void
pct_tuning_plot_draw(gconstpointer data, const PctPlotTheme *theme, cairo_t *cr, double width, double height)
{
  const PctTuningPlot *plot = data;
  const double dashes[] = { 4, 3 };
  if (plot->n == 0)
    return;
  Frame f = find_frame(plot, theme, width, height);
  draw_axis(plot, theme, cr, &f);
  if (isfinite(plot->usual)) {
    pct_plot_set_colour(cr, theme->dim, 1);
    cairo_set_line_width(cr, 1);
    cairo_set_dash(cr, dashes, 2, 0);
    cairo_move_to(cr, f.x0, floor(y_of(&f, plot->usual)) + 0.5);
    cairo_line_to(cr, f.x1, floor(y_of(&f, plot->usual)) + 0.5);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
  }
  draw_repeats(plot, theme, cr, &f);
  draw_means(plot, theme, cr, &f);
  if (plot->highlighted < plot->n && isfinite(plot->means[plot->highlighted])) {
    pct_plot_set_colour(cr, theme->text, 1);
    cairo_new_sub_path(cr);
    cairo_arc(cr, x_of(plot, &f, plot->highlighted), y_of(&f, plot->means[plot->highlighted]), 4, 0, 2 * G_PI);
    cairo_fill(cr);
  }
}
