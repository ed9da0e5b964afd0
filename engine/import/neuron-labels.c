// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of the neurons: number, place, area, layer, depth. An array may speak of all neurons of the files or of
// the kept ones alone; what is not known of a neuron stays unknown.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "data/recording-labels.h"
#include "import/assembly.h"

// Opens a role; *all: whether it speaks of all neurons, not of the kept ones.
static gboolean
open_role(const PctAssembly *assembly, PctImportRole role, PctRoleArray *array, gboolean *all, GError **error)
{
  if (!pct_assembly_open(assembly, role, array, error))
    return FALSE;
  int m = array->entry ? pct_role_array_get_size(array, 'm') : 0;
  *all = m == assembly->n_source_neurons;
  if (!array->entry || *all || m == assembly->n_neurons)
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” (%s) speaks of %d neurons, but there are %d."),
              array->entry->name, _(pct_import_role_get(role)->title), m, assembly->n_source_neurons);
  return FALSE;
}

static int
source_of(const PctAssembly *assembly, int neuron, gboolean all)
{
  return all ? assembly->neurons[neuron] : neuron;
}

static gboolean
read_ids(PctAssembly *assembly, PctRecordingData *data, GError **error)
{
  PctRoleArray array;
  gboolean all;
  if (!open_role(assembly, PCT_ROLE_UNIT_IDS, &array, &all, error))
    return FALSE;
  if (array.entry && pct_role_array_is_text(&array)) {
    pct_assembly_take_remark(assembly, g_strdup_printf(_("“%s” is text; neurons are numbered from 0 instead."),
                                                       array.entry->name));
    return TRUE;
  }
  g_autoptr(PctNpyArray) read = array.entry ? pct_role_array_read(&array, error) : NULL;
  g_autofree gint64 *ids = read ? pct_npy_array_dup_integers(read, array.entry->name, error) : NULL;
  if (!ids)
    return !array.entry;
  data->unit_ids = g_new(gint64, data->n_neurons);
  for (int j = 0; j < data->n_neurons; j++)
    data->unit_ids[j] = ids[source_of(assembly, j, all)];
  return TRUE;
}

static gboolean
read_positions(PctAssembly *assembly, PctRecordingData *data, GError **error)
{
  PctRoleArray array;
  gboolean all;
  if (!open_role(assembly, PCT_ROLE_POSITIONS, &array, &all, error))
    return FALSE;
  if (!array.entry)
    return TRUE;
  int d = pct_role_array_get_size(&array, 'x');
  if (d != 2 && d != 3) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” has %d coordinates for each neuron; expected two or three."),
                array.entry->name, d);
    return FALSE;
  }
  g_autofree float *values = pct_role_array_read_floats(&array, error);
  if (!values)
    return FALSE;
  g_autofree float *positions = g_new(float, (gsize)data->n_neurons * (gsize)d);
  for (int j = 0; j < data->n_neurons; j++)
    for (int i = 0; i < d; i++) {
      positions[j * d + i] = values[source_of(assembly, j, all) * d + i];
      if (!isfinite(positions[j * d + i])) {
        pct_assembly_take_remark(assembly, g_strdup_printf(
          _("“%s” has no position of neuron %d; positions are left out."), array.entry->name, j));
        return TRUE;
      }
    }
  data->cell_positions = g_steal_pointer(&positions);
  data->position_dimensions = d;
  return TRUE;
}

// A line of text, not longer than a recording holds. Free with g_free.
static char *
dup_label(const char *text)
{
  g_autofree char *line = g_strdelimit(g_strdup(text), "\n\r\t", ' ');
  return g_utf8_strlen(line, -1) > PCT_LABEL_LONGEST ? g_utf8_substring(line, 0, PCT_LABEL_LONGEST)
                                                      : g_strdup(g_strstrip(line));
}

static gboolean
read_label(PctAssembly *assembly, PctImportRole role, int n_neurons, char ***out, GError **error)
{
  PctRoleArray array;
  gboolean all;
  if (!open_role(assembly, role, &array, &all, error))
    return FALSE;
  g_auto(GStrv) texts = array.entry ? pct_role_array_read_texts(&array, error) : NULL;
  if (!texts)
    return !array.entry;
  *out = g_new0(char *, n_neurons + 1);
  for (int j = 0; j < n_neurons; j++)
    (*out)[j] = dup_label(texts[source_of(assembly, j, all)]);
  return TRUE;
}

static gboolean
read_depths(PctAssembly *assembly, PctRecordingData *data, GError **error)
{
  PctRoleArray array;
  gboolean all;
  if (!open_role(assembly, PCT_ROLE_DEPTHS, &array, &all, error))
    return FALSE;
  g_autofree float *values = array.entry ? pct_role_array_read_floats(&array, error) : NULL;
  if (!values)
    return !array.entry;
  data->cell_depth = g_new(float, data->n_neurons);
  for (int j = 0; j < data->n_neurons; j++)
    data->cell_depth[j] = values[source_of(assembly, j, all)];
  return TRUE;
}

gboolean
pct_neuron_labels_read(PctAssembly *assembly, PctRecordingData *data, GError **error)
{
  return read_ids(assembly, data, error) && read_positions(assembly, data, error) &&
         read_label(assembly, PCT_ROLE_AREAS, data->n_neurons, &data->cell_area, error) &&
         read_label(assembly, PCT_ROLE_LAYERS, data->n_neurons, &data->cell_layer, error) &&
         read_depths(assembly, data, error);
}
