// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/scale-bar.h"
#include <math.h>
#include "plots/number-text.h"

double
pct_scale_bar_length(double most)
{
  double power = pow(10, floor(log10(most))), length = power;
  for (int factor = 2; factor <= 5; factor += 3)
    if (factor * power <= most)
      length = factor * power;
  return length;
}

// What text and bar stand on: over points and pixels they must stay legible.
static void
draw_ground(cairo_t *cr, const PctPlotTheme *theme, double x, double y, double width, double height)
{
  pct_plot_set_colour(cr, theme->background, 0.75);
  pct_plot_rounded_rectangle(cr, x, y, width, height, 4);
  cairo_fill(cr);
}

void
pct_scale_bar_draw(cairo_t *cr, const PctPlotTheme *theme, double right, double bottom, double most, double scale,
                   const char *unit)
{
  if (!(most > 0 && scale > 0))
    return;
  double length = pct_scale_bar_length(most / scale), wide = length * scale;
  g_autofree char *number = pct_number_text(length, length < 1 ? (int)-floor(log10(length)) : 0);
  g_autofree char *text = g_strdup_printf(g_str_has_prefix(unit, "°") ? "%s%s" : "%s %s", number, unit);
  double text_width = pct_plot_measure_text(cr, theme, 1, FALSE, text, NULL), line = theme->text_size * 1.3;
  double widest = MAX(text_width, wide);
  draw_ground(cr, theme, right - widest - 4, bottom - line - 5, widest + 8, line + 9);
  pct_plot_set_colour(cr, theme->text, 1);
  cairo_rectangle(cr, round(right - wide), bottom - 2, round(wide), 2);
  cairo_fill(cr);
  pct_plot_draw_text(cr, theme, theme->text, 1, FALSE, right - wide / 2 - MAX(0, (text_width - wide) / 2),
                     bottom - line - 4, 0.5, text);
}

void
pct_scale_label_draw(cairo_t *cr, const PctPlotTheme *theme, double x, double y, const char *text)
{
  double line = theme->text_size * 1.3, width = pct_plot_measure_text(cr, theme, 1, FALSE, text, NULL);
  draw_ground(cr, theme, x, y, width + 8, line + 4);
  pct_plot_draw_text(cr, theme, theme->text, 1, FALSE, x + 4, y + 1, 0, text);
}

char *
pct_degrees_text(double pixels, double degrees_per_pixel)
{
  double degrees = pixels * degrees_per_pixel;
  g_autofree char *number = pct_number_text(degrees, fabs(degrees) < 10 ? 1 : 0);
  return g_strconcat(number, "°", NULL);
}
