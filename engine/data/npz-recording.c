// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/npz-recording.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "data/npz-writer.h"
#include "data/recording-arrays.h"
#include "data/recording-behaviour.h"
#include "data/recording-hash.h"
#include "data/recording-labels.h"

gboolean
pct_npz_recording_detect(const PctArchive *archive)
{
  return pct_archive_has(archive, "images.npy") || pct_archive_has(archive, "responses.npy");
}

static gboolean
read_images(PctRecordingData *data, PctArchive *archive, GError **error)
{
  const char *name = "images.npy";
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, name, error);
  if (!array)
    return FALSE;
  guint d = array->n_dims;
  if (d != 3 && !(d == 4 && array->shape[1] == 1))
    return pct_shape_error(archive, name, array, _("grey images (images, height, width)"), error);
  if (!pct_size_to_int(archive, name, array, 0, &data->n_images, error) ||
      !pct_size_to_int(archive, name, array, d - 2, &data->height, error) ||
      !pct_size_to_int(archive, name, array, d - 1, &data->width, error))
    return FALSE;
  if (array->kind == PCT_NPY_UINT && array->item_size == 1) {
    data->image_bytes = g_steal_pointer(&array->data);
    return TRUE;
  }
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  data->image_floats = pct_npy_array_steal_floats(array, shown, error);
  return data->image_floats != NULL;
}

static gboolean
read_responses(PctRecordingData *data, PctArchive *archive, GError **error)
{
  const char *name = "responses.npy";
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, name, error);
  if (!array)
    return FALSE;
  if (array->n_dims != 2)
    return pct_shape_error(archive, name, array, _("responses (trials, neurons)"), error);
  if (!pct_size_to_int(archive, name, array, 0, &data->n_trials, error) ||
      !pct_size_to_int(archive, name, array, 1, &data->n_neurons, error))
    return FALSE;
  if (array->kind == PCT_NPY_FLOAT && array->item_size == 2) {
    data->responses_half = g_steal_pointer(&array->data);
    return TRUE;
  }
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  data->responses_float = pct_npy_array_steal_floats(array, shown, error);
  return data->responses_float != NULL;
}

static gboolean
read_averaged(PctRecordingData *data, PctArchive *archive, GError **error)
{
  const char *name = "averaged.npy";
  if (!pct_archive_has(archive, name)) {
    data->averaged = !data->image_index && !data->trial_repeat;
    return TRUE;
  }
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, name, error);
  if (!array)
    return FALSE;
  if (array->n_items != 1 || array->kind != PCT_NPY_BOOL)
    return pct_shape_error(archive, name, array, _("one truth value"), error);
  data->averaged = *(const guint8 *)array->data != 0;
  return TRUE;
}

PctRecording *
pct_npz_recording_read(PctArchive *archive, const char *name, GError **error)
{
  PctRecordingData data = { .name = g_strdup(name) };
  if (read_images(&data, archive, error) && read_responses(&data, archive, error) &&
      pct_recording_data_read_trial_numbers(&data, archive, "image_index.npy", &data.image_index, error) &&
      pct_recording_data_read_trial_numbers(&data, archive, "trial_repeat.npy", &data.trial_repeat, error) &&
      pct_recording_data_read_tiers(&data, archive, "tiers.npy", error) &&
      pct_recording_data_read_unit_ids(&data, archive, "unit_ids.npy", error) &&
      pct_recording_data_read_positions(&data, archive, "cell_positions.npy", error) &&
      read_averaged(&data, archive, error) && pct_recording_data_read_behaviour(&data, archive, error) &&
      pct_recording_data_read_labels(&data, archive, error))
    return pct_recording_new_take(&data, error);
  pct_recording_data_clear(&data);
  return NULL;
}

// (N,) names as numpy's <U10.
static guint32 *
spell_tiers(const PctRecordingData *data)
{
  guint32 *text = g_new0(guint32, (gsize)data->n_trials * 10);
  for (int i = 0; i < data->n_trials; i++) {
    const char *name = pct_tier_get_name((PctTier)data->tiers[i]);
    for (int j = 0; name[j]; j++)
      text[(gsize)i * 10 + (gsize)j] = (guint32)name[j];
  }
  return text;
}

gboolean
pct_npz_recording_write(const PctRecordingData *data, const char *path, const PctRun *run, GError **error)
{
  gsize k = (gsize)data->n_images, n = (gsize)data->n_trials, m = (gsize)data->n_neurons;
  gsize images[] = { k, (gsize)data->height, (gsize)data->width }, responses[] = { n, m };
  gsize positions[] = { m, (gsize)data->position_dimensions };
  g_autofree guint32 *tiers = spell_tiers(data);
  g_autoptr(GPtrArray) spelled = g_ptr_array_new_with_free_func(g_free);
  guint8 averaged = data->averaged != 0;
  g_autoptr(PctNpzWriter) writer = pct_npz_writer_new();
  if (data->image_bytes)
    pct_npz_writer_add(writer, "images", PCT_NPY_UINT, 1, 3, images, data->image_bytes);
  else
    pct_npz_writer_add(writer, "images", PCT_NPY_FLOAT, 4, 3, images, data->image_floats);
  if (data->responses_half)
    pct_npz_writer_add(writer, "responses", PCT_NPY_FLOAT, 2, 2, responses, data->responses_half);
  else
    pct_npz_writer_add(writer, "responses", PCT_NPY_FLOAT, 4, 2, responses, data->responses_float);
  if (data->image_index)
    pct_npz_writer_add(writer, "image_index", PCT_NPY_INT, 4, 1, &n, data->image_index);
  pct_npz_writer_add(writer, "tiers", PCT_NPY_UNICODE, 40, 1, &n, tiers);
  if (data->unit_ids)
    pct_npz_writer_add(writer, "unit_ids", PCT_NPY_INT, 8, 1, &m, data->unit_ids);
  if (data->cell_positions)
    pct_npz_writer_add(writer, "cell_positions", PCT_NPY_FLOAT, 4, 2, positions, data->cell_positions);
  if (data->trial_repeat)
    pct_npz_writer_add(writer, "trial_repeat", PCT_NPY_INT, 4, 1, &n, data->trial_repeat);
  pct_npz_writer_add(writer, "averaged", PCT_NPY_BOOL, 1, 0, NULL, &averaged);
  pct_recording_data_write_behaviour(data, writer);
  pct_recording_data_write_labels(data, writer, spelled);
  return pct_npz_writer_save(writer, path, run, error);
}
