// SPDX-License-Identifier: GPL-3.0-or-later
// Theme, text and the few shapes that several figures draw.
#include "plots/plot.h"
#include <math.h>

#define RGB(hex) { ((hex) >> 16 & 255) / 255.0, ((hex) >> 8 & 255) / 255.0, ((hex) & 255) / 255.0 }

// The series colours are the GNOME palette's, ordered so that neighbours differ in lightness as well as in hue: they
// stay apart for most colour-blind readers and in a grey print.
const PctPlotTheme pct_plot_theme_light = {
  .background = RGB(0xffffff), .text = RGB(0x2e3436), .dim = RGB(0x77767b), .grid = RGB(0xdedddf),
  .accent = RGB(0x3584e4), .warning = RGB(0xae6200),
  .series = { RGB(0x3584e4), RGB(0xc061cb), RGB(0x26a269), RGB(0xe66100), RGB(0x986a44), RGB(0x1c71d8) },
  .text_size = 11, .family = "Cantarell, Sans",
};
const PctPlotTheme pct_plot_theme_dark = {
  .background = RGB(0x303030), .text = RGB(0xf6f5f4), .dim = RGB(0xa8a7ab), .grid = RGB(0x4a4a4d),
  .accent = RGB(0x62a0ea), .warning = RGB(0xf8c057),
  .series = { RGB(0x62a0ea), RGB(0xdc8add), RGB(0x57c78b), RGB(0xffa348), RGB(0xcdab8f), RGB(0x99c1f1) },
  .text_size = 11, .family = "Cantarell, Sans",
};

void
pct_plot_set_colour(cairo_t *cr, PctColour colour, double alpha)
{
  cairo_set_source_rgba(cr, colour.red, colour.green, colour.blue, alpha);
}

static PangoLayout *
layout_new(cairo_t *cr, const PctPlotTheme *theme, double scale, gboolean bold, const char *text)
{
  PangoLayout *layout = pango_cairo_create_layout(cr);
  PangoFontDescription *font = pango_font_description_new();
  pango_font_description_set_family_static(font, theme->family);
  pango_font_description_set_absolute_size(font, theme->text_size * scale * PANGO_SCALE);
  if (bold)
    pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_text(layout, text, -1);
  return layout;
}

double
pct_plot_draw_text(cairo_t *cr, const PctPlotTheme *theme, PctColour colour, double scale, gboolean bold, double x,
                   double y, double align, const char *text)
{
  g_autoptr(PangoLayout) layout = layout_new(cr, theme, scale, bold, text);
  PangoRectangle extents;
  pango_layout_get_pixel_extents(layout, NULL, &extents);
  cairo_move_to(cr, round(x - align * extents.width), round(y));
  pct_plot_set_colour(cr, colour, 1);
  pango_cairo_show_layout(cr, layout);
  cairo_new_path(cr);
  return extents.width;
}

double
pct_plot_measure_text(cairo_t *cr, const PctPlotTheme *theme, double scale, gboolean bold, const char *text,
                      double *height)
{
  g_autoptr(PangoLayout) layout = layout_new(cr, theme, scale, bold, text);
  PangoRectangle extents;
  pango_layout_get_pixel_extents(layout, NULL, &extents);
  if (height)
    *height = extents.height;
  return extents.width;
}

void
pct_plot_rounded_rectangle(cairo_t *cr, double x, double y, double width, double height, double radius)
{
  double r = MIN(radius, MIN(width, height) / 2);
  cairo_new_sub_path(cr);
  cairo_arc(cr, x + width - r, y + r, r, -G_PI_2, 0);
  cairo_arc(cr, x + width - r, y + height - r, r, 0, G_PI_2);
  cairo_arc(cr, x + r, y + height - r, r, G_PI_2, G_PI);
  cairo_arc(cr, x + r, y + r, r, G_PI, 3 * G_PI_2);
  cairo_close_path(cr);
}
