// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/photograph.h"
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "data/area-resize.h"

#define LARGEST_PHOTO 2e8  // pixels: more is a mistake, or an attack

float *
pct_photograph_read(const char *path, int frame_height, int frame_width, int *height, int *width, GError **error)
{
  g_autoptr(GError) reason = NULL;
  const GdkPixbufFormat *format = gdk_pixbuf_get_file_info(path, width, height);
  g_autofree char *kind = format ? gdk_pixbuf_format_get_name((GdkPixbufFormat *)format) : NULL;
  if (g_strcmp0(kind, "png") != 0 && g_strcmp0(kind, "jpeg") != 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” is not a photograph that can be shown: those are PNG and JPEG files."),
                path);
    return NULL;
  }
  if ((double)*width * *height > LARGEST_PHOTO) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY,
                _("“%s” is %d x %d pixels, larger than a photograph can be meant to be."), path, *width, *height);
    return NULL;
  }
  g_autoptr(GdkPixbuf) stored = gdk_pixbuf_new_from_file(path, &reason);
  if (!stored) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The photograph “%s” cannot be read: %s."), path, reason->message);
    return NULL;
  }
  g_autoptr(GdkPixbuf) photo = gdk_pixbuf_apply_embedded_orientation(stored);
  *width = gdk_pixbuf_get_width(photo);
  *height = gdk_pixbuf_get_height(photo);
  if (*width < frame_width || *height < frame_height) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” is %d x %d pixels, smaller than the frame of %d x %d."),
                path, *width, *height, frame_width, frame_height);
    return NULL;
  }
  gsize channels = (gsize)gdk_pixbuf_get_n_channels(photo), stride = (gsize)gdk_pixbuf_get_rowstride(photo);
  const guint8 *pixels = gdk_pixbuf_read_pixels(photo);
  float *grey = g_try_new(float, (gsize)*width * (gsize)*height);
  if (!grey) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for the photograph “%s”."), path);
    return NULL;
  }
  for (gsize y = 0; y < (gsize)*height; y++)
    for (gsize x = 0; x < (gsize)*width; x++) {
      const guint8 *p = pixels + y * stride + x * channels;
      float luma = 0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2], alpha = channels == 4 ? p[3] / 255.0f : 1.0f;
      // What is transparent is mid-grey.
      grey[y * (gsize)*width + x] = alpha * luma + (1.0f - alpha) * 127.5f;
    }
  return grey;
}

gboolean
pct_photograph_read_framed(const char *path, int frame_height, int frame_width, float *out, GError **error)
{
  int height, width;
  g_autofree float *grey = pct_photograph_read(path, frame_height, frame_width, &height, &width, error);
  if (!grey)
    return FALSE;
  pct_area_resize_middle(grey, height, width, frame_height, frame_width, out);
  return TRUE;
}
