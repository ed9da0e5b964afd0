// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "plots/export.h"
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <math.h>

#define PNG_SCALE 2

static cairo_status_t
append(void *bytes, const unsigned char *data, unsigned int length)
{
  g_byte_array_append(bytes, data, length);
  return CAIRO_STATUS_SUCCESS;
}

gboolean
pct_plot_export(PctPlotDrawFunc draw, gconstpointer figure, const PctPlotTheme *theme, double width, double height,
                const char *path, GError **error)
{
  g_return_val_if_fail(draw && theme && path && width >= 1 && height >= 1, FALSE);
  g_autofree char *shown = g_filename_display_name(path);
  g_autofree char *lower = g_ascii_strdown(path, -1);
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  gboolean png = g_str_has_suffix(lower, ".png");
  cairo_surface_t *surface;
  if (png)
    surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(width * PNG_SCALE),
                                         (int)ceil(height * PNG_SCALE));
  else if (g_str_has_suffix(lower, ".svg"))
    surface = cairo_svg_surface_create_for_stream(append, bytes, width, height);
  else if (g_str_has_suffix(lower, ".pdf"))
    surface = cairo_pdf_surface_create_for_stream(append, bytes, width, height);
  else {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                _("A figure is saved as .png, .svg or .pdf; “%s” is none of them."), shown);
    return FALSE;
  }

  cairo_t *cr = cairo_create(surface);
  if (png)
    cairo_scale(cr, PNG_SCALE, PNG_SCALE);
  pct_plot_set_colour(cr, theme->background, 1);
  cairo_paint(cr);
  draw(figure, theme, cr, width, height);
  cairo_status_t status = cairo_status(cr);
  cairo_destroy(cr);
  if (status == CAIRO_STATUS_SUCCESS && png)
    status = cairo_surface_write_to_png_stream(surface, append, bytes);
  cairo_surface_finish(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  if (status != CAIRO_STATUS_SUCCESS) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The figure “%s” could not be drawn: %s."), shown,
                cairo_status_to_string(status));
    return FALSE;
  }
  return g_file_set_contents_full(path, (const char *)bytes->data, bytes->len,
                                  G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644, error);
}
