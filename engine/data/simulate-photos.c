// SPDX-License-Identifier: GPL-3.0-or-later
// Photographs from a folder: divided between the tiers first, so that two crops of one are never in two tiers; then
// each is read once and all its crops are taken. A crop has the frame's shape and is at least as large as the frame.
#include "config.h"
#include "data/simulate-images.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "data/area-resize.h"
#include "data/photograph.h"

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
  gsize pixels = (gsize)images->height * (gsize)images->width;
  g_autofree float *crop = g_new(float, pixels);
  pct_area_resize(grey, height, width, x, y, crop_height, crop_width, images->height, images->width, crop);
  for (gsize i = 0; i < pixels; i++)
    images->pixels[(gsize)k * pixels + i] = (guint8)lrintf(crop[i]);
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
      g_autofree float *grey = pct_photograph_read(file, images->height, images->width, &height, &width, error);
      if (!grey)
        return FALSE;
      for (int k = i; k < images->n[tier]; k += share[tier], done++)
        crop_at_random(grey, height, width, images, start + k, seed);
      if (!pct_run_step(run, done, total_steps, error))
        return FALSE;
    }
  return TRUE;
}
