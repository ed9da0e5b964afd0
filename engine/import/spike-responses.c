// SPDX-License-Identifier: GPL-3.0-or-later
// Responses from spike times: for each trial and neuron the rate (or the number) of spikes in the trial's window, less
// that before its onset. All neurons' times come in one list, and a second list says where each neuron's end.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include "base/error.h"
#include "import/ascending.h"
#include "import/peri-stimulus.h"

typedef struct {
  PctAssembly *assembly;
  PctRoleArray times_of, ends_of;
  double *times;   // seconds, each neuron's ascending
  gint64 *ends;    // (n_neurons,)
  gint64 n_spikes;
  gboolean rates;
  PctWindows windows;
  PctPeriStimulus *peri;
} Reader;

static gboolean
check_ends(const Reader *reader, int n, GError **error)
{
  gint64 before = 0;
  for (int j = 0; j < n; j++) {
    if (reader->ends[j] < before || reader->ends[j] > reader->n_spikes) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                  _("“%s” lets the spikes of neuron %d end at %lld; expected a number from %lld to %lld, the number of "
                    "spikes in “%s”."), reader->ends_of.entry->name, j, (long long)reader->ends[j], (long long)before,
                  (long long)reader->n_spikes, reader->times_of.entry->name);
      return FALSE;
    }
    before = reader->ends[j];
  }
  if (before < reader->n_spikes)
    pct_assembly_take_remark(reader->assembly, g_strdup_printf(
      _("%lld of %lld spikes in “%s” belong to no neuron of “%s”."),
      (long long)(reader->n_spikes - before), (long long)reader->n_spikes, reader->times_of.entry->name,
      reader->ends_of.entry->name));
  return TRUE;
}

static gboolean
read_spikes(Reader *reader, GError **error)
{
  PctAssembly *assembly = reader->assembly;
  if (!pct_assembly_open(assembly, PCT_ROLE_SPIKE_TIMES, &reader->times_of, error) ||
      !pct_assembly_open(assembly, PCT_ROLE_SPIKE_ENDS, &reader->ends_of, error))
    return FALSE;
  if (!reader->ends_of.entry) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” has the spikes of all neurons, but nothing says where each neuron’s end."),
                reader->times_of.entry->name);
    return FALSE;
  }
  int n = pct_role_array_get_size(&reader->ends_of, 'm');
  reader->n_spikes = pct_role_array_get_size(&reader->times_of, 's');
  g_autoptr(PctNpyArray) ends = pct_role_array_read(&reader->ends_of, error);
  reader->ends = ends ? pct_npy_array_dup_integers(ends, reader->ends_of.entry->name, error) : NULL;
  if (!reader->ends || !check_ends(reader, n, error))
    return FALSE;
  reader->times = pct_role_array_read_doubles(&reader->times_of, error);
  for (gint64 i = 0; reader->times && i < reader->n_spikes; i++)
    if (!isfinite(reader->times[i])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("“%s” has a spike time that is not a finite number, at place %lld."), reader->times_of.entry->name,
                  (long long)i);
      return FALSE;
    }
  return reader->times && pct_neuron_selection_read(assembly, n, reader->ends_of.entry->name, error);
}

static double
count(const double *spikes, gsize n, double from, double to)
{
  return (double)(pct_find_time(spikes, n, to) - pct_find_time(spikes, n, from));
}

static double
respond(const Reader *reader, const double *spikes, gsize n, int row)
{
  const PctWindows *windows = &reader->windows;
  double from = windows->from[row], to = windows->to[row], before = windows->baseline, onset = windows->onset[row];
  double base_rate = before > 0 ? count(spikes, n, onset - before, onset) / before : 0;
  double number = count(spikes, n, from, to);
  return reader->rates ? number / (to - from) - base_rate : number - base_rate * (to - from);
}

static gboolean
take_neuron(Reader *reader, int kept, GError **error)
{
  PctAssembly *assembly = reader->assembly;
  int source = assembly->neurons[kept];
  gsize start = source > 0 ? (gsize)reader->ends[source - 1] : 0, n = (gsize)reader->ends[source] - start;
  double *spikes = reader->times + start;
  // Most files have them in order; a neuron that was merged from two may not.
  for (gsize i = 1; i < n; i++)
    if (spikes[i] < spikes[i - 1]) {
      qsort(spikes, n, sizeof *spikes, pct_compare_times);
      break;
    }
  for (int i = 0; i < assembly->n_rows; i++)
    if (assembly->image[i] >= 0)
      assembly->responses[(gsize)i * (gsize)assembly->n_neurons + (gsize)kept] = (float)respond(reader, spikes, n, i);
  pct_peri_stimulus_add_spikes(reader->peri, kept, spikes, n);
  return pct_run_step(assembly->run, kept + 1, assembly->n_neurons, error);
}

static gboolean
read_responses(Reader *reader, GError **error)
{
  PctAssembly *assembly = reader->assembly;
  if (pct_assembly_setting_is(assembly, "summary", "maximum")) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                        _("Spikes have no maximum; take the mean (their rate) or the sum (their number)."));
    return FALSE;
  }
  reader->rates = pct_assembly_setting_is(assembly, "summary", "mean");
  if (!read_spikes(reader, error) || !pct_trial_times_read(assembly, NULL, 0, error))
    return FALSE;
  if (!assembly->onset) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("Responses are to be taken from “%s”, but nothing has the stimulus onsets."),
                reader->times_of.entry->name);
    return FALSE;
  }
  if (!pct_windows_new(&reader->windows, assembly, error))
    return FALSE;
  assembly->responses = g_try_malloc0_n((gsize)assembly->n_rows * (gsize)assembly->n_neurons, sizeof(float));
  if (!assembly->responses) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for %d trials of %d neurons."),
                assembly->n_rows, assembly->n_neurons);
    return FALSE;
  }
  reader->peri = pct_peri_stimulus_new(assembly, &reader->windows, 0);
  for (int j = 0; j < assembly->n_neurons; j++)
    if (!take_neuron(reader, j, error))
      return FALSE;
  pct_windows_describe(&reader->windows, assembly->preview);
  pct_peri_stimulus_finish(reader->peri, assembly->preview);
  return TRUE;
}

gboolean
pct_spike_responses_read(PctAssembly *assembly, GError **error)
{
  Reader reader = { .assembly = assembly };
  gboolean ok = read_responses(&reader, error);
  g_free(reader.times);
  g_free(reader.ends);
  pct_windows_clear(&reader.windows);
  pct_peri_stimulus_free(reader.peri);
  return ok;
}
