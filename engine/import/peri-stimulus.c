// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "import/peri-stimulus.h"
#include <math.h>
#include <stdlib.h>
#include "import/ascending.h"

#define MOST_TRIALS 400
#define MOST_TIMES 60
#define MOST_BEST 50
#define MARGIN 1.0  // seconds shown before the onset and, at most, after the window

// A frame of the traces, in the time bin of one half of the trials.
typedef struct {
  int frame, bin;  // bin: 0 .. 2 * n_times - 1, the second half's after the first's
} Sample;

struct _PctPeriStimulus {
  int n_neurons, n_trials, n_before, n_times;  // n_before: bins before the onset
  double bin, window_from, window_to;          // seconds from the onset
  double *onset;     // (n_trials,)
  GArray *samples;   // of Sample
  int *count;        // (2, n_times) samples in each bin: of every neuron the same
  double *sum;       // (n_neurons, 2, n_times)
  double *baseline;  // (n_neurons, 2): sum and sum of squares of what lies before onsets
};

PctPeriStimulus *
pct_peri_stimulus_new(const PctAssembly *assembly, const PctWindows *windows, double period)
{
  PctPeriStimulus *peri = g_new0(PctPeriStimulus, 1);
  // Without a baseline of its own a neuron is judged by what lies before: as short as a short window that may be nothing.
  double margin = MIN(MARGIN, windows->length);
  double before = windows->baseline > 0 ? MAX(windows->baseline, margin) : MARGIN;
  double after = MAX(windows->delay, 0) + windows->length + margin;
  peri->bin = MAX(period, (before + after) / MOST_TIMES);
  peri->n_before = (int)ceil(before / peri->bin - 1e-6);
  peri->n_times = peri->n_before + (int)ceil(after / peri->bin - 1e-6);
  peri->window_from = windows->delay;
  peri->window_to = windows->delay + windows->length;
  peri->n_neurons = assembly->n_neurons;
  int kept = pct_assembly_count_kept(assembly), n = MIN(kept, MOST_TRIALS);
  peri->onset = g_new(double, MAX(n, 1));
  for (int i = 0, seen = 0; i < assembly->n_rows; i++)
    if (assembly->image[i] >= 0) {
      if (peri->n_trials < n && seen == (gint64)peri->n_trials * kept / n)
        peri->onset[peri->n_trials++] = assembly->onset[i];
      seen++;
    }
  gsize bins = 2 * (gsize)peri->n_times;
  peri->samples = g_array_new(FALSE, FALSE, sizeof(Sample));
  peri->count = g_new0(int, bins);
  peri->sum = g_new0(double, bins * (gsize)peri->n_neurons);
  peri->baseline = g_new0(double, 2 * (gsize)peri->n_neurons);
  return peri;
}

void
pct_peri_stimulus_free(PctPeriStimulus *peri)
{
  if (!peri)
    return;
  g_free(peri->onset);
  g_array_unref(peri->samples);
  g_free(peri->count);
  g_free(peri->sum);
  g_free(peri->baseline);
  g_free(peri);
}

// The bin of a time from the onset; outside 0 .. n_times - 1 where there is none.
static int
find_bin(const PctPeriStimulus *peri, double time)
{
  return (int)floor(time / peri->bin + 1e-6) + peri->n_before;
}

void
pct_peri_stimulus_set_frames(PctPeriStimulus *peri, const double *times, int n_frames)
{
  for (int i = 0; i < peri->n_trials; i++) {
    double from = peri->onset[i] - (peri->n_before + 1e-6) * peri->bin;
    for (gsize f = pct_find_time(times, (gsize)n_frames, from); f < (gsize)n_frames; f++) {
      int bin = find_bin(peri, times[f] - peri->onset[i]);
      if (bin >= peri->n_times)
        break;
      if (bin < 0)
        continue;
      Sample sample = { (int)f, (i % 2) * peri->n_times + bin };
      g_array_append_val(peri->samples, sample);
      peri->count[sample.bin]++;
    }
  }
}

static void
add(PctPeriStimulus *peri, int neuron, int bin, double value)
{
  peri->sum[2 * (gsize)neuron * (gsize)peri->n_times + (gsize)bin] += value;
  if (bin % peri->n_times < peri->n_before) {
    peri->baseline[2 * neuron] += value;
    peri->baseline[2 * neuron + 1] += value * value;
  }
}

void
pct_peri_stimulus_add_trace(PctPeriStimulus *peri, int neuron, const float *trace)
{
  const Sample *samples = (const Sample *)peri->samples->data;
  for (guint i = 0; i < peri->samples->len; i++)
    add(peri, neuron, samples[i].bin, trace[samples[i].frame]);
}

// A bin's value in a trial is its rate, in spikes per second.
void
pct_peri_stimulus_add_spikes(PctPeriStimulus *peri, int neuron, const double *spikes, gsize n)
{
  for (int i = 0; i < peri->n_trials; i++) {
    double start = peri->onset[i] - peri->n_before * peri->bin;
    gsize at = pct_find_time(spikes, n, start);
    for (int b = 0; b < peri->n_times; b++) {
      gsize end = pct_find_time(spikes, n, start + (b + 1) * peri->bin);
      add(peri, neuron, (i % 2) * peri->n_times + b, (double)(end - at) / peri->bin);
      at = end;
    }
  }
}

typedef struct {
  int neuron;
  double mean, sd;  // of the baseline
  double score;     // how many standard deviations the first half's window lies above it
} Rank;

static int
compare_ranks(const void *a, const void *b)
{
  const Rank *x = a, *y = b;
  if (x->score != y->score)
    return x->score < y->score ? 1 : -1;
  return (x->neuron > y->neuron) - (x->neuron < y->neuron);
}

static double
get_mean(const PctPeriStimulus *peri, int neuron, int bin)
{
  return peri->sum[2 * (gsize)neuron * (gsize)peri->n_times + (gsize)bin] / peri->count[bin];
}

static double
get_time(const PctPeriStimulus *peri, int bin)
{
  return (bin - peri->n_before + 0.5) * peri->bin;
}

// Fills ranks (n_neurons,) of neurons whose baseline varies, best first. Returns how many those are.
static int
rank(const PctPeriStimulus *peri, Rank *ranks)
{
  int n = 0, n_base = 0;
  for (int half = 0; half < 2; half++)
    for (int b = 0; b < peri->n_before; b++)
      n_base += peri->count[half * peri->n_times + b];
  for (int j = 0; j < peri->n_neurons && n_base > 1; j++) {
    Rank *it = &ranks[n];
    double mean = peri->baseline[2 * j] / n_base, variance = peri->baseline[2 * j + 1] / n_base - mean * mean, sum = 0;
    int n_bins = 0;
    // What cancels to less is rounding.
    if (!(variance > 1e-12 * mean * mean) || !isfinite(variance))
      continue;
    for (int b = 0; b < peri->n_times; b++)
      if (get_time(peri, b) >= peri->window_from && get_time(peri, b) < peri->window_to && peri->count[b] > 0) {
        sum += get_mean(peri, j, b) - mean;
        n_bins++;
      }
    if (n_bins == 0)
      continue;
    *it = (Rank){ j, mean, sqrt(variance), sum / n_bins / sqrt(variance) };
    n += isfinite(it->score);
  }
  qsort(ranks, (gsize)n, sizeof *ranks, compare_ranks);
  return n;
}

static void
average_best(const PctPeriStimulus *peri, const Rank *ranks, PctImportPreview *preview)
{
  for (int b = 0; b < peri->n_times; b++) {
    double sum = 0, squares = 0;
    for (int i = 0; i < preview->n_best; i++) {
      double z = (get_mean(peri, ranks[i].neuron, peri->n_times + b) - ranks[i].mean) / ranks[i].sd;
      sum += z;
      squares += z * z;
    }
    double mean = sum / preview->n_best;
    preview->times[b] = (float)get_time(peri, b);
    preview->mean[b] = (float)mean;
    preview->deviation[b] = (float)sqrt(MAX(squares / preview->n_best - mean * mean, 0));
  }
}

void
pct_peri_stimulus_finish(PctPeriStimulus *peri, PctImportPreview *preview)
{
  // Every trial has every bin of spikes.
  for (int half = 0; half < 2 && peri->samples->len == 0; half++)
    for (int b = 0; b < peri->n_times; b++)
      peri->count[half * peri->n_times + b] = (peri->n_trials + 1 - half) / 2;
  for (int b = 0; b < peri->n_times; b++)
    if (peri->count[peri->n_times + b] == 0)
      return;
  g_autofree Rank *ranks = g_new(Rank, peri->n_neurons);
  int n = rank(peri, ranks);
  if (n == 0)
    return;
  preview->n_best = MIN(n, CLAMP(peri->n_neurons / 10, 1, MOST_BEST));
  preview->n_times = peri->n_times;
  preview->times = g_new(float, peri->n_times);
  preview->mean = g_new(float, peri->n_times);
  preview->deviation = g_new(float, peri->n_times);
  average_best(peri, ranks, preview);
}
