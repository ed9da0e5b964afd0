// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/recording-labels.h"
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/json-depth.h"
#include "data/recording-arrays.h"
#include "data/recording-hash.h"

// Of the objects and lists in it.
#define PROVENANCE_DEPTH 32

void
pct_recording_data_clear_labels(PctRecordingData *data)
{
  g_clear_pointer(&data->cell_area, g_strfreev);
  g_clear_pointer(&data->cell_layer, g_strfreev);
  g_clear_pointer(&data->cell_depth, g_free);
  g_clear_pointer(&data->provenance, g_free);
}

static gboolean
is_label(const char *text)
{
  if (!g_utf8_validate(text, -1, NULL) || g_utf8_strlen(text, -1) > PCT_LABEL_LONGEST)
    return FALSE;
  for (; *text; text = g_utf8_next_char(text))
    if (g_unichar_iscntrl(g_utf8_get_char(text)))
      return FALSE;
  return TRUE;
}

// area: of which of the two the sentence is.
static gboolean
check_labels(const PctRecordingData *data, char *const *labels, gboolean area, GError **error)
{
  int n = labels ? (int)g_strv_length((char **)labels) : data->n_neurons;
  if (n != data->n_neurons) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                area ? _("“%s” has the areas of %d neurons; expected those of %d.")
                     : _("“%s” has the layers of %d neurons; expected those of %d."), data->name, n, data->n_neurons);
    return FALSE;
  }
  for (int i = 0; labels && i < n; i++)
    if (!is_label(labels[i])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  area ? _("“%s” has an area of neuron %d that is no name; expected a line of at most %d characters.")
                       : _("“%s” has a layer of neuron %d that is no name; expected a line of at most %d characters."),
                  data->name, i, PCT_LABEL_LONGEST);
      return FALSE;
    }
  return TRUE;
}

// 0: unknown.
static gboolean
check_degrees(const char *shown, float degrees, GError **error)
{
  if (degrees > 0 && degrees <= PCT_DEGREES_PER_PIXEL_MOST)
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
              _("“%s” has %g degrees per pixel; expected more than 0 and at most %g."), shown, (double)degrees,
              (double)PCT_DEGREES_PER_PIXEL_MOST);
  return FALSE;
}

static gboolean
check_provenance(const char *shown, const char *text, GError **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable();
  gboolean sound = g_utf8_validate(text, -1, NULL) && pct_json_is_shallow(text, strlen(text), PROVENANCE_DEPTH) &&
                   json_parser_load_from_data(parser, text, -1, NULL);
  JsonNode *root = sound ? json_parser_get_root(parser) : NULL;
  if (root && JSON_NODE_HOLDS_OBJECT(root))
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
              _("“%s” has a provenance that is not a JSON object; expected one of how it was made."), shown);
  return FALSE;
}

gboolean
pct_recording_data_check_labels(const PctRecordingData *data, GError **error)
{
  for (int i = 0; data->cell_depth && i < data->n_neurons; i++)
    if (isinf(data->cell_depth[i])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("“%s” has an infinite depth of neuron %d; expected micrometres, or NaN where it is not known."),
                  data->name, i);
      return FALSE;
    }
  return check_labels(data, data->cell_area, TRUE, error) && check_labels(data, data->cell_layer, FALSE, error) &&
         (data->degrees_per_pixel == 0 || check_degrees(data->name, data->degrees_per_pixel, error)) &&
         (!data->provenance || check_provenance(data->name, data->provenance, error));
}

static char **
copy_label(char *const *from, const int *neurons, int n)
{
  if (!from)
    return NULL;
  char **out = g_new0(char *, (gsize)n + 1);
  for (int i = 0; i < n; i++)
    out[i] = g_strdup(from[neurons ? neurons[i] : i]);
  return out;
}

void
pct_recording_data_copy_labels(PctRecordingData *data, const PctRecordingData *from, const int *neurons)
{
  int n = data->n_neurons;
  data->cell_area = copy_label(from->cell_area, neurons, n);
  data->cell_layer = copy_label(from->cell_layer, neurons, n);
  data->cell_depth = from->cell_depth ? g_new(float, n) : NULL;
  for (int i = 0; data->cell_depth && i < n; i++)
    data->cell_depth[i] = from->cell_depth[neurons ? neurons[i] : i];
  data->degrees_per_pixel = from->degrees_per_pixel;
  data->provenance = g_strdup(from->provenance);
}

// Text i, or NULL with PCT_ERROR_FORMAT where it is not Unicode: two names that differ in what cannot be read must not
// become one.
static char *
read_text(const PctNpyArray *array, gsize i, const char *shown, GError **error)
{
  g_autofree char *text = pct_npy_array_dup_text(array, i);
  if (!strstr(text, "\xef\xbf\xbd"))
    return g_steal_pointer(&text);
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” has text that is not Unicode, at %d; expected UTF-8."), shown,
              (int)i);
  return NULL;
}

static gboolean
is_text(const PctNpyArray *array)
{
  return array->kind == PCT_NPY_UNICODE || array->kind == PCT_NPY_BYTES;
}

gboolean
pct_recording_data_read_label(const PctRecordingData *data, PctArchive *archive, const char *name, char ***out,
                              GError **error)
{
  if (!pct_archive_has(archive, name))
    return TRUE;
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, name, error);
  if (!array)
    return FALSE;
  if (!is_text(array) || array->n_dims != 1 || array->n_items != (gsize)data->n_neurons) {
    g_autofree char *expected = g_strdup_printf(_("one name for each of %d neurons"), data->n_neurons);
    return pct_shape_error(archive, name, array, expected, error);
  }
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  g_auto(GStrv) labels = g_new0(char *, array->n_items + 1);
  for (gsize i = 0; i < array->n_items; i++)
    if (!(labels[i] = read_text(array, i, shown, error)))
      return FALSE;
  *out = g_steal_pointer(&labels);
  return TRUE;
}

gboolean
pct_recording_data_read_depth(PctRecordingData *data, PctArchive *archive, const char *name, GError **error)
{
  g_autofree char *expected = g_strdup_printf(_("one number for each of %d neurons"), data->n_neurons);
  return pct_recording_data_read_floats(archive, name, data->n_neurons, 1, expected, &data->cell_depth, error);
}

static gboolean
read_degrees(PctRecordingData *data, PctArchive *archive, GError **error)
{
  const char *name = "degrees_per_pixel.npy";
  if (!pct_archive_has(archive, name))
    return TRUE;
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, name, error);
  if (!array)
    return FALSE;
  if (array->n_items != 1)
    return pct_shape_error(archive, name, array, _("one number"), error);
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  g_autofree float *value = pct_npy_array_dup_floats(array, shown, error);
  if (!value || (!isnan(*value) && !check_degrees(shown, *value, error)))
    return FALSE;
  data->degrees_per_pixel = isnan(*value) ? 0 : *value;
  return TRUE;
}

static gboolean
read_provenance(PctRecordingData *data, PctArchive *archive, GError **error)
{
  const char *name = "provenance.npy";
  if (!pct_archive_has(archive, name))
    return TRUE;
  g_autoptr(PctNpyArray) array = pct_archive_read(archive, name, error);
  if (!array)
    return FALSE;
  if (!is_text(array) || array->n_items != 1)
    return pct_shape_error(archive, name, array, _("one text"), error);
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  data->provenance = read_text(array, 0, shown, error);
  return data->provenance && check_provenance(shown, data->provenance, error);
}

gboolean
pct_recording_data_read_labels(PctRecordingData *data, PctArchive *archive, GError **error)
{
  return pct_recording_data_read_label(data, archive, "cell_area.npy", &data->cell_area, error) &&
         pct_recording_data_read_label(data, archive, "cell_layer.npy", &data->cell_layer, error) &&
         pct_recording_data_read_depth(data, archive, "cell_depth.npy", error) && read_degrees(data, archive, error) &&
         read_provenance(data, archive, error);
}

// (n,) texts as numpy's <U, as wide as the longest; n 0 dimensions: one.
static void
write_texts(PctNpzWriter *writer, const char *name, char *const *texts, gsize n, guint n_dims, GPtrArray *spelled)
{
  glong width = 1;
  for (gsize i = 0; i < n; i++)
    width = MAX(width, g_utf8_strlen(texts[i], -1));
  guint32 *characters = g_new0(guint32, MAX(n, 1) * (gsize)width);
  for (gsize i = 0; i < n; i++) {
    guint32 *out = characters + i * (gsize)width;
    for (const char *at = texts[i]; *at; at = g_utf8_next_char(at))
      *out++ = g_utf8_get_char(at);
  }
  g_ptr_array_add(spelled, characters);
  pct_npz_writer_add(writer, name, PCT_NPY_UNICODE, 4 * (gsize)width, n_dims, &n, characters);
}

void
pct_recording_data_write_labels(const PctRecordingData *data, PctNpzWriter *writer, GPtrArray *spelled)
{
  gsize m = (gsize)data->n_neurons;
  if (data->cell_area)
    write_texts(writer, "cell_area", data->cell_area, m, 1, spelled);
  if (data->cell_layer)
    write_texts(writer, "cell_layer", data->cell_layer, m, 1, spelled);
  if (data->cell_depth)
    pct_npz_writer_add(writer, "cell_depth", PCT_NPY_FLOAT, 4, 1, &m, data->cell_depth);
  if (data->degrees_per_pixel > 0)
    pct_npz_writer_add(writer, "degrees_per_pixel", PCT_NPY_FLOAT, 4, 0, NULL, &data->degrees_per_pixel);
  if (data->provenance)
    write_texts(writer, "provenance", &data->provenance, 1, 0, spelled);
}

char *const *
pct_recording_get_cell_area(const PctRecording *recording)
{
  return pct_recording_get_data(recording)->cell_area;
}

char *const *
pct_recording_get_cell_layer(const PctRecording *recording)
{
  return pct_recording_get_data(recording)->cell_layer;
}

const float *
pct_recording_get_cell_depth(const PctRecording *recording)
{
  return pct_recording_get_data(recording)->cell_depth;
}

float
pct_recording_get_degrees_per_pixel(const PctRecording *recording)
{
  float degrees = pct_recording_get_data(recording)->degrees_per_pixel;
  return degrees > 0 ? degrees : NAN;
}

const char *
pct_recording_get_provenance(const PctRecording *recording)
{
  return pct_recording_get_data(recording)->provenance;
}
