// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/file-tree.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "data/recording-arrays.h"

typedef struct {
  PctArchive *archive;
  const char *root;
  PctRecordingData data;
  GHashTable *known;      // checksums of the images so far, to their numbers + 1
  gsize n_pixels;
} Reader;

char *
pct_file_tree_find_root(const PctArchive *archive)
{
  g_autoptr(GPtrArray) names = pct_archive_list(archive, "");
  for (guint i = 0; i <= names->len; i++) {
    g_autofree char *root = i == 0 ? g_strdup("") : g_strdup_printf("%s/", (const char *)names->pdata[i - 1]);
    g_autofree char *tiers = g_strconcat(root, "meta/trials/tiers.npy", NULL);
    g_autofree char *images = g_strconcat(root, "data/images", NULL);
    g_autoptr(GPtrArray) files = pct_archive_list(archive, images);
    if (pct_archive_has(archive, tiers) || files->len > 0)
      return g_steal_pointer(&root);
  }
  return NULL;
}

// Trial number of "<i>.npy", or -1: digits without leading zeros, so that no two names mean one trial.
static gint64
parse_number(const char *name)
{
  gsize digits = strspn(name, "0123456789");
  if (digits == 0 || digits > 9 || strcmp(name + digits, ".npy") != 0 || (digits > 1 && name[0] == '0'))
    return -1;
  return g_ascii_strtoll(name, NULL, 10);
}

// Every trial has its file in the folder, and no file is of a trial beyond them.
static gboolean
check_folder(const Reader *reader, const char *folder, GError **error)
{
  gint64 n = reader->data.n_trials;
  g_autofree char *path = g_strconcat(reader->root, folder, NULL);
  g_autofree char *shown = pct_archive_dup_shown(reader->archive, path);
  g_autoptr(GPtrArray) names = pct_archive_list(reader->archive, path);
  g_autofree guint8 *there = g_malloc0((gsize)n);
  const char *other = NULL;
  for (guint i = 0; i < names->len; i++) {
    gint64 number = parse_number(names->pdata[i]);
    if (number >= n) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                  _("“%s” has “%s”, but “meta/trials/tiers.npy” knows trials 0 to %d only."), shown,
                  (const char *)names->pdata[i], (int)n - 1);
      return FALSE;
    }
    if (number >= 0)
      there[number] = 1;
    else if (!other)
      other = names->pdata[i];
  }
  for (gint64 i = 0; i < n; i++) {
    if (there[i])
      continue;
    if (other)
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("“%s” has no “%d.npy”; expected one file for each of %d trials, found “%s” as well."), shown,
                  (int)i, (int)n, other);
    else
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("“%s” has no “%d.npy”; expected one file for each of %d trials."), shown, (int)i, (int)n);
    return FALSE;
  }
  return TRUE;
}

static gboolean
allocate(const Reader *reader, gsize n, float **out, GError **error)
{
  gsize total;
  *out = g_size_checked_mul(&total, n, (gsize)reader->data.n_trials) ? g_try_malloc_n(total, sizeof **out) : NULL;
  if (!*out)
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for “%s”."), reader->data.name);
  return *out != NULL;
}

static gboolean
read_image(Reader *reader, int trial, GError **error)
{
  PctRecordingData *data = &reader->data;
  g_autofree char *name = g_strdup_printf("%sdata/images/%d.npy", reader->root, trial);
  g_autoptr(PctNpyArray) array = pct_archive_read(reader->archive, name, error);
  if (!array)
    return FALSE;
  guint d = array->n_dims;
  if (array->n_items == 0 || (d != 2 && !(d == 3 && array->shape[0] == 1)))
    return pct_shape_error(reader->archive, name, array, _("one grey image (1, height, width)"), error);
  if (!data->image_floats) {
    if (!pct_size_to_int(reader->archive, name, array, d - 2, &data->height, error) ||
        !pct_size_to_int(reader->archive, name, array, d - 1, &data->width, error) ||
        !allocate(reader, array->n_items, &data->image_floats, error))
      return FALSE;
    reader->n_pixels = array->n_items;
  } else if (array->shape[d - 2] != (gsize)data->height || array->shape[d - 1] != (gsize)data->width) {
    g_autofree char *expected = g_strdup_printf(_("%d×%d pixels as image 0"), data->height, data->width);
    return pct_shape_error(reader->archive, name, array, expected, error);
  }
  g_autofree char *shown = pct_archive_dup_shown(reader->archive, name);
  g_autofree float *pixels = pct_npy_array_dup_floats(array, shown, error);
  if (!pixels)
    return FALSE;
  g_autofree char *content = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)pixels,
                                                         reader->n_pixels * sizeof *pixels);
  int number = GPOINTER_TO_INT(g_hash_table_lookup(reader->known, content)) - 1;
  if (number < 0) {
    number = data->n_images++;
    memcpy(data->image_floats + (gsize)number * reader->n_pixels, pixels, reader->n_pixels * sizeof *pixels);
    g_hash_table_insert(reader->known, g_steal_pointer(&content), GINT_TO_POINTER(number + 1));
  }
  data->image_index[trial] = number;
  return TRUE;
}

static gboolean
read_responses(Reader *reader, int trial, GError **error)
{
  PctRecordingData *data = &reader->data;
  g_autofree char *name = g_strdup_printf("%sdata/responses/%d.npy", reader->root, trial);
  g_autoptr(PctNpyArray) array = pct_archive_read(reader->archive, name, error);
  if (!array)
    return FALSE;
  if (array->n_dims != 1 || array->n_items == 0)
    return pct_shape_error(reader->archive, name, array, _("the responses (neurons,) to one trial"), error);
  if (!data->responses_float) {
    if (!pct_size_to_int(reader->archive, name, array, 0, &data->n_neurons, error) ||
        !allocate(reader, array->n_items, &data->responses_float, error))
      return FALSE;
  } else if (array->n_items != (gsize)data->n_neurons) {
    g_autofree char *expected = g_strdup_printf(_("%d neurons as in trial 0"), data->n_neurons);
    return pct_shape_error(reader->archive, name, array, expected, error);
  }
  g_autofree char *shown = pct_archive_dup_shown(reader->archive, name);
  g_autofree float *responses = pct_npy_array_dup_floats(array, shown, error);
  if (!responses)
    return FALSE;
  gsize m = (gsize)data->n_neurons;
  memcpy(data->responses_float + (gsize)trial * m, responses, m * sizeof *responses);
  return TRUE;
}

static gboolean
read_all(Reader *reader, const PctRun *run, GError **error)
{
  PctRecordingData *data = &reader->data;
  g_autofree char *tiers = g_strconcat(reader->root, "meta/trials/tiers.npy", NULL);
  g_autofree char *ids = g_strconcat(reader->root, "meta/neurons/unit_ids.npy", NULL);
  g_autofree char *positions = g_strconcat(reader->root, "meta/neurons/cell_motor_coordinates.npy", NULL);
  if (!pct_recording_data_read_tiers(data, reader->archive, tiers, error) ||
      !check_folder(reader, "data/images", error) || !check_folder(reader, "data/responses", error))
    return FALSE;
  data->image_index = g_new0(gint32, MAX(data->n_trials, 1));
  for (int i = 0; i < data->n_trials; i++) {
    if (!read_image(reader, i, error) || !read_responses(reader, i, error))
      return FALSE;
    if (i % 32 == 31 && !pct_run_step(run, i + 1, data->n_trials, error))
      return FALSE;
  }
  return pct_recording_data_read_unit_ids(data, reader->archive, ids, error) &&
         pct_recording_data_read_positions(data, reader->archive, positions, error);
}

PctRecording *
pct_file_tree_read(PctArchive *archive, const char *root, const char *name, const PctRun *run, GError **error)
{
  Reader reader = { archive, root, { .name = g_strdup(name) } };
  reader.known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  gboolean ok = read_all(&reader, run, error);
  g_hash_table_unref(reader.known);
  if (ok)
    return pct_recording_new_take(&reader.data, error);
  pct_recording_data_clear(&reader.data);
  return NULL;
}
