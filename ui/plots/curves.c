// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/curves.h"
#include <math.h>
#include "plots/ticks.h"

typedef struct {
  double x0, y0, x1, y1;                          // the axes' rectangle, pixels
  double x_minimum, x_maximum, y_minimum, y_maximum;
  gboolean logarithmic, logarithmic_x;
} Frame;

static double
to_x(const Frame *f, double x)
{
  double share = f->logarithmic_x ? log(x / f->x_minimum) / log(f->x_maximum / f->x_minimum)
                                  : (x - f->x_minimum) / (f->x_maximum - f->x_minimum);
  return f->x0 + share * (f->x1 - f->x0);
}

static double
to_y(const Frame *f, double y)
{
  double share = f->logarithmic ? log(y / f->y_minimum) / log(f->y_maximum / f->y_minimum)
                                : (y - f->y_minimum) / (f->y_maximum - f->y_minimum);
  return f->y1 - share * (f->y1 - f->y0);
}

static gboolean
drawable(const PctCurvesPlot *plot, double x, double y)
{
  return isfinite(x) && isfinite(y) && (!plot->logarithmic || y > 0) && (!plot->logarithmic_x || x > 0);
}

static gboolean
has_bar(const PctCurvesPlot *plot, const PctCurve *curve, gsize i)
{
  return curve->low && curve->high && drawable(plot, curve->x[i], curve->y[i]) &&
         drawable(plot, curve->x[i], curve->low[i]) && drawable(plot, curve->x[i], curve->high[i]);
}

// Data range, then what was asked for, then a little air where the data decide.
static void
find_range(const PctCurvesPlot *plot, Frame *f)
{
  double x0 = NAN, x1 = NAN, y0 = NAN, y1 = NAN;
  for (guint c = 0; c < plot->n_curves; c++)
    for (gsize i = 0; i < plot->curves[c].n; i++)
      if (drawable(plot, plot->curves[c].x[i], plot->curves[c].y[i])) {
        pct_range_add(&x0, &x1, plot->curves[c].x[i]);
        pct_range_add(&y0, &y1, plot->curves[c].y[i]);
        if (has_bar(plot, &plot->curves[c], i)) {
          pct_range_add(&y0, &y1, plot->curves[c].low[i]);
          pct_range_add(&y0, &y1, plot->curves[c].high[i]);
        }
      }
  if (drawable(plot, 1, plot->reference))
    pct_range_add(&y0, &y1, plot->reference);
  if (!isfinite(y0))
    y0 = plot->logarithmic ? 0.1 : 0, y1 = 1;
  if (!isfinite(x0))
    x0 = plot->logarithmic_x ? 0.1 : 0, x1 = 1;
  if (plot->logarithmic) {
    y0 /= 1.1;
    y1 *= 1.1;
  } else {
    double air = MAX((y1 - y0) * 0.05, fabs(y1) * 1e-3 + 1e-9);
    // A curve that starts near zero gets its zero line.
    y0 = y0 >= 0 && y0 < 0.25 * y1 ? 0 : y0 - air;
    y1 += air;
  }
  f->x_minimum = isfinite(plot->x_minimum) && !(plot->logarithmic_x && plot->x_minimum <= 0) ? plot->x_minimum : x0;
  f->x_maximum = isfinite(plot->x_maximum) ? plot->x_maximum : x1;
  f->y_minimum = isfinite(plot->y_minimum) && !(plot->logarithmic && plot->y_minimum <= 0) ? plot->y_minimum : y0;
  f->y_maximum = isfinite(plot->y_maximum) ? plot->y_maximum : y1;
  if (!(f->x_maximum > f->x_minimum))
    f->x_maximum = f->logarithmic_x ? f->x_minimum * 10 : f->x_minimum + 1;
  if (!(f->y_maximum > f->y_minimum))
    f->y_maximum = f->logarithmic ? f->y_minimum * 10 : f->y_minimum + 1;
}

static PctColour
colour_of(const PctCurvesPlot *plot, const PctPlotTheme *theme, guint curve)
{
  if (plot->curves[curve].dim)
    return theme->dim;
  guint rank = 0;
  for (guint c = 0; c < curve; c++)
    rank += !plot->curves[c].dim;
  return theme->series[rank % PCT_N_SERIES_COLOURS];
}

// A legend runs on in a further line where the next entry would be cut off.
typedef struct {
  double x, y, width;  // pixels
  int n_lines;         // begun; 0: the legend is empty
} Legend;

static void
legend_entry(cairo_t *cr, const PctPlotTheme *theme, Legend *legend, PctColour colour, gboolean dashed,
             const char *title)
{
  double needed = 19 + pct_plot_measure_text(cr, theme, 1, FALSE, title, NULL);
  if (legend->n_lines == 0 || (legend->x > 0 && legend->x + needed > legend->width)) {
    legend->y = legend->n_lines++ * theme->text_size * 1.5;
    legend->x = 0;
  }
  double x = legend->x, middle = legend->y + theme->text_size * 0.75;
  const double dashes[] = { 4, 3 };
  pct_plot_set_colour(cr, colour, 1);
  cairo_set_line_width(cr, 2);
  cairo_set_dash(cr, dashes, dashed ? 2 : 0, 0);
  cairo_move_to(cr, x, middle);
  cairo_line_to(cr, x + 14, middle);
  cairo_stroke(cr);
  cairo_set_dash(cr, NULL, 0, 0);
  pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, x + 19, legend->y, 0, title);
  legend->x += needed + 14;
}

// Returns the legend's height, pixels; 0: there is none.
static double
draw_legend(const PctCurvesPlot *plot, const PctPlotTheme *theme, cairo_t *cr, double width)
{
  Legend legend = { .width = width };
  for (guint c = 0; c < plot->n_curves; c++)
    if (plot->curves[c].title)
      legend_entry(cr, theme, &legend, colour_of(plot, theme, c), FALSE, plot->curves[c].title);
  if (isfinite(plot->reference) && plot->reference_title)
    legend_entry(cr, theme, &legend, theme->dim, TRUE, plot->reference_title);
  return legend.n_lines > 0 ? legend.y + theme->text_size * 1.3 : 0;
}

// Epochs and steps are counted: there is nothing between two of them to put a number at.
static gboolean
is_counted(const PctCurvesPlot *plot)
{
  for (guint c = 0; c < plot->n_curves; c++)
    for (gsize i = 0; i < plot->curves[c].n; i++)
      if (isfinite(plot->curves[c].x[i]) && plot->curves[c].x[i] != floor(plot->curves[c].x[i]))
        return FALSE;
  return TRUE;
}

static PctTicks
find_x_ticks(const PctCurvesPlot *plot, const Frame *f)
{
  PctTicks ticks =
    pct_ticks(f->x_minimum, f->x_maximum, MAX(2, (int)((f->x1 - f->x0) / 70)), f->logarithmic_x);
  if (f->logarithmic_x || ticks.decimals <= 0 || !is_counted(plot))
    return ticks;
  PctTicks whole = { 0 };
  for (int i = 0; i < ticks.n; i++)
    if (fabs(ticks.at[i] - round(ticks.at[i])) < 1e-9)
      whole.at[whole.n++] = ticks.at[i];
  return whole;
}

static void
draw_axes(const PctCurvesPlot *plot, const PctPlotTheme *theme, cairo_t *cr, const Frame *f, const PctTicks *y_ticks)
{
  double line = theme->text_size * 1.3;
  cairo_set_line_width(cr, 1);
  for (int i = 0; i < y_ticks->n; i++) {
    double y = floor(to_y(f, y_ticks->at[i])) + 0.5;
    pct_plot_set_colour(cr, theme->grid, 1);
    cairo_move_to(cr, f->x0, y);
    cairo_line_to(cr, f->x1, y);
    cairo_stroke(cr);
    g_autofree char *label = pct_ticks_dup_label(y_ticks, i);
    pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, f->x0 - 6, y - line / 2, 1, label);
  }
  PctTicks x_ticks = find_x_ticks(plot, f);
  double title = plot->x_title ? pct_plot_measure_text(cr, theme, 1, FALSE, plot->x_title, NULL) : 0;
  for (int i = 0; i < x_ticks.n; i++) {
    double x = to_x(f, x_ticks.at[i]);
    g_autofree char *label = pct_ticks_dup_label(&x_ticks, i);
    double half = pct_plot_measure_text(cr, theme, 1, FALSE, label, NULL) / 2;
    if (x + half < f->x1 - title - 8 || !plot->x_title)  // the axis' name stands at its right end
      pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, MIN(x, f->x1 - half), f->y1 + 4, 0.5, label);
  }
  if (plot->x_title)
    pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, f->x1, f->y1 + 4, 1, plot->x_title);
}

static void
draw_curve(const PctCurvesPlot *plot, const PctPlotTheme *theme, cairo_t *cr, const Frame *f, guint c)
{
  const PctCurve *curve = &plot->curves[c];
  gboolean pen_down = FALSE;
  gsize n_drawn = 0;
  double x = 0, y = 0;
  for (gsize i = 0; i < curve->n; i++) {
    if (!drawable(plot, curve->x[i], curve->y[i])) {
      pen_down = FALSE;
      continue;
    }
    x = to_x(f, curve->x[i]);
    y = to_y(f, curve->y[i]);
    if (pen_down)
      cairo_line_to(cr, x, y);
    else
      cairo_move_to(cr, x, y);
    pen_down = TRUE;
    n_drawn++;
  }
  pct_plot_set_colour(cr, colour_of(plot, theme, c), 1);
  cairo_set_line_width(cr, 2);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke(cr);
  if (n_drawn == 1) {  // a line of one point is nothing to see
    cairo_arc(cr, x, y, 3, 0, 2 * G_PI);
    cairo_fill(cr);
  }
  cairo_set_line_width(cr, 1.5);
  for (gsize i = 0; i < curve->n; i++)
    if (has_bar(plot, curve, i)) {
      x = to_x(f, curve->x[i]);
      cairo_move_to(cr, x, to_y(f, curve->low[i]));
      cairo_line_to(cr, x, to_y(f, curve->high[i]));
      cairo_stroke(cr);
      cairo_arc(cr, x, to_y(f, curve->y[i]), 3, 0, 2 * G_PI);
      cairo_fill(cr);
    }
}

void
pct_curves_plot_draw(gconstpointer data, const PctPlotTheme *theme, cairo_t *cr, double width, double height)
{
  const PctCurvesPlot *plot = data;
  double line = theme->text_size * 1.3;
  Frame f = { .logarithmic = plot->logarithmic, .logarithmic_x = plot->logarithmic_x };
  find_range(plot, &f);
  double legend = draw_legend(plot, theme, cr, width);
  f.y0 = legend > 0 ? legend + 10 : line / 2;
  f.y1 = MAX(f.y0 + 1, height - line - 6);
  PctTicks y_ticks = pct_ticks(f.y_minimum, f.y_maximum, MAX(2, (int)((f.y1 - f.y0) / 28)), f.logarithmic);
  double labels = 0;
  for (int i = 0; i < y_ticks.n; i++) {
    g_autofree char *label = pct_ticks_dup_label(&y_ticks, i);
    labels = MAX(labels, pct_plot_measure_text(cr, theme, 1, FALSE, label, NULL));
  }
  f.x0 = ceil(labels) + 8;
  f.x1 = MAX(f.x0 + 1, width - 6);
  draw_axes(plot, theme, cr, &f, &y_ticks);

  cairo_save(cr);
  cairo_rectangle(cr, f.x0 - 5, f.y0 - 2, f.x1 - f.x0 + 10, f.y1 - f.y0 + 4);
  cairo_clip(cr);
  if (plot->band_high > plot->band_low) {
    double left = to_x(&f, plot->band_low), right = to_x(&f, plot->band_high);
    cairo_rectangle(cr, left, f.y0, right - left, f.y1 - f.y0);
    pct_plot_set_colour(cr, theme->accent, 0.15);
    cairo_fill(cr);
  }
  for (int pass = 0; pass < 2; pass++)  // what is dim goes behind
    for (guint c = 0; c < plot->n_curves; c++)
      if (plot->curves[c].dim == (pass == 0))
        draw_curve(plot, theme, cr, &f, c);
  if (drawable(plot, 1, plot->reference)) {
    const double dashes[] = { 6, 4 };
    double y = floor(to_y(&f, plot->reference)) + 0.5;
    pct_plot_set_colour(cr, theme->dim, 1);
    cairo_set_line_width(cr, 1.5);
    cairo_set_dash(cr, dashes, 2, 0);
    cairo_move_to(cr, f.x0, y);
    cairo_line_to(cr, f.x1, y);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
  }
  if (isfinite(plot->marked_x) && plot->n_curves > 0)
    for (gsize i = 0; i < plot->curves[0].n; i++)
      if (plot->curves[0].x[i] == plot->marked_x && drawable(plot, plot->marked_x, plot->curves[0].y[i])) {
        cairo_arc(cr, to_x(&f, plot->marked_x), to_y(&f, plot->curves[0].y[i]), 4, 0, 2 * G_PI);
        pct_plot_set_colour(cr, colour_of(plot, theme, 0), 1);
        cairo_fill(cr);
      }
  cairo_restore(cr);
}
