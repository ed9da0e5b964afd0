// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/picture-sheet.h"
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n-lib.h>
#include "base/atomic-file.h"
#include "base/error.h"
#include "data/enlarged.h"

#define MOST_PIXELS 2e8
#define MOST_SIDE 100000.0

static gboolean
append(const char *bytes, gsize n, GError **error, gpointer file)
{
  return pct_atomic_file_write(file, bytes, n, error);
}

gboolean
pct_picture_sheet_save(const char *path, const float *pictures, gsize n, gsize n_columns, int height,
                       int width, int scale, int gap, GError **error)
{
  g_return_val_if_fail(path && pictures && n >= 1 && n_columns >= 1 && height >= 1 && width >= 1, FALSE);
  g_return_val_if_fail(scale >= 1 && gap >= 0, FALSE);
  gsize n_rows = (n + n_columns - 1) / n_columns;
  double wide = (double)n_columns * ((double)width * scale + gap) - gap;
  double high = (double)n_rows * ((double)height * scale + gap) - gap;
  g_autofree char *shown = g_filename_display_name(path);
  if (wide * high > MOST_PIXELS || wide > MOST_SIDE || high > MOST_SIDE) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("The picture “%s” would be %.0f × %.0f pixels large; enlarge less, or take fewer steps."), shown,
                wide, high);
    return FALSE;
  }
  g_autoptr(GdkPixbuf) sheet = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, (int)wide, (int)high);
  if (!sheet) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is no memory for a picture of %.0f × %.0f pixels."), wide,
                high);
    return FALSE;
  }
  gdk_pixbuf_fill(sheet, 0xffffffff);
  gsize stride = (gsize)gdk_pixbuf_get_rowstride(sheet);
  gsize step_x = (gsize)(width * scale + gap) * 3, step_y = (gsize)(height * scale + gap) * stride;
  guint8 *bytes = gdk_pixbuf_get_pixels(sheet);
  for (gsize i = 0; i < n; i++)
    pct_enlarge_grey(pictures + i * (gsize)height * (gsize)width, height, width, scale,
                     bytes + i / n_columns * step_y + i % n_columns * step_x, stride, 3);
  g_autoptr(PctAtomicFile) file = pct_atomic_file_open(path, error);
  g_autoptr(GError) reason = NULL;
  if (!file)
    return FALSE;
  if (!gdk_pixbuf_save_to_callback(sheet, append, file, "png", &reason, NULL)) {
    if (reason->domain == PCT_ERROR)
      g_propagate_error(error, g_steal_pointer(&reason));
    else
      g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not write “%s”: %s."), shown, reason->message);
    return FALSE;
  }
  return pct_atomic_file_commit(file, error);
}
