// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode/gabor-bank.h"
#include <math.h>
#include <string.h>
#include "base/blas.h"

// Pairs a product; and neurons a product, so that a listener hears several times a second.
#define PAIRS 128
#define SLAB 2048

// Sizes in 36ths of the frame's shorter side, how far apart their centres are, and per size how it may wave: cycles in
// one size. A small Gabor costs many places, so it has fewer of the rest: the refinement finds what lies between.
typedef struct {
  double size, spacing;
  int n_orientations, n_frequencies;
  double cycles[3];
} Scale;

static const Scale scales[] = {
  { 2.2, 2.4, 4, 2, { 0.18, 0.35 } },
  { 3.6, 4.0, 6, 3, { 0.12, 0.25, 0.42 } },
  { 6.0, 6.5, 6, 3, { 0.12, 0.25, 0.42 } },
  { 10.0, 10.5, 6, 3, { 0.12, 0.25, 0.42 } },
};
#define N_SCALES G_N_ELEMENTS(scales)

// The best so far of a neuron, a scale and a kind.
typedef struct {
  float score, phase;  // phase: radians, of a simple cell
  int pair;
} Best;

typedef struct {
  const PctTierMeans *means;
  const PctGaborLevel *level;
  const PctGabor *pairs;        // (n_pairs,)
  gsize n_pairs, first_pair, n;
  float *filters;               // (2 n_pairs, level's pixels)
  float *answers;               // (3 n_pairs, n): even, odd, energy; centred, times trials
  double *gram;                 // (n_pairs, 4): over trials even^2, even odd, odd^2, energy^2, centred
  float *products;              // (3 n_pairs, SLAB)
  Best *best;                   // (M, kinds)
  gsize first_neuron;
} Chunk;

static void
draw_pairs(gsize first, gsize end, guint thread, gpointer data)
{
  const Chunk *chunk = data;
  const PctGaborLevel *level = chunk->level;
  gsize pixels = (gsize)level->height * (gsize)level->width;
  for (gsize i = first; i < end; i++) {
    PctGabor gabor = chunk->pairs[i];
    pct_gabor_to_level(&gabor, level);
    pct_gabor_draw_filter(&gabor, 0, level->height, level->width, chunk->filters + i * pixels);
    pct_gabor_draw_filter(&gabor, -90, level->height, level->width, chunk->filters + (chunk->n_pairs + i) * pixels);
  }
}

static void
centre(float *values, const float *counts, gsize n, double n_trials)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += (double)counts[i] * values[i];
  for (gsize i = 0; i < n; i++)
    values[i] -= (float)(sum / n_trials);
}

static void
find_energies(gsize first, gsize end, guint thread, gpointer data)
{
  const Chunk *chunk = data;
  gsize n = chunk->n;
  const float *counts = chunk->means->counts;
  for (gsize pair = first; pair < end; pair++) {
    float *even = chunk->answers + pair * n, *odd = even + chunk->n_pairs * n, *energy = odd + chunk->n_pairs * n;
    double *gram = chunk->gram + 4 * pair;
    for (gsize i = 0; i < n; i++)
      energy[i] = sqrtf(even[i] * even[i] + odd[i] * odd[i]);
    centre(even, counts, n, chunk->means->n_trials);
    centre(odd, counts, n, chunk->means->n_trials);
    centre(energy, counts, n, chunk->means->n_trials);
    memset(gram, 0, 4 * sizeof *gram);
    for (gsize i = 0; i < n; i++) {
      double weight = counts[i];
      gram[0] += weight * even[i] * even[i];
      gram[1] += weight * even[i] * odd[i];
      gram[2] += weight * odd[i] * odd[i];
      gram[3] += weight * energy[i] * energy[i];
      even[i] *= counts[i];
      odd[i] *= counts[i];
      energy[i] *= counts[i];
    }
  }
}

static void
score_neurons(gsize first, gsize end, guint thread, gpointer data)
{
  const Chunk *chunk = data;
  gsize stride = chunk->n_pairs * SLAB;
  for (gsize pair = 0; pair < chunk->n_pairs; pair++) {
    const double *gram = chunk->gram + 4 * pair;
    // Where the frame's edge or a slow wave leaves odd and even alike, the pair is nearly one filter.
    double determinant = gram[0] * gram[2] - gram[1] * gram[1];
    if (!(determinant > 1e-4 * gram[0] * gram[2]) || !(gram[3] > 0))
      continue;
    float ee = (float)(gram[2] / determinant), eo = (float)(-gram[1] / determinant);
    float oo = (float)(gram[0] / determinant);
    float per_energy = (float)(1 / gram[3]);
    const float *products = chunk->products + pair * SLAB;
    for (gsize j = first; j < end; j++) {
      float even = products[j], odd = products[stride + j], energy = products[2 * stride + j];
      float a = ee * even + eo * odd, b = eo * even + oo * odd, simple = a * even + b * odd;
      Best *best = chunk->best + (chunk->first_neuron + j) * PCT_GABOR_N_KINDS;
      if (simple > best[PCT_GABOR_SIMPLE].score)
        // cos(w + psi) = cos w cos psi - sin w sin psi
        best[PCT_GABOR_SIMPLE] = (Best){ simple, atan2f(-b, a), (int)(chunk->first_pair + pair) };
      float complex_score = energy > 0 ? energy * energy * per_energy : 0;
      if (complex_score > best[PCT_GABOR_ENERGY].score)
        best[PCT_GABOR_ENERGY] = (Best){ complex_score, 0, (int)(chunk->first_pair + pair) };
    }
  }
}

// All pairs of a scale: (n,) Gabors of phase 0. Centres lie evenly in the frame, as far apart as the scale says or
// less.
static GArray *
list_pairs(const Scale *scale, int height, int width)
{
  GArray *pairs = g_array_new(FALSE, FALSE, sizeof(PctGabor));
  double unit = MIN(height, width) / 36.0, spacing = scale->spacing * unit;
  int rows = MAX(1, (int)ceil(height / spacing)), columns = MAX(1, (int)ceil(width / spacing));
  for (int f = 0; f < scale->n_frequencies; f++) {
    double frequency = scale->cycles[f] / (scale->size * unit);
    // What the pixels cannot show.
    if (frequency > 0.4)
      continue;
    for (int o = 0; o < scale->n_orientations; o++)
      for (int row = 0; row < rows; row++)
        for (int column = 0; column < columns; column++) {
          PctGabor gabor = { .x = (column + 0.5) * width / columns - 0.5, .y = (row + 0.5) * height / rows - 0.5,
                             .orientation = 180.0 * o / scale->n_orientations, .frequency = frequency,
                             .size = scale->size * unit, .aspect = 1 };
          g_array_append_val(pairs, gabor);
        }
  }
  return pairs;
}

// The neurons' best of one scale into their lists, sorted by score.
static void
insert_best(const GArray *pairs, const Best *best, gsize m, PctGaborStart *starts)
{
  for (gsize i = 0; i < m * PCT_GABOR_N_KINDS; i++) {
    if (best[i].pair < 0)
      continue;
    PctGaborStart start = { best[i].score, g_array_index(pairs, PctGabor, best[i].pair) };
    start.gabor.phase = best[i].phase * 180 / G_PI;
    PctGaborStart *list = starts + i * PCT_GABOR_N_STARTS;
    for (int k = 0; k < PCT_GABOR_N_STARTS; k++)
      if (start.score > list[k].score) {
        PctGaborStart worse = list[k];
        list[k] = start;
        start = worse;
      }
  }
}

// Fills chunk->answers for its pairs, then all neurons' products.
static gboolean
search_chunk(Chunk *chunk, double step, double total, const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  gsize m = (gsize)chunk->means->n_neurons, pixels = (gsize)chunk->level->height * (gsize)chunk->level->width;
  pct_parallel_for(pool, chunk->n_pairs, 8, draw_pairs, chunk);
  pct_gemm(pool, FALSE, FALSE, 2 * chunk->n_pairs, chunk->n, pixels, 1, chunk->filters, pixels, chunk->level->pixels,
           chunk->n, 0, chunk->answers, chunk->n);
  pct_parallel_for(pool, chunk->n_pairs, 8, find_energies, chunk);
  for (gsize first = 0; first < m; first += SLAB) {
    gsize count = MIN(SLAB, m - first);
    chunk->first_neuron = first;
    pct_gemm(pool, FALSE, FALSE, 3 * chunk->n_pairs, count, chunk->n, 1, chunk->answers, chunk->n,
             chunk->means->responses + first, m, 0, chunk->products, SLAB);
    pct_parallel_for(pool, count, 64, score_neurons, chunk);
    if (!pct_run_step(run, step + (double)chunk->n_pairs * (double)(first + count) / (double)m, total, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
pct_gabor_bank_search(const PctGaborLevels *levels, const PctTierMeans *means, int height, int width,
                      PctGaborStart *starts, const PctRun *run, GError **error)
{
  gsize m = (gsize)means->n_neurons, n = levels->n, pixels = (gsize)means->n_pixels;
  g_autoptr(PctFloats) filters = pct_aligned_new(2 * PAIRS * pixels, error);
  g_autoptr(PctFloats) answers = filters ? pct_aligned_new(3 * PAIRS * n, error) : NULL;
  g_autoptr(PctFloats) products = answers ? pct_aligned_new(3 * PAIRS * SLAB, error) : NULL;
  if (!products)
    return FALSE;
  g_autofree double *gram = g_new(double, 4 * PAIRS);
  g_autofree Best *best = g_new(Best, m * PCT_GABOR_N_KINDS);
  for (gsize i = 0; i < m * PCT_GABOR_N_KINDS * PCT_GABOR_N_STARTS; i++)
    starts[i] = (PctGaborStart){ .score = -1 };
  double total = 0, done = 0;
  for (guint s = 0; s < N_SCALES; s++) {
    g_autoptr(GArray) pairs = list_pairs(&scales[s], height, width);
    total += pairs->len;
  }
  for (guint s = 0; s < N_SCALES; s++) {
    g_autoptr(GArray) pairs = list_pairs(&scales[s], height, width);
    for (gsize i = 0; i < m * PCT_GABOR_N_KINDS; i++)
      best[i] = (Best){ .pair = -1 };
    for (gsize first = 0; first < pairs->len;) {
      const PctGabor *gabors = &g_array_index(pairs, PctGabor, first);
      // Frequencies are listed in turn, and with them the level may change.
      gsize count = 1, most = MIN(PAIRS, pairs->len - first);
      while (count < most && gabors[count].frequency == gabors[0].frequency)
        count++;
      Chunk chunk = { .means = means, .pairs = gabors, .n_pairs = count, .first_pair = first, .n = n,
                      .level = pct_gabor_levels_choose(levels, gabors->size, gabors->frequency), .filters = filters,
                      .answers = answers, .gram = gram, .products = products, .best = best };
      if (!search_chunk(&chunk, done, total, run, error))
        return FALSE;
      first += count;
      done += (double)count;
    }
    insert_best(pairs, best, m, starts);
  }
  return TRUE;
}
