// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/scatter-map.h"
#include <math.h>
#include "plots/number-text.h"
#include "plots/scale-bar.h"
#include "plots/ticks.h"
#include "plots/value-colour.h"

#define INSET 6.0  // pixels between the plane's edge and the outermost point

static void
find_range(const double *values, gsize n, double *least, double *most)
{
  double low = NAN, high = NAN;
  for (gsize i = 0; values && i < n; i++)
    pct_range_add(&low, &high, values[i]);
  if (!isfinite(*least))
    *least = isfinite(low) ? low : 0;
  if (!isfinite(*most))
    *most = isfinite(high) ? high : *least + 1;
  if (!(*most > *least))
    *most = *least + 1;
}

static gboolean
has_axes(const PctScatterMap *map)
{
  return map->x_title || map->y_title;
}

PctScatterFrame
pct_scatter_map_find_frame(const PctScatterMap *map, const PctPlotTheme *theme, double width, double height)
{
  double line = ceil(theme->text_size * 1.4), x_least = map->x_least, x_most = map->x_most;
  double y_least = map->y_least, y_most = map->y_most;
  PctScatterFrame f = { .left = 1, .top = 1, .width = width - 2, .height = height - 2 };
  if (map->value_title)
    f.height -= pct_colour_legend_height(theme) + 5;
  if (has_axes(map)) {
    f.left += ceil(theme->text_size * 2.8);
    f.width -= ceil(theme->text_size * 2.8) + 2;
    f.top += line;
    f.height -= 3 * line;
  }
  f.width = MAX(f.width, 1);
  f.height = MAX(f.height, 1);
  find_range(map->x, map->n, &x_least, &x_most);
  find_range(map->y, map->n, &y_least, &y_most);
  double inset = map->frame ? 0 : MIN(INSET, MIN(f.width, f.height) / 4);
  f.scale_x = (f.width - 2 * inset) / (x_most - x_least);
  f.scale_y = (f.height - 2 * inset) / (y_most - y_least);
  if (map->equal) {
    f.scale_x = f.scale_y = MIN(f.scale_x, f.scale_y);
    double used_x = f.scale_x * (x_most - x_least) + 2 * inset, used_y = f.scale_y * (y_most - y_least) + 2 * inset;
    if (map->frame) {
      f.left += floor((f.width - used_x) / 2);
      f.top += floor((f.height - used_y) / 2);
      f.width = used_x;
      f.height = used_y;
    }
    f.x0 = f.left + (f.width - used_x) / 2 + inset;
    f.y0 = f.top + (f.height - used_y) / 2 + inset;
  } else {
    f.x0 = f.left + inset;
    f.y0 = f.top + inset;
  }
  f.x_least = x_least;
  f.y_least = y_least;
  if (!map->y_down) {
    f.y0 += f.scale_y * (y_most - y_least);
    f.scale_y = -f.scale_y;
  }
  return f;
}

PctPlotPoint
pct_scatter_map_to_data(const PctScatterFrame *f, double x, double y)
{
  return (PctPlotPoint){ f->x_least + (x - f->x0) / f->scale_x, f->y_least + (y - f->y0) / f->scale_y };
}

PctPlotPoint
pct_scatter_map_to_pixels(const PctScatterFrame *f, double x, double y)
{
  return (PctPlotPoint){ f->x0 + (x - f->x_least) * f->scale_x, f->y0 + (y - f->y_least) * f->scale_y };
}

typedef struct {
  const PctScatterMap *map;
  const PctPlotTheme *theme;
  PctScatterFrame frame;
  double radius, least, most;  // pixels; of the values
} Drawing;

static PctColour
colour_of(const Drawing *d, gsize i)
{
  if (!d->map->values)
    return d->theme->accent;
  double value = d->map->values[i];
  if (!isfinite(value))
    return d->theme->dim;
  if (d->map->value_names)
    return pct_category_colour((int)value);
  return d->map->period > 0 ? pct_cycle_colour(value / d->map->period)
                            : pct_ramp_colour((value - d->least) / (d->most - d->least));
}

static gboolean
find_point(const Drawing *d, gsize i, PctPlotPoint *at)
{
  if (!isfinite(d->map->x[i]) || !isfinite(d->map->y[i]))
    return FALSE;
  *at = pct_scatter_map_to_pixels(&d->frame, d->map->x[i], d->map->y[i]);
  return TRUE;
}

static void
draw_dot(cairo_t *cr, PctPlotPoint at, double radius, PctColour colour, double alpha)
{
  pct_plot_set_colour(cr, colour, alpha);
  cairo_new_sub_path(cr);
  cairo_arc(cr, at.x, at.y, radius, 0, 2 * G_PI);
  cairo_fill(cr);
}

static void
draw_ring(cairo_t *cr, PctPlotPoint at, double radius, PctColour colour, double width)
{
  pct_plot_set_colour(cr, colour, 1);
  cairo_set_line_width(cr, width);
  cairo_new_sub_path(cr);
  cairo_arc(cr, at.x, at.y, radius, 0, 2 * G_PI);
  cairo_stroke(cr);
}

static void
draw_points(const Drawing *d, cairo_t *cr)
{
  const PctScatterMap *map = d->map;
  PctPlotPoint at;
  for (gsize i = 0; map->shown && i < map->n; i++)
    if (!map->shown[i] && find_point(d, i, &at)) {
      // A square says as much as a disc where it is a pixel and a half wide, and is drawn in a quarter of the time.
      pct_plot_set_colour(cr, d->theme->grid, 1);
      cairo_rectangle(cr, at.x - 0.8 * d->radius, at.y - 0.8 * d->radius, 1.6 * d->radius, 1.6 * d->radius);
      cairo_fill(cr);
    }
  for (gsize i = 0; i < map->n; i++)
    if ((!map->shown || map->shown[i]) && find_point(d, i, &at))
      draw_dot(cr, at, d->radius, colour_of(d, i), 0.85);
  for (gsize i = 0; map->selected && i < map->n; i++)
    if (map->selected[i] && find_point(d, i, &at)) {
      draw_dot(cr, at, d->radius + 1, colour_of(d, i), 1);
      draw_ring(cr, at, d->radius + 1.5, d->theme->accent, 1.5);
    }
  if (map->marked >= 0 && (gsize)map->marked < map->n && find_point(d, (gsize)map->marked, &at)) {
    draw_dot(cr, at, d->radius + 1.5, colour_of(d, (gsize)map->marked), 1);
    draw_ring(cr, at, d->radius + 3, d->theme->text, 2);
  }
}

static void
draw_edge(const Drawing *d, cairo_t *cr)
{
  const PctScatterFrame *f = &d->frame;
  pct_plot_set_colour(cr, d->theme->grid, 1);
  cairo_set_line_width(cr, 1);
  cairo_rectangle(cr, floor(f->left) - 0.5, floor(f->top) - 0.5, ceil(f->width) + 1, ceil(f->height) + 1);
  cairo_stroke(cr);
}

static void
draw_axes(const Drawing *d, cairo_t *cr)
{
  const PctScatterFrame *f = &d->frame;
  const PctPlotTheme *theme = d->theme;
  double line = theme->text_size * 1.3, bottom = f->top + f->height, right = f->left + f->width;
  PctPlotPoint low = pct_scatter_map_to_data(f, f->left, bottom), high = pct_scatter_map_to_data(f, right, f->top);
  PctTicks x_ticks = pct_ticks(low.x, high.x, MAX(2, (int)(f->width / 60)), FALSE);
  PctTicks y_ticks = pct_ticks(MIN(low.y, high.y), MAX(low.y, high.y), MAX(2, (int)(f->height / 40)), FALSE);
  cairo_set_line_width(cr, 1);
  for (int i = 0; i < y_ticks.n; i++) {
    double y = floor(pct_scatter_map_to_pixels(f, 0, y_ticks.at[i]).y) + 0.5;
    g_autofree char *label = pct_ticks_dup_label(&y_ticks, i);
    pct_plot_set_colour(cr, theme->grid, 1);
    cairo_move_to(cr, f->left, y);
    cairo_line_to(cr, right, y);
    cairo_stroke(cr);
    pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, f->left - 6, y - line / 2, 1, label);
  }
  for (int i = 0; i < x_ticks.n; i++) {
    double x = pct_scatter_map_to_pixels(f, x_ticks.at[i], 0).x;
    g_autofree char *label = pct_ticks_dup_label(&x_ticks, i);
    double half = pct_plot_measure_text(cr, theme, 1, FALSE, label, NULL) / 2;
    pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, MIN(x, right - half), bottom + 3, 0.5, label);
  }
  if (d->map->y_title)
    pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, 0, f->top - line - 2, 0, d->map->y_title);
  if (d->map->x_title)
    pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, right, bottom + 3 + line, 1, d->map->x_title);
}

static void
draw_lasso(const Drawing *d, cairo_t *cr)
{
  const double dashes[] = { 4, 3 };
  if (d->map->n_lasso < 2)
    return;
  for (gsize i = 0; i < d->map->n_lasso; i++) {
    PctPlotPoint at = pct_scatter_map_to_pixels(&d->frame, d->map->lasso[i].x, d->map->lasso[i].y);
    if (i == 0)
      cairo_move_to(cr, at.x, at.y);
    else
      cairo_line_to(cr, at.x, at.y);
  }
  cairo_close_path(cr);
  pct_plot_set_colour(cr, d->theme->accent, 0.12);
  cairo_fill_preserve(cr);
  pct_plot_set_colour(cr, d->theme->accent, 1);
  cairo_set_line_width(cr, 1.5);
  cairo_set_dash(cr, dashes, 2, 0);
  cairo_stroke(cr);
  cairo_set_dash(cr, NULL, 0, 0);
}

static void
draw_legend(const Drawing *d, cairo_t *cr, double width, double height)
{
  double top = height - pct_colour_legend_height(d->theme);
  if (d->map->value_names) {
    pct_category_legend_draw(cr, d->theme, 0, top, width, d->map->value_title, d->map->value_names);
    return;
  }
  gboolean cyclic = d->map->period > 0;
  double low = cyclic ? 0 : d->least, high = cyclic ? d->map->period : d->most;
  double span = high - low;
  int decimals = span >= 20 ? 0 : span >= 2 ? 1 : 2;
  g_autofree char *low_text = pct_number_text(low, decimals), *high_text = pct_number_text(high, decimals);
  pct_colour_legend_draw(cr, d->theme, 0, top, width, cyclic, d->map->value_title, low_text, high_text);
}

void
pct_scatter_map_draw(gconstpointer data, const PctPlotTheme *theme, cairo_t *cr, double width, double height)
{
  const PctScatterMap *map = data;
  Drawing d = { .map = map, .theme = theme, .least = map->value_least, .most = map->value_most };
  d.frame = pct_scatter_map_find_frame(map, theme, width, height);
  find_range(map->values, map->n, &d.least, &d.most);
  d.radius = CLAMP(sqrt(0.12 * d.frame.width * d.frame.height / (MAX(map->n, 1) * G_PI)), 1.3, 3.5);
  if (has_axes(map))
    draw_axes(&d, cr);
  if (map->frame)
    draw_edge(&d, cr);
  cairo_save(cr);
  cairo_rectangle(cr, d.frame.left, d.frame.top, d.frame.width, d.frame.height);
  cairo_clip(cr);
  draw_points(&d, cr);
  draw_lasso(&d, cr);
  cairo_restore(cr);
  if (map->scale_unit)
    pct_scale_bar_draw(cr, theme, d.frame.left + d.frame.width - 6, d.frame.top + d.frame.height - 6, d.frame.width / 4,
                       d.frame.scale_x / (map->scale_units > 0 ? map->scale_units : 1), map->scale_unit);
  if (map->value_title)
    draw_legend(&d, cr, width, height);
}
