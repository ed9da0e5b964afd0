// SPDX-License-Identifier: GPL-3.0-or-later
// One number for each trial and neuron: as the files have them, or taken from traces or spikes. float16 and float32 are
// kept bit by bit. Numbers that are missing are refused or left out, as the plan says, and never filled in.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "data/half.h"
#include "import/assembly.h"

// In place: the columns of the kept neurons (n_kept,), ascending, close up. size: bytes of an element.
static void
keep_columns(gpointer values, gsize size, int n_rows, int n_columns, const int *kept, int n_kept)
{
  char *to = values;
  for (int i = 0; i < n_rows; i++) {
    const char *row = (const char *)values + (gsize)i * (gsize)n_columns * size;
    for (int j = 0; j < n_kept; j++, to += size)
      memmove(to, row + (gsize)kept[j] * size, size);
  }
}

static gboolean
read_responses(PctAssembly *assembly, const PctRoleArray *array, GError **error)
{
  int m = pct_role_array_get_size(array, 'm');
  if (!pct_neuron_selection_read(assembly, m, array->entry->name, error))
    return FALSE;
  g_autoptr(PctNpyArray) read = pct_role_array_read(array, error);
  if (!read)
    return FALSE;
  if (read->kind == PCT_NPY_FLOAT && read->item_size == 2)
    assembly->half = g_steal_pointer(&read->data);
  else if (!(assembly->responses = pct_npy_array_steal_floats(read, array->entry->name, error)))
    return FALSE;
  if (assembly->n_neurons < m)
    keep_columns(assembly->half ? (gpointer)assembly->half : assembly->responses,
                 assembly->half ? sizeof(guint16) : sizeof(float), assembly->n_rows, m, assembly->neurons,
                 assembly->n_neurons);
  return TRUE;
}

static gboolean
is_missing(const PctAssembly *assembly, int row, int neuron)
{
  gsize at = (gsize)row * (gsize)assembly->n_neurons + (gsize)neuron;
  return assembly->half ? !pct_half_is_finite(assembly->half[at]) : !isfinite(assembly->responses[at]);
}

// Of a table by image and repeat, what is missing altogether was never shown: images had not all as many repeats.
static void
drop_unmade_repeats(PctAssembly *assembly)
{
  int n = 0;
  for (int i = 0; assembly->n_repeats > 0 && i < assembly->n_rows; i++) {
    int j = 0;
    while (j < assembly->n_neurons && is_missing(assembly, i, j))
      j++;
    if (j < assembly->n_neurons || assembly->image[i] < 0)
      continue;
    assembly->image[i] = -1;
    n++;
  }
  if (n > 0)
    pct_assembly_take_remark(assembly, g_strdup_printf(
      _("%d of %d repeats have no response of any neuron: they were not made, and are left out."), n,
      assembly->n_rows));
}

typedef struct {
  gint64 n;                  // how many responses are missing
  int n_rows, n_neurons;     // how many rows and neurons have any
  int row, neuron;           // the first
  guint8 *rows, *neurons;    // which
} Missing;

static void
find_missing(const PctAssembly *assembly, Missing *missing)
{
  missing->rows = g_malloc0((gsize)assembly->n_rows);
  missing->neurons = g_malloc0((gsize)assembly->n_neurons);
  for (int i = 0; i < assembly->n_rows; i++)
    for (int j = 0; assembly->image[i] >= 0 && j < assembly->n_neurons; j++)
      if (is_missing(assembly, i, j)) {
        if (missing->n++ == 0) {
          missing->row = i;
          missing->neuron = j;
        }
        missing->rows[i] = missing->neurons[j] = 1;
      }
  for (int i = 0; i < assembly->n_rows; i++)
    missing->n_rows += missing->rows[i];
  for (int j = 0; j < assembly->n_neurons; j++)
    missing->n_neurons += missing->neurons[j];
}

static gboolean
drop_rows(PctAssembly *assembly, const Missing *missing)
{
  for (int i = 0; i < assembly->n_rows; i++)
    if (missing->rows[i])
      assembly->image[i] = -1;
  pct_assembly_take_remark(assembly, g_strdup_printf(
    _("%d trials have %lld responses that are not numbers, and are left out."), missing->n_rows,
    (long long)missing->n));
  return TRUE;
}

static gboolean
drop_neurons(PctAssembly *assembly, const Missing *missing, GError **error)
{
  g_autofree int *kept = g_new(int, assembly->n_neurons);
  int n = 0, before = assembly->n_neurons;
  for (int j = 0; j < before; j++)
    if (!missing->neurons[j])
      kept[n++] = j;
  if (n == 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("Every one of %d neurons has responses that are not numbers; leave out the trials instead."), before);
    return FALSE;
  }
  keep_columns(assembly->half ? (gpointer)assembly->half : assembly->responses,
               assembly->half ? sizeof(guint16) : sizeof(float), assembly->n_rows, before, kept, n);
  for (int j = 0; j < n; j++)
    assembly->neurons[j] = assembly->neurons[kept[j]];
  assembly->n_neurons = n;
  pct_assembly_take_remark(assembly, g_strdup_printf(
    _("%d neurons have %lld responses that are not numbers, and are left out."), missing->n_neurons,
    (long long)missing->n));
  return TRUE;
}

static gboolean
settle_missing(PctAssembly *assembly, const Missing *missing, const char *from, GError **error)
{
  if (missing->n == 0)
    return TRUE;
  if (pct_assembly_setting_is(assembly, "missing", "drop-trials"))
    return drop_rows(assembly, missing);
  if (pct_assembly_setting_is(assembly, "missing", "drop-neurons"))
    return drop_neurons(assembly, missing, error);
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
              _("“%s” has %lld responses that are not numbers, in %d trials and %d neurons (first in trial "
                "%d, neuron %d): the setting “Missing responses” leaves out these trials, or these neurons."),
              from, (long long)missing->n, missing->n_rows, missing->n_neurons, missing->row,
              assembly->neurons[missing->neuron]);
  return FALSE;
}

gboolean
pct_responses_read(PctAssembly *assembly, GError **error)
{
  PctRoleArray responses, traces, spikes;
  if (!pct_assembly_open(assembly, PCT_ROLE_RESPONSES, &responses, error) ||
      !pct_assembly_open(assembly, PCT_ROLE_TRACES, &traces, error) ||
      !pct_assembly_open(assembly, PCT_ROLE_SPIKE_TIMES, &spikes, error))
    return FALSE;
  const PctRoleArray *from = responses.entry ? &responses : traces.entry ? &traces : &spikes;
  if (!from->entry) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                        _("Nothing has the responses; expected a number for each trial and neuron, traces over time, "
                          "or spike times."));
    return FALSE;
  }
  if (from == &responses ? !read_responses(assembly, from, error)
      : from == &traces ? !pct_trace_responses_read(assembly, error) : !pct_spike_responses_read(assembly, error))
    return FALSE;
  drop_unmade_repeats(assembly);
  Missing missing = { 0 };
  find_missing(assembly, &missing);
  gboolean ok = settle_missing(assembly, &missing, from->entry->name, error);
  g_free(missing.rows);
  g_free(missing.neurons);
  return ok;
}
