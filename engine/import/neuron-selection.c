// SPDX-License-Identifier: GPL-3.0-or-later
// Which of the files' neurons the recording has: all, or those that are called cells.
#include "config.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "import/assembly.h"

static gboolean
select_cells(PctAssembly *assembly, const PctRoleArray *cells, GError **error)
{
  int n = assembly->n_source_neurons, columns = pct_role_array_get_size(cells, 'p');
  double probability = pct_import_plan_get(assembly->plan, "cell_probability");
  g_autofree double *values = pct_role_array_read_doubles(cells, error);
  if (!values)
    return FALSE;
  gboolean by_probability = probability > 0 && columns > 1;
  for (int j = 0; j < n; j++) {
    const double *cell = values + (gsize)j * (gsize)columns;
    if (by_probability ? cell[1] >= probability : cell[0] > 0)
      assembly->neurons[assembly->n_neurons++] = j;
  }
  if (assembly->n_neurons == 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” calls none of %d neurons a cell."), cells->entry->name, n);
    return FALSE;
  }
  if (assembly->n_neurons < n)
    pct_assembly_take_remark(assembly, g_strdup_printf(_("%d of %d neurons are no cells (“%s”) and are left out."),
                                                       n - assembly->n_neurons, n, cells->entry->name));
  return TRUE;
}

gboolean
pct_neuron_selection_read(PctAssembly *assembly, int n_source_neurons, const char *from, GError **error)
{
  PctRoleArray cells;
  if (!pct_assembly_open(assembly, PCT_ROLE_CELLS, &cells, error))
    return FALSE;
  assembly->n_source_neurons = n_source_neurons;
  assembly->neurons = g_new(int, n_source_neurons);
  if (cells.entry && pct_role_array_get_size(&cells, 'm') != n_source_neurons) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("“%s” says of %d neurons whether they are cells, but “%s” has %d neurons."), cells.entry->name,
                pct_role_array_get_size(&cells, 'm'), from, n_source_neurons);
    return FALSE;
  }
  if (cells.entry)
    return select_cells(assembly, &cells, error);
  assembly->n_neurons = n_source_neurons;
  for (int j = 0; j < n_source_neurons; j++)
    assembly->neurons[j] = j;
  return TRUE;
}
