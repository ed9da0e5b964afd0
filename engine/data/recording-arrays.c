// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/recording-arrays.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"

gboolean
pct_shape_error(const PctArchive *archive, const char *name, const PctNpyArray *array, const char *expected,
                GError **error)
{
  g_autofree char *shown = pct_archive_dup_shown(archive, name), *found = pct_npy_array_describe(array);
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” does not fit: expected %s, found %s."), shown, expected,
              found);
  return FALSE;
}

gboolean
pct_size_to_int(const PctArchive *archive, const char *name, const PctNpyArray *array, guint dimension, int *out,
                GError **error)
{
  if (array->shape[dimension] > G_MAXINT)
    return pct_shape_error(archive, name, array, _("at most 2,147,483,647 along each dimension"), error);
  *out = (int)array->shape[dimension];
  return TRUE;
}

gboolean
pct_recording_data_read_tiers(PctRecordingData *data, PctArchive *archive, const char *name, GError **error)
{
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, name, error);
  if (!array)
    return FALSE;
  gboolean text = array->kind == PCT_NPY_UNICODE || array->kind == PCT_NPY_BYTES;
  if (!text || array->n_dims != 1)
    return pct_shape_error(archive, name, array, _("one name of a tier a trial"), error);
  if (data->n_trials != 0 && array->n_items != (gsize)data->n_trials) {
    g_autofree char *expected = g_strdup_printf(_("the tiers of %d trials"), data->n_trials);
    return pct_shape_error(archive, name, array, expected, error);
  }
  if (!pct_size_to_int(archive, name, array, 0, &data->n_trials, error))
    return FALSE;
  data->tiers = g_new(guint8, MAX(array->n_items, 1));
  for (gsize i = 0; i < array->n_items; i++) {
    g_autofree char *word = pct_npy_array_dup_text(array, i);
    PctTier tier;
    if (!pct_tier_from_name(word, &tier)) {
      g_autofree char *shown = pct_archive_dup_shown(archive, name);
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("“%s” has the tier “%s” at trial %d; expected train, validation or test."), shown, word, (int)i);
      return FALSE;
    }
    data->tiers[i] = (guint8)tier;
  }
  return TRUE;
}

gboolean
pct_recording_data_read_unit_ids(PctRecordingData *data, PctArchive *archive, const char *name, GError **error)
{
  if (!pct_archive_has(archive, name))
    return TRUE;
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, name, error);
  if (!array)
    return FALSE;
  if (array->n_dims != 1 || array->n_items != (gsize)data->n_neurons) {
    g_autofree char *expected = g_strdup_printf(_("one number for each of %d neurons"), data->n_neurons);
    return pct_shape_error(archive, name, array, expected, error);
  }
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  data->unit_ids = pct_npy_array_dup_integers(array, shown, error);
  return data->unit_ids != NULL;
}

gboolean
pct_recording_data_read_positions(PctRecordingData *data, PctArchive *archive, const char *name, GError **error)
{
  if (!pct_archive_has(archive, name))
    return TRUE;
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, name, error);
  if (!array)
    return FALSE;
  if (array->n_dims != 2 || array->shape[0] != (gsize)data->n_neurons ||
      (array->shape[1] != 2 && array->shape[1] != 3)) {
    g_autofree char *expected = g_strdup_printf(_("two or three coordinates for each of %d neurons"), data->n_neurons);
    return pct_shape_error(archive, name, array, expected, error);
  }
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  data->position_dimensions = (int)array->shape[1];
  data->cell_positions = pct_npy_array_steal_floats(array, shown, error);
  return data->cell_positions != NULL;
}

gboolean
pct_recording_data_read_floats(PctArchive *archive, const char *name, int n, int columns, const char *expected,
                               float **out, GError **error)
{
  if (!pct_archive_has(archive, name))
    return TRUE;
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, name, error);
  if (!array)
    return FALSE;
  guint n_dims = columns == 1 ? 1 : 2;
  if (array->n_dims != n_dims || array->shape[0] != (gsize)n || (n_dims == 2 && array->shape[1] != (gsize)columns))
    return pct_shape_error(archive, name, array, expected, error);
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  *out = pct_npy_array_steal_floats(array, shown, error);
  return *out != NULL;
}

gboolean
pct_recording_data_read_trial_numbers(const PctRecordingData *data, PctArchive *archive, const char *name, gint32 **out,
                                      GError **error)
{
  if (!pct_archive_has(archive, name))
    return TRUE;
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, name, error);
  if (!array)
    return FALSE;
  if (array->n_dims != 1 || array->n_items != (gsize)data->n_trials) {
    g_autofree char *expected = g_strdup_printf(_("one number for each of %d trials"), data->n_trials);
    return pct_shape_error(archive, name, array, expected, error);
  }
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  g_autofree gint64 *numbers = pct_npy_array_dup_integers(array, shown, error);
  if (!numbers)
    return FALSE;
  gint32 *narrow = g_new(gint32, MAX(array->n_items, 1));
  for (gsize i = 0; i < array->n_items; i++) {
    if (numbers[i] < G_MININT32 || numbers[i] > G_MAXINT32) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, 
                  _("“%s” has %lld at trial %d; expected a number of 32 bits."), shown, (long long)numbers[i], (int)i);
      g_free(narrow);
      return FALSE;
    }
    narrow[i] = (gint32)numbers[i];
  }
  *out = narrow;
  return TRUE;
}
