// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/value-colour.h"
#include <math.h>

#define STRIP_WIDTH 72.0

PctColour
pct_ramp_colour(double share)
{
  static const PctColour stops[] = {
    { 0.18, 0.36, 0.77 }, { 0.56, 0.33, 0.74 }, { 0.85, 0.38, 0.48 }, { 0.94, 0.63, 0.24 },
  };
  double at = (isfinite(share) ? CLAMP(share, 0, 1) : 0) * (G_N_ELEMENTS(stops) - 1);
  guint below = MIN((guint)at, (guint)G_N_ELEMENTS(stops) - 2);
  const PctColour *a = &stops[below], *b = &stops[below + 1];
  double t = at - below;
  return (PctColour){ a->red + t * (b->red - a->red), a->green + t * (b->green - a->green),
                      a->blue + t * (b->blue - a->blue) };
}

// Three cosines a third of a turn apart: no corner anywhere, and nearly the same lightness all around.
PctColour
pct_cycle_colour(double turn)
{
  double angle = isfinite(turn) ? 2 * G_PI * turn : 0;
  return (PctColour){ 0.56 + 0.34 * cos(angle), 0.52 + 0.28 * cos(angle - 2 * G_PI / 3),
                      0.60 + 0.36 * cos(angle + 2 * G_PI / 3) };
}

// Steps of the golden section around the circle: however many there are, no two come close.
PctColour
pct_category_colour(int i)
{
  return pct_cycle_colour(0.61803398874989485 * i);
}

void
pct_category_legend_draw(cairo_t *cr, const PctPlotTheme *theme, double x, double y, double width, const char *title,
                         const char *const *names)
{
  double radius = theme->text_size * 0.3, right = x + width, dots = pct_plot_measure_text(cr, theme, 1, FALSE, "…", NULL);
  double at = x + pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, x, y, 0, title) + 10;
  for (int i = 0; names[i]; i++) {
    double needed = 2 * radius + 4 + pct_plot_measure_text(cr, theme, 1, FALSE, names[i], NULL);
    if (at + needed + (names[i + 1] ? 8 + dots : 0) > right) {
      pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, at, y, 0, "…");
      return;
    }
    pct_plot_set_colour(cr, pct_category_colour(i), 1);
    cairo_new_sub_path(cr);
    cairo_arc(cr, at + radius, y + theme->text_size * 0.65, radius, 0, 2 * G_PI);
    cairo_fill(cr);
    pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, at + 2 * radius + 4, y, 0, names[i]);
    at += needed + 8;
  }
}

double
pct_colour_legend_height(const PctPlotTheme *theme)
{
  return ceil(theme->text_size * 1.4);
}

void
pct_colour_legend_draw(cairo_t *cr, const PctPlotTheme *theme, double x, double y, double width, gboolean cyclic,
                       const char *title, const char *low, const char *high)
{
  double right = x + width, strip = ceil(theme->text_size * 0.55), low_width, high_width;
  high_width = pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, right, y, 1, high);
  double end = right - high_width - 5, start = end - MIN(STRIP_WIDTH, width / 3);
  double top = round(y + (theme->text_size * 1.3 - strip) / 2);
  for (int i = 0; i < (int)(end - start); i++) {
    double share = (i + 0.5) / (end - start);
    pct_plot_set_colour(cr, cyclic ? pct_cycle_colour(share) : pct_ramp_colour(share), 1);
    cairo_rectangle(cr, floor(start) + i, top, 1, strip);
    cairo_fill(cr);
  }
  low_width = pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, start - 5, y, 1, low);
  if (!title)
    return;
  cairo_save(cr);  // a long title must not run into the numbers
  cairo_rectangle(cr, x, y, MAX(0, start - low_width - 12 - x), theme->text_size * 1.6);
  cairo_clip(cr);
  pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, x, y, 0, title);
  cairo_restore(cr);
}
