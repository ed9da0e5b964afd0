// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/file-tree.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "data/recording-arrays.h"
#include "data/recording-labels.h"

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

// One file of n numbers: NULL with an error.
static float *
read_numbers(const Reader *reader, const char *folder, int trial, gsize n, const char *expected, GError **error)
{
  g_autofree char *name = g_strdup_printf("%s%s/%d.npy", reader->root, folder, trial);
  g_autoptr(PctNpyArray) array = pct_archive_read(reader->archive, name, error);
  if (!array)
    return NULL;
  if (array->n_items != n) {
    pct_shape_error(reader->archive, name, array, expected, error);
    return NULL;
  }
  g_autofree char *shown = pct_archive_dup_shown(reader->archive, name);
  return pct_npy_array_dup_floats(array, shown, error);
}

#define BEHAVIOUR "data/behavior"
#define PUPIL_CENTRE "data/pupil_center"

static gboolean
has_folder(const Reader *reader, const char *folder)
{
  g_autofree char *path = g_strconcat(reader->root, folder, NULL);
  g_autoptr(GPtrArray) names = pct_archive_list(reader->archive, path);
  return names->len > 0;
}

// Room for what there is of behaviour, every trial of which must then have its file.
static gboolean
begin_behaviour(Reader *reader, GError **error)
{
  PctRecordingData *data = &reader->data;
  gsize n = (gsize)MAX(data->n_trials, 1);
  if (has_folder(reader, BEHAVIOUR)) {
    if (!check_folder(reader, BEHAVIOUR, error))
      return FALSE;
    data->pupil_size = g_new(float, n);
    data->running_speed = g_new(float, n);
  }
  if (has_folder(reader, PUPIL_CENTRE)) {
    if (!check_folder(reader, PUPIL_CENTRE, error))
      return FALSE;
    data->pupil_position = g_new(float, 2 * n);
  }
  return TRUE;
}

static gboolean
read_behaviour(Reader *reader, int trial, GError **error)
{
  PctRecordingData *data = &reader->data;
  if (data->running_speed) {
    g_autofree float *values = read_numbers(reader, BEHAVIOUR, trial, 3,
      _("the pupil’s size, its change and the running speed (3,) of one trial"), error);
    if (!values)
      return FALSE;
    data->pupil_size[trial] = values[0];
    data->running_speed[trial] = values[2];
  }
  if (data->pupil_position) {
    g_autofree float *values = read_numbers(reader, PUPIL_CENTRE, trial, 2,
                                            _("the pupil’s position (2,) in one trial"), error);
    if (!values)
      return FALSE;
    data->pupil_position[2 * trial] = values[0];
    data->pupil_position[2 * trial + 1] = values[1];
  }
  return TRUE;
}

// Area and layer, and how deep the neurons lie: of a microscope's three motors the third is the depth.
static gboolean
read_labels(Reader *reader, GError **error)
{
  PctRecordingData *data = &reader->data;
  g_autofree char *area = g_strconcat(reader->root, "meta/neurons/area.npy", NULL);
  g_autofree char *layer = g_strconcat(reader->root, "meta/neurons/layer.npy", NULL);
  g_autofree char *depth = g_strconcat(reader->root, "meta/neurons/depth.npy", NULL);
  if (!pct_recording_data_read_label(data, reader->archive, area, &data->cell_area, error) ||
      !pct_recording_data_read_label(data, reader->archive, layer, &data->cell_layer, error) ||
      !pct_recording_data_read_depth(data, reader->archive, depth, error))
    return FALSE;
  if (!data->cell_depth && data->cell_positions && data->position_dimensions == 3) {
    data->cell_depth = g_new(float, data->n_neurons);
    for (int i = 0; i < data->n_neurons; i++)
      data->cell_depth[i] = data->cell_positions[3 * (gsize)i + 2];
  }
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
      !check_folder(reader, "data/images", error) || !check_folder(reader, "data/responses", error) ||
      !begin_behaviour(reader, error))
    return FALSE;
  data->image_index = g_new0(gint32, MAX(data->n_trials, 1));
  for (int i = 0; i < data->n_trials; i++) {
    if (!read_image(reader, i, error) || !read_responses(reader, i, error) || !read_behaviour(reader, i, error))
      return FALSE;
    if (i % 32 == 31 && !pct_run_step(run, i + 1, data->n_trials, error))
      return FALSE;
  }
  return pct_recording_data_read_unit_ids(data, reader->archive, ids, error) &&
         pct_recording_data_read_positions(data, reader->archive, positions, error) && read_labels(reader, error);
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
