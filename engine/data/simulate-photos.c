// SPDX-License-Identifier: GPL-3.0-or-later
// Photographs from a folder: divided between the tiers first, so that two crops of one are never in two tiers; then
// each is read once and all its crops are taken. A crop has the frame's shape, is at least as large as the frame, and
// is averaged down over areas. Grey is Rec. 601 luma of the pixel values as stored (gamma-coded, as screens show them).
#include "config.h"
#include "data/simulate-images.h"
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"

#define LARGEST_PHOTO 2e8  // pixels: more is a mistake, or an attack
#define STREAM_PHOTOS ((guint64)0x50 << 32)

static int
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Names in the folder, sorted, hidden ones left out.
static GPtrArray *
list_photos(const char *path, GError **error)
{
  g_autoptr(GError) reason = NULL;
  g_autoptr(GDir) folder = g_dir_open(path, 0, &reason);
  if (!folder) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("The folder “%s” cannot be read: %s."), path, reason->message);
    return NULL;
  }
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (const char *name; (name = g_dir_read_name(folder));)
    if (name[0] != '.')
      g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, compare_names);
  if (names->len < PCT_N_TIERS) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("A simulation needs at least three photographs, for training, validation and test, but “%s” has %u."),
                path, names->len);
    return NULL;
  }
  return g_steal_pointer(&names);
}

// Grey levels (height, width) of a photograph, upright; free with g_free.
static float *
read_photo(const char *path, int frame_height, int frame_width, int *height, int *width, GError **error)
{
  g_autoptr(GError) reason = NULL;
  const GdkPixbufFormat *format = gdk_pixbuf_get_file_info(path, width, height);
  g_autofree char *kind = format ? gdk_pixbuf_format_get_name((GdkPixbufFormat *)format) : NULL;
  if (g_strcmp0(kind, "png") != 0 && g_strcmp0(kind, "jpeg") != 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” is not a photograph that can be shown: a folder of photographs holds PNG and JPEG files only."),
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

// The weighted mean of values over [from, to), stride apart; pixels that the interval cuts count in part.
static double
average(const double *values, double from, double to)
{
  double sum = 0.0;
  for (int i = (int)from; i < to; i++)
    sum += values[i] * (MIN(to, i + 1.0) - MAX(from, i));
  return sum / (to - from);
}

// out (frame_height, frame_width): the crop at (x, y) of the given size, averaged over areas, columns first.
static void
crop(const float *grey, int height, int width, double x, double y, double crop_height, double crop_width,
     int frame_height, int frame_width, guint8 *out)
{
  g_autofree double *column = g_new(double, height), *row = g_new(double, width);
  double step_y = crop_height / frame_height, step_x = crop_width / frame_width;
  g_autofree double *narrow = g_new(double, (gsize)height * (gsize)frame_width);
  int first = (int)y, end = MIN(height, (int)ceil(y + crop_height));
  for (int i = first; i < end; i++) {
    for (int j = 0; j < width; j++)
      row[j] = grey[(gsize)i * (gsize)width + (gsize)j];
    for (int j = 0; j < frame_width; j++)
      narrow[(gsize)i * (gsize)frame_width + (gsize)j] = average(row, x + j * step_x, MIN(width, x + (j + 1) * step_x));
  }
  for (int j = 0; j < frame_width; j++) {
    for (int i = first; i < end; i++)
      column[i] = narrow[(gsize)i * (gsize)frame_width + (gsize)j];
    for (int i = 0; i < frame_height; i++) {
      double value = average(column, y + i * step_y, MIN(height, y + (i + 1) * step_y));
      out[i * frame_width + j] = (guint8)lrint(CLAMP(value, 0.0, 255.0));
    }
  }
}

// Crops picture number k (of all) from a photograph, at a size and place that the seed and k decide.
static void
crop_at_random(const float *grey, int height, int width, PctSimulationImages *images, int k, guint64 seed)
{
  PctRandom random = pct_random(seed, STREAM_PHOTOS + 1 + (guint64)k);
  double largest = MIN((double)height / images->height, (double)width / images->width);
  double scale = MAX(1.0, largest * (0.5 + 0.5 * pct_random_uniform(&random)));
  double crop_height = MIN(height, scale * images->height), crop_width = MIN(width, scale * images->width);
  double x = (width - crop_width) * pct_random_uniform(&random);
  double y = (height - crop_height) * pct_random_uniform(&random);
  crop(grey, height, width, x, y, crop_height, crop_width, images->height, images->width,
       images->pixels + (gsize)k * (gsize)images->height * (gsize)images->width);
}

gboolean
pct_simulation_images_from_folder(PctSimulationImages *images, const char *path, guint64 seed, const PctRun *run,
                                  double total_steps, GError **error)
{
  g_autoptr(GPtrArray) names = list_photos(path, error);
  if (!names)
    return FALSE;
  int n_photos = (int)names->len, total = images->n[0] + images->n[1] + images->n[2], at = 0, done = 0;
  int share[PCT_N_TIERS];
  share[PCT_TIER_TEST] = MAX(1, (int)((double)n_photos * images->n[PCT_TIER_TEST] / total));
  share[PCT_TIER_VALIDATION] = MAX(1, (int)((double)n_photos * images->n[PCT_TIER_VALIDATION] / total));
  share[PCT_TIER_TRAIN] = n_photos - share[PCT_TIER_TEST] - share[PCT_TIER_VALIDATION];
  images->pixels = g_try_malloc((gsize)total * (gsize)images->height * (gsize)images->width);
  if (!images->pixels) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for %d images."), total);
    return FALSE;
  }
  PctRandom random = pct_random(seed, STREAM_PHOTOS);
  g_autofree guint32 *order = g_new(guint32, n_photos);
  pct_random_permutation(&random, order, (guint32)n_photos);
  for (int tier = 0, start = 0; tier < PCT_N_TIERS; start += images->n[tier], tier++)
    for (int i = 0; i < share[tier]; i++) {
      g_autofree char *file = g_build_filename(path, g_ptr_array_index(names, order[at++]), NULL);
      int height, width;
      // Read even if no crop is needed of it: a bad file in the folder is told whatever the seed.
      g_autofree float *grey = read_photo(file, images->height, images->width, &height, &width, error);
      if (!grey)
        return FALSE;
      for (int k = i; k < images->n[tier]; k += share[tier], done++)
        crop_at_random(grey, height, width, images, start + k, seed);
      if (!pct_run_step(run, done, total_steps, error))
        return FALSE;
    }
  return TRUE;
}
