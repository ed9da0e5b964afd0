// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "image-file.h"
#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>
#include "base/error.h"
#include "data/archive.h"

#define MOST_PIXELS 4096  // a side

static PctNpyArray *
read_array(const char *path, const PctRun *run, GError **error)
{
  if (!g_str_has_suffix(path, ".npz"))
    return pct_npy_load(path, NULL, error);
  // An archive that is not there would be told as a damaged one.
  if (g_access(path, R_OK) != 0) {
    int code = errno;
    g_autofree char *shown = g_filename_display_basename(path);
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), shown, g_strerror(code));
    return NULL;
  }
  g_autoptr(PctArchive) archive = pct_archive_open(path, run, error);
  return archive ? pct_archive_read(archive, "images.npy", error) : NULL;
}

float *
pct_image_file_read(const char *path, gsize *n, int *height, int *width, const PctRun *run, GError **error)
{
  g_autofree char *shown = g_filename_display_basename(path);
  g_autoptr(PctNpyArray) array = read_array(path, run, error);
  if (!array)
    return NULL;
  const gsize *shape = array->shape;
  guint rank = array->n_dims;
  if (rank < 3 || rank > 4 || (rank == 4 && shape[1] != 1) || shape[rank - 2] < 1 || shape[rank - 1] < 1 ||
      shape[rank - 2] > MOST_PIXELS || shape[rank - 1] > MOST_PIXELS) {
    g_autofree char *found = pct_npy_array_describe(array);
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("“%s” must hold images (images, height, width) or (images, 1, height, width), and is %s."), shown, found);
    return NULL;
  }
  *n = shape[0];
  *height = (int)shape[rank - 2];
  *width = (int)shape[rank - 1];
  g_autofree float *images = pct_npy_array_steal_floats(array, shown, error);
  if (!images)
    return NULL;
  gsize pixels = (gsize)*height * (gsize)*width;
  for (gsize i = 0; i < *n * pixels; i++)
    if (!isfinite(images[i])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” holds a pixel that is not a number, in image %zu."), shown,
                  i / pixels);
      return NULL;
    }
  return g_steal_pointer(&images);
}
