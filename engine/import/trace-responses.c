// SPDX-License-Identifier: GPL-3.0-or-later
// Responses from traces over time: for each trial and neuron the mean, maximum or sum of the frames whose times lie in
// the trial's window, neuropil subtracted, less the mean of its baseline. Neurons are read some at a time.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "import/ascending.h"
#include "import/peri-stimulus.h"

#define PIECE ((gsize)32 << 20)  // bytes of traces at a time
#define AT_A_TIME 64             // neurons between two reports

typedef enum {
  SUMMARY_MEAN,
  SUMMARY_MAXIMUM,
  SUMMARY_SUM,
} Summary;

typedef struct {
  int first, end;  // frames
} Span;

typedef struct {
  PctAssembly *assembly;
  PctRoleArray traces, neuropil;  // forms "mf"
  double share;                   // of neuropil
  Summary summary;
  int n_frames, n_neurons;        // as the files have them
  double *times;                  // (n_frames,) seconds
  double period;                  // between frames, the median
  PctWindows windows;
  Span *window, *base;            // (n_rows,)
  PctPeriStimulus *peri;
  // The piece in hand: source neurons first .. first + n - 1.
  float *values;                  // (n, n_frames)
  int first;
  int first_kept;                 // the first of the kept neurons in it
} Reader;

static double
find_period(const double *times, int n)
{
  g_autofree double *intervals = g_new(double, MAX(n, 1));
  for (int i = 0; i + 1 < n; i++)
    intervals[i] = times[i + 1] - times[i];
  qsort(intervals, (gsize)MAX(n - 1, 0), sizeof *intervals, pct_compare_times);
  return n > 1 ? intervals[(n - 1) / 2] : 0;
}

static gboolean
check_frame_times(const Reader *reader, const char *shown, GError **error)
{
  const double *times = reader->times;
  for (int i = 0; i < reader->n_frames; i++)
    if (!isfinite(times[i]) || (i > 0 && times[i] < times[i - 1])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("Frame times in “%s” go backwards: row %d has %.10g s, after %.10g s."), shown, i, times[i],
                  i > 0 ? times[i - 1] : NAN);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_frame_times(Reader *reader, GError **error)
{
  PctRoleArray array;
  double rate = pct_import_plan_get(reader->assembly->plan, "frame_rate");
  if (!pct_assembly_open(reader->assembly, PCT_ROLE_FRAME_TIMES, &array, error))
    return FALSE;
  if (array.entry && pct_role_array_get_size(&array, 'f') != reader->n_frames) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” has the times of %d frames, but “%s” has %d frames."),
                array.entry->name, pct_role_array_get_size(&array, 'f'), reader->traces.entry->name, reader->n_frames);
    return FALSE;
  }
  if (!array.entry && rate <= 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("When the frames of “%s” were taken is not known; frame times or a frame rate are needed."),
                reader->traces.entry->name);
    return FALSE;
  }
  reader->times = array.entry ? pct_role_array_read_doubles(&array, error) : g_new(double, reader->n_frames);
  for (int i = 0; !array.entry && i < reader->n_frames; i++)
    reader->times[i] = i / rate;
  if (!reader->times || (array.entry && !check_frame_times(reader, array.entry->name, error)))
    return FALSE;
  reader->period = array.entry ? find_period(reader->times, reader->n_frames) : 1 / rate;
  return TRUE;
}

// Frames whose times lie in [from, to). A frame at an edge is not lost to rounding: edges are a millionth of a frame
// early.
static Span
find_span(const Reader *reader, double from, double to)
{
  gsize n = (gsize)reader->n_frames;
  double early = 1e-6 * reader->period;
  return (Span){ (int)pct_find_time(reader->times, n, from - early), (int)pct_find_time(reader->times, n, to - early) };
}

static gboolean
refuse_empty(const Reader *reader, int row, double from, double to, GError **error)
{
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
              _("No frame of “%s” lies in the window of trial %d, %.6g s to %.6g s (frames are %.3g s apart)."),
              reader->traces.entry->name, row, from, to, reader->period);
  return FALSE;
}

static gboolean
find_spans(Reader *reader, GError **error)
{
  PctAssembly *assembly = reader->assembly;
  const PctWindows *windows = &reader->windows;
  double slack = 1e-6 * reader->period, start = reader->times[0] - slack;
  double end = reader->times[reader->n_frames - 1] + reader->period + slack;
  int n_outside = 0;
  reader->window = g_new0(Span, assembly->n_rows);
  reader->base = g_new0(Span, assembly->n_rows);
  for (int i = 0; i < assembly->n_rows; i++) {
    if (assembly->image[i] < 0)
      continue;
    double onset = windows->onset[i], from = windows->from[i], to = windows->to[i];
    if (from < start || to > end || onset - windows->baseline < start) {
      assembly->image[i] = -1;
      n_outside++;
      continue;
    }
    reader->window[i] = find_span(reader, from, to);
    reader->base[i] = find_span(reader, onset - windows->baseline, onset);
    if (reader->window[i].end <= reader->window[i].first)
      return refuse_empty(reader, i, from, to, error);
    if (windows->baseline > 0 && reader->base[i].end <= reader->base[i].first)
      return refuse_empty(reader, i, onset - windows->baseline, onset, error);
  }
  if (n_outside > 0)
    pct_assembly_take_remark(assembly, g_strdup_printf(
      _("%d of %d trials lie outside the traces (%.6g s to %.6g s) and are left out."), n_outside, assembly->n_rows,
      reader->times[0], reader->times[reader->n_frames - 1]));
  return TRUE;
}

static double
average(const float *trace, Span span)
{
  double sum = 0;
  for (int f = span.first; f < span.end; f++)
    sum += trace[f];
  return span.end > span.first ? sum / (span.end - span.first) : 0;
}

// NAN where any frame is none.
static double
summarise(const Reader *reader, const float *trace, int row)
{
  Span span = reader->window[row];
  double baseline = average(trace, reader->base[row]), value = average(trace, span);
  if (reader->summary == SUMMARY_SUM)
    return (value - baseline) * (span.end - span.first);
  if (reader->summary == SUMMARY_MAXIMUM && !isnan(value)) {
    value = trace[span.first];
    for (int f = span.first + 1; f < span.end; f++)
      value = MAX(value, (double)trace[f]);
  }
  return value - baseline;
}

static void
take_neurons(gsize first, gsize end, guint thread, gpointer data)
{
  const Reader *reader = data;
  PctAssembly *assembly = reader->assembly;
  for (gsize i = first; i < end; i++) {
    int kept = reader->first_kept + (int)i;
    const float *trace = reader->values + (gsize)(assembly->neurons[kept] - reader->first) * (gsize)reader->n_frames;
    for (int row = 0; row < assembly->n_rows; row++)
      if (assembly->image[row] >= 0)
        assembly->responses[(gsize)row * (gsize)assembly->n_neurons + (gsize)kept] =
          (float)summarise(reader, trace, row);
    pct_peri_stimulus_add_trace(reader->peri, kept, trace);
  }
}

// (n, n_frames) of source neurons first .. first + n - 1. Free with g_free.
static float *
read_traces(const Reader *reader, const PctRoleArray *array, int first, int n, GError **error)
{
  g_autoptr(PctNpyArray) piece = n < reader->n_neurons ? pct_role_array_read_part(array, first, n, error)
                                                       : pct_role_array_read(array, error);
  return piece ? pct_npy_array_steal_floats(piece, array->entry->name, error) : NULL;
}

static gboolean
read_piece(Reader *reader, int first, int n, GError **error)
{
  g_autofree float *values = read_traces(reader, &reader->traces, first, n, error);
  g_autofree float *around = values && reader->neuropil.entry
                             ? read_traces(reader, &reader->neuropil, first, n, error) : NULL;
  if (!values || (reader->neuropil.entry && !around))
    return FALSE;
  for (gsize i = 0; around && i < (gsize)n * (gsize)reader->n_frames; i++)
    values[i] -= (float)reader->share * around[i];
  const PctAssembly *assembly = reader->assembly;
  int end = reader->first_kept;
  while (end < assembly->n_neurons && assembly->neurons[end] < first + n)
    end++;
  reader->values = values;
  reader->first = first;
  for (; reader->first_kept < end; reader->first_kept += AT_A_TIME) {
    gsize count = (gsize)MIN(AT_A_TIME, end - reader->first_kept);
    pct_parallel_for(pct_run_get_pool(assembly->run), count, 4, take_neurons, reader);
    if (!pct_run_step(assembly->run, reader->first_kept, assembly->n_neurons, error))
      return FALSE;
  }
  reader->first_kept = end;
  return pct_run_step(assembly->run, first + n, reader->n_neurons, error);
}

static gboolean
read_all(Reader *reader, GError **error)
{
  PctAssembly *assembly = reader->assembly;
  assembly->responses = g_try_malloc0_n((gsize)assembly->n_rows * (gsize)assembly->n_neurons, sizeof(float));
  if (!assembly->responses) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for %d trials of %d neurons."),
                assembly->n_rows, assembly->n_neurons);
    return FALSE;
  }
  gboolean pieces = pct_role_array_is_first(&reader->traces, 'm') &&
                    (!reader->neuropil.entry || pct_role_array_is_first(&reader->neuropil, 'm'));
  int piece = pieces ? (int)CLAMP(PIECE / sizeof(float) / (gsize)reader->n_frames, 1, (gsize)reader->n_neurons)
                     : reader->n_neurons;
  for (int first = 0; first < reader->n_neurons; first += piece)
    if (!read_piece(reader, first, MIN(piece, reader->n_neurons - first), error))
      return FALSE;
  return TRUE;
}

static gboolean
open_traces(Reader *reader, GError **error)
{
  PctAssembly *assembly = reader->assembly;
  if (!pct_assembly_open(assembly, PCT_ROLE_TRACES, &reader->traces, error) ||
      !pct_assembly_open(assembly, PCT_ROLE_NEUROPIL, &reader->neuropil, error))
    return FALSE;
  reader->n_frames = pct_role_array_get_size(&reader->traces, 'f');
  reader->n_neurons = pct_role_array_get_size(&reader->traces, 'm');
  if (reader->neuropil.entry && (pct_role_array_get_size(&reader->neuropil, 'f') != reader->n_frames ||
                                 pct_role_array_get_size(&reader->neuropil, 'm') != reader->n_neurons)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("“%s” has %d neurons and %d frames, but “%s” has %d and %d."), reader->neuropil.entry->name,
                pct_role_array_get_size(&reader->neuropil, 'm'), pct_role_array_get_size(&reader->neuropil, 'f'),
                reader->traces.entry->name, reader->n_neurons, reader->n_frames);
    return FALSE;
  }
  // A neuron's frames side by side, as windows are taken.
  reader->traces.form = reader->neuropil.form = "mf";
  reader->share = pct_import_plan_get(assembly->plan, "neuropil");
  reader->summary = (Summary)pct_import_plan_get(assembly->plan, "summary");
  return pct_neuron_selection_read(assembly, reader->n_neurons, reader->traces.entry->name, error);
}

static gboolean
read_responses(Reader *reader, GError **error)
{
  PctAssembly *assembly = reader->assembly;
  if (!open_traces(reader, error) || !read_frame_times(reader, error) ||
      !pct_trial_times_read(assembly, reader->times, reader->n_frames, error))
    return FALSE;
  if (!assembly->onset) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("Responses are to be taken from “%s”, but nothing has the stimulus onsets."),
                reader->traces.entry->name);
    return FALSE;
  }
  if (!pct_windows_new(&reader->windows, assembly, error) || !find_spans(reader, error))
    return FALSE;
  reader->peri = pct_peri_stimulus_new(assembly, &reader->windows, reader->period);
  pct_peri_stimulus_set_frames(reader->peri, reader->times, reader->n_frames);
  if (!read_all(reader, error))
    return FALSE;
  pct_windows_describe(&reader->windows, assembly->preview);
  pct_peri_stimulus_finish(reader->peri, assembly->preview);
  return TRUE;
}

gboolean
pct_trace_responses_read(PctAssembly *assembly, GError **error)
{
  Reader reader = { .assembly = assembly };
  gboolean ok = read_responses(&reader, error);
  g_free(reader.times);
  pct_windows_clear(&reader.windows);
  g_free(reader.window);
  g_free(reader.base);
  pct_peri_stimulus_free(reader.peri);
  return ok;
}
