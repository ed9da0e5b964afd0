// SPDX-License-Identifier: GPL-3.0-or-later
// A set of most exciting inputs in memory, and as a file.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "data/archive.h"
#include "data/npz-writer.h"
#include "encode/mei.h"

// Beyond any recording; products of such sizes do not overflow.
#define MAX_SIDE 4096
#define MAX_NEURONS (1 << 24)

PctMeiSet *
pct_mei_set_new(const int *neurons, int n, int height, int width, GError **error)
{
  g_return_val_if_fail(n >= 0 && height > 0 && width > 0 && (neurons || n == 0), NULL);
  g_autoptr(PctMeiSet) set = g_new0(PctMeiSet, 1);
  gsize rows = (gsize)n + 1, pixels = (gsize)height * (gsize)width;
  set->n = n;
  set->height = height;
  set->width = width;
  set->neurons = calloc(rows, sizeof(int));
  set->images = calloc(rows, pixels * sizeof(float));
  set->activations = calloc(rows, sizeof(float));
  set->baselines = calloc(rows, sizeof(float));
  set->ready = calloc(rows, 1);
  if (!set->neurons || !set->images || !set->activations || !set->baselines || !set->ready) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for %d images of %d × %d pixels."), n,
                width, height);
    return NULL;
  }
  if (n > 0)
    memcpy(set->neurons, neurons, (gsize)n * sizeof(int));
  return g_steal_pointer(&set);
}

void
pct_mei_set_free(PctMeiSet *set)
{
  if (!set)
    return;
  free(set->neurons);
  free(set->images);
  free(set->activations);
  free(set->baselines);
  free(set->ready);
  g_free(set);
}

gboolean
pct_mei_set_is_ready(const PctMeiSet *set, int row)
{
  return __atomic_load_n(&set->ready[row], __ATOMIC_ACQUIRE) != 0;
}

void
pct_mei_set_mark_ready(PctMeiSet *set, int row)
{
  __atomic_store_n(&set->ready[row], 1, __ATOMIC_RELEASE);
}

gboolean
pct_mei_set_save(const PctMeiSet *set, const char *path, GError **error)
{
  gsize n = (gsize)set->n, shape[] = { n, (gsize)set->height, (gsize)set->width };
  // A snapshot first: rows may become ready while the file is written, and an image must not be of two minds.
  gsize pixels = shape[1] * shape[2];
  g_autofree guint8 *ready = g_new0(guint8, n + 1);
  g_autoptr(PctMeiSet) copy = pct_mei_set_new(set->neurons, set->n, set->height, set->width, error);
  if (!copy)
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    if (!(ready[i] = pct_mei_set_is_ready(set, (int)i)))
      continue;
    memcpy(copy->images + i * pixels, set->images + i * pixels, pixels * sizeof(float));
    copy->activations[i] = set->activations[i];
    copy->baselines[i] = set->baselines[i];
  }
  guint64 seed = set->seed;
  g_autoptr(PctNpzWriter) writer = pct_npz_writer_new();
  pct_npz_writer_add(writer, "meis", PCT_NPY_FLOAT, 4, 3, shape, copy->images);
  pct_npz_writer_add(writer, "activation", PCT_NPY_FLOAT, 4, 1, &n, copy->activations);
  pct_npz_writer_add(writer, "baseline", PCT_NPY_FLOAT, 4, 1, &n, copy->baselines);
  pct_npz_writer_add(writer, "neuron", PCT_NPY_INT, 4, 1, &n, copy->neurons);
  pct_npz_writer_add(writer, "mean", PCT_NPY_FLOAT, 8, 0, NULL, &set->mean);
  pct_npz_writer_add(writer, "contrast", PCT_NPY_FLOAT, 8, 0, NULL, &set->contrast);
  pct_npz_writer_add(writer, "seed", PCT_NPY_UINT, 8, 0, NULL, &seed);
  if (memchr(ready, 0, n))
    pct_npz_writer_add(writer, "ready", PCT_NPY_BOOL, 1, 1, &n, ready);
  return pct_npz_writer_save(writer, path, NULL, error);
}

static gboolean
refuse(const PctArchive *archive, PctError code, const char *reason, GError **error)
{
  g_set_error(error, PCT_ERROR, code, _("“%s” is not a set of most exciting inputs: %s."),
              pct_archive_get_shown(archive), reason);
  return FALSE;
}

// (n,) numbers.
static float *
read_numbers(PctArchive *archive, const char *name, gsize n, GError **error)
{
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, name, error);
  if (!array)
    return NULL;
  if (array->n_dims != 1 || array->n_items != n) {
    refuse(archive, PCT_ERROR_SHAPE, _("its arrays are not of one length"), error);
    return NULL;
  }
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  return pct_npy_array_dup_floats(array, shown, error);
}

static gboolean
read_rows(PctMeiSet *set, PctArchive *archive, GError **error)
{
  gsize n = (gsize)set->n;
  g_autofree float *activations = read_numbers(archive, "activation.npy", n, error);
  g_autofree float *baselines = activations ? read_numbers(archive, "baseline.npy", n, error) : NULL;
  g_autoptr(PctNpyArray) neurons = baselines ? pct_archive_read(archive, "neuron.npy", error) : NULL;
  if (!neurons)
    return FALSE;
  if (neurons->n_dims != 1 || neurons->n_items != n)
    return refuse(archive, PCT_ERROR_SHAPE, _("its arrays are not of one length"), error);
  g_autofree char *shown = pct_archive_dup_shown(archive, "neuron.npy");
  g_autofree gint64 *numbers = pct_npy_array_dup_integers(neurons, shown, error);
  g_autofree float *ready = NULL;
  if (!numbers || (pct_archive_has(archive, "ready.npy") && !(ready = read_numbers(archive, "ready.npy", n, error))))
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    if (numbers[i] < 0 || numbers[i] >= MAX_NEURONS)
      return refuse(archive, PCT_ERROR_FORMAT, _("a neuron’s number is out of range"), error);
    set->neurons[i] = (int)numbers[i];
    set->activations[i] = activations[i];
    set->baselines[i] = baselines[i];
    set->ready[i] = !ready || ready[i] != 0;
  }
  return TRUE;
}

static gboolean
read_one(PctArchive *archive, const char *name, double *out, GError **error)
{
  *out = NAN;
  if (!pct_archive_has(archive, name))
    return TRUE;
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, name, error);
  if (!array)
    return FALSE;
  if (array->n_items != 1 || array->kind != PCT_NPY_FLOAT || array->item_size != 8)
    return refuse(archive, PCT_ERROR_FORMAT, _("its mean or contrast is not one number"), error);
  *out = *(const double *)array->data;
  return TRUE;
}

static gboolean
read_seed(PctArchive *archive, guint64 *seed, GError **error)
{
  if (!pct_archive_has(archive, "seed.npy"))
    return TRUE;
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, "seed.npy", error);
  if (!array)
    return FALSE;
  if (array->n_items != 1 || array->kind != PCT_NPY_UINT || array->item_size != 8)
    return refuse(archive, PCT_ERROR_FORMAT, _("its seed is not one whole number"), error);
  *seed = *(const guint64 *)array->data;
  return TRUE;
}

PctMeiSet *
pct_mei_set_load(const char *path, GError **error)
{
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_autofree char *name = g_filename_display_basename(path);
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("There is no file “%s”."), name);
    return NULL;
  }
  g_autoptr(PctArchive) archive = pct_archive_open(path, NULL, error);
  g_autoptr(PctNpyArray) images = archive ? pct_archive_read(archive, "meis.npy", error) : NULL;
  if (!images)
    return NULL;
  if (images->n_dims != 3 || images->shape[0] > MAX_NEURONS || images->shape[1] < 1 || images->shape[1] > MAX_SIDE ||
      images->shape[2] < 1 || images->shape[2] > MAX_SIDE) {
    refuse(archive, PCT_ERROR_SHAPE, _("expected images (neurons, height, width)"), error);
    return NULL;
  }
  g_autofree char *shown = pct_archive_dup_shown(archive, "meis.npy");
  g_autofree float *pixels = pct_npy_array_steal_floats(images, shown, error);
  if (!pixels)
    return NULL;
  g_autofree int *nobody = g_new0(int, images->shape[0] + 1);
  g_autoptr(PctMeiSet) set = pct_mei_set_new(nobody, (int)images->shape[0], (int)images->shape[1],
                                             (int)images->shape[2], error);
  if (!set || !read_rows(set, archive, error) || !read_one(archive, "mean.npy", &set->mean, error) ||
      !read_one(archive, "contrast.npy", &set->contrast, error) || !read_seed(archive, &set->seed, error))
    return NULL;
  memcpy(set->images, pixels, images->n_items * sizeof(float));
  for (int i = 0; i < set->n; i++)
    if (!isfinite(set->activations[i]) || !isfinite(set->baselines[i]))
      return refuse(archive, PCT_ERROR_FORMAT, _("a response in it is not a number"), error), NULL;
  for (gsize i = 0; i < images->n_items; i++)
    if (!isfinite(set->images[i]))
      return refuse(archive, PCT_ERROR_FORMAT, _("a pixel in it is not a number"), error), NULL;
  return g_steal_pointer(&set);
}
