// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "encode/gabor-fit.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "encode/gabor-refine.h"

// Neurons between two reports, a tenth of a second at the reference recording's size.
#define BATCH 16
// Neurons whose cells are tried on the images together.
#define SLAB 256
#define FIRST_STEPS 5  // of every start, on a part of the images
#define MORE_STEPS 7   // of the better one, at most twice: the window follows it in between
#define ROUNDS 2
// A start, and then a kind of cell, that explains less than this share of what the other does is not followed.
#define START_SHARE 0.6
#define KIND_SHARE 0.5

const char *
pct_gabor_kind_get_name(PctGaborKind kind)
{
  static const char *const names[] = { "simple", "energy" };
  g_return_val_if_fail((guint)kind < G_N_ELEMENTS(names), NULL);
  return names[kind];
}

// A neuron's candidates, one a kind. explained 0: there is none.
typedef struct {
  double explained;
  PctGabor gabor;
} Candidate;

typedef struct {
  PctGaborRefiner **refiners;   // a thread's own
  const PctGaborStart *starts;  // (M, kinds, PCT_GABOR_N_STARTS)
  Candidate *candidates;        // (M, kinds)
  gsize n_images, n_part;       // all, and as many as say which start is good
  gsize first;
} Refining;

// The better of a kind's starts, after a few steps.
static Candidate
begin(PctGaborRefiner *refiner, PctGaborKind kind, const PctGaborStart *starts)
{
  Candidate best = { 0 };
  for (int i = 0; i < PCT_GABOR_N_STARTS; i++) {
    if (!(starts[i].score > 0) || starts[i].score < START_SHARE * starts[0].score)
      continue;
    PctGabor gabor = starts[i].gabor;
    double explained = pct_gabor_refiner_improve(refiner, kind, FIRST_STEPS, &gabor);
    if (explained > best.explained)
      best = (Candidate){ explained, gabor };
  }
  return best;
}

static void
finish(PctGaborRefiner *refiner, PctGaborKind kind, Candidate *candidate)
{
  candidate->explained = 0;
  for (int round = 0; round < ROUNDS; round++) {
    double before = candidate->explained, explained;
    PctGabor gabor = candidate->gabor;
    explained = pct_gabor_refiner_improve(refiner, kind, MORE_STEPS, &gabor);
    // A Gabor that grew into coarser blocks is seen a little otherwise there.
    if (explained > before)
      *candidate = (Candidate){ explained, gabor };
    if (explained < before * 1.002)
      break;
  }
}

static void
refine_neurons(gsize first, gsize end, guint thread, gpointer data)
{
  const Refining *task = data;
  PctGaborRefiner *refiner = task->refiners[thread];
  for (gsize i = task->first + first; i < task->first + end; i++) {
    Candidate *candidates = task->candidates + i * PCT_GABOR_N_KINDS;
    const PctGaborStart *starts = task->starts + i * PCT_GABOR_N_KINDS * PCT_GABOR_N_STARTS;
    double most = 0;
    pct_gabor_refiner_set_neuron(refiner, (int)i, task->n_part);
    for (int kind = 0; kind < PCT_GABOR_N_KINDS; kind++) {
      candidates[kind] = begin(refiner, kind, starts + kind * PCT_GABOR_N_STARTS);
      most = MAX(most, candidates[kind].explained);
    }
    pct_gabor_refiner_set_neuron(refiner, (int)i, task->n_images);
    for (int kind = 0; kind < PCT_GABOR_N_KINDS; kind++)
      if (most > 0 && candidates[kind].explained >= KIND_SHARE * most)
        finish(refiner, kind, &candidates[kind]);
      else
        candidates[kind].explained = 0;
  }
}

static gboolean
refine_all(const PctGaborLevels *levels, const PctTierMeans *fitted, const PctGaborStart *starts,
           Candidate *candidates, const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  guint n_threads = pct_pool_get_n_threads(pool);
  gsize m = (gsize)fitted->n_neurons;
  g_autofree PctGaborRefiner **refiners = g_new0(PctGaborRefiner *, n_threads);
  gboolean good = TRUE;
  for (guint i = 0; i < n_threads && good; i++)
    good = (refiners[i] = pct_gabor_refiner_new(levels, fitted, error)) != NULL;
  Refining task = { refiners, starts, candidates, levels->n, MIN(levels->n, MAX(levels->n / 3, 1000)), 0 };
  for (gsize first = 0; first < m && good; first += BATCH) {
    gsize count = MIN(BATCH, m - first);
    task.first = first;
    pct_parallel_for(pool, count, 1, refine_neurons, &task);
    good = pct_run_step(run, (double)(first + count), (double)m, error);
  }
  for (guint i = 0; i < n_threads; i++)
    pct_gabor_refiner_free(refiners[i]);
  return good;
}

// Trying the candidates at full resolution. Rows of filters: simple ones of a slab, then even and odd ones of the
// pairs.
typedef struct {
  const Candidate *candidates;  // of the slab's first neuron on
  int height, width;
  gsize count;
  float *filters;               // (3 SLAB, P)
  float *drives;                // (n, 3 SLAB); afterwards h: simple, energy
} Trying;

static void
draw_cells(gsize first, gsize end, guint thread, gpointer data)
{
  const Trying *t = data;
  gsize p = (gsize)t->height * (gsize)t->width;
  for (gsize i = first; i < end; i++) {
    const Candidate *simple = t->candidates + i * PCT_GABOR_N_KINDS + PCT_GABOR_SIMPLE;
    const Candidate *energy = t->candidates + i * PCT_GABOR_N_KINDS + PCT_GABOR_ENERGY;
    float *filters[3];
    for (int k = 0; k < 3; k++) {
      filters[k] = t->filters + ((gsize)k * SLAB + i) * p;
      memset(filters[k], 0, p * sizeof(float));
    }
    if (simple->explained > 0)
      pct_gabor_draw_filter(&simple->gabor, 0, t->height, t->width, filters[0]);
    if (energy->explained > 0) {
      pct_gabor_draw_filter(&energy->gabor, 0, t->height, t->width, filters[1]);
      pct_gabor_draw_filter(&energy->gabor, -90, t->height, t->width, filters[2]);
    }
  }
}

static void
answer_rows(gsize first, gsize end, guint thread, gpointer data)
{
  const Trying *t = data;
  for (gsize i = first; i < end; i++) {
    float *simple = t->drives + i * 3 * SLAB, *energy = simple + SLAB, *odd = energy + SLAB;
    for (gsize j = 0; j < t->count; j++) {
      simple[j] = MAX(0, simple[j]);
      energy[j] = sqrtf(energy[j] * energy[j] + odd[j] * odd[j]);
    }
  }
}

// matches (kinds, SLAB) of the slab's candidates with a set of trials.
static void
match_slab(Trying *t, const PctTierMeans *means, gsize first, PctTierMatch *matches, PctPool *pool)
{
  gsize p = (gsize)means->n_pixels, n = (gsize)means->n;
  for (gsize k = 0; k < 3; k++)
    pct_gemm(pool, FALSE, TRUE, n, t->count, p, 1, means->images, p, t->filters + k * SLAB * p, p, 0,
             t->drives + k * SLAB, 3 * SLAB);
  pct_parallel_for(pool, n, 64, answer_rows, t);
  for (gsize kind = 0; kind < PCT_GABOR_N_KINDS; kind++)
    pct_tier_means_match(means, t->drives + kind * SLAB, 3 * SLAB, first, t->count, matches + kind * SLAB, pool);
}

static const PctGaborFit nothing = {
  .gabor = { NAN, NAN, NAN, NAN, NAN, NAN, NAN }, .amplitude = NAN, .offset = NAN, .drive_scale = NAN,
  .train_correlation = NAN, .validation_correlation = NAN,
};

// The better kind of one neuron; -2 stands for what cannot be correlated.
static PctGaborFit
choose(const Candidate *candidates, const PctTierMatch *train, const PctTierMatch *held, double mean, double scale)
{
  PctGaborFit best = nothing;
  double best_held = -3, best_train = -3;
  for (int kind = 0; kind < PCT_GABOR_N_KINDS; kind++) {
    const PctTierMatch *fit = &train[kind * SLAB], *choice = &held[kind * SLAB];
    if (!(candidates[kind].explained > 0) || !(fit->slope > 0))
      continue;
    double on_held = isnan(choice->correlation) ? -2 : choice->correlation, on_train = fit->correlation;
    if (on_held < best_held || (on_held == best_held && on_train <= best_train))
      continue;
    best_held = on_held;
    best_train = on_train;
    double drive_scale = sqrt(fit->mean_square);
    best = (PctGaborFit){ .kind = kind, .gabor = candidates[kind].gabor, .amplitude = scale * fit->slope * drive_scale,
                          .offset = mean + scale * fit->intercept, .drive_scale = drive_scale,
                          .train_correlation = fit->correlation, .validation_correlation = choice->correlation };
    if (kind == PCT_GABOR_ENERGY)
      best.gabor.phase = 0;
  }
  return best;
}

static gboolean
choose_all(const PctStatistics *statistics, const PctTierMeans *fitted, const PctTierMeans *held, int height, int width,
           const Candidate *candidates, PctGaborFit *fits, const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  gsize m = (gsize)fitted->n_neurons, p = (gsize)fitted->n_pixels, n = (gsize)MAX(fitted->n, held->n);
  g_autoptr(PctFloats) filters = pct_aligned_new(3 * SLAB * p, error);
  g_autoptr(PctFloats) drives = filters ? pct_aligned_new(3 * SLAB * n, error) : NULL;
  if (!drives)
    return FALSE;
  g_autofree PctTierMatch *train = g_new0(PctTierMatch, PCT_GABOR_N_KINDS * SLAB);
  g_autofree PctTierMatch *choice = g_new0(PctTierMatch, PCT_GABOR_N_KINDS * SLAB);
  for (gsize first = 0; first < m; first += SLAB) {
    Trying t = { candidates + first * PCT_GABOR_N_KINDS, height, width, MIN(SLAB, m - first), filters, drives };
    pct_parallel_for(pool, t.count, 8, draw_cells, &t);
    match_slab(&t, fitted, first, train, pool);
    if (!pct_run_step(run, (double)first, (double)m, error))
      return FALSE;
    match_slab(&t, held, first, choice, pool);
    for (gsize j = 0; j < t.count; j++) {
      float scale = statistics->response_scale[first + j];
      fits[first + j] = choose(t.candidates + j * PCT_GABOR_N_KINDS, train + j, choice + j,
                               statistics->response_mean[first + j], scale > 0 ? scale : 1);
    }
    if (!pct_run_step(run, (double)(first + t.count), (double)m, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
report_phase(const PctRun *run, const char *phase, GError **error)
{
  PctProgress progress = { .phase = phase };
  return pct_run_report(run, &progress, error);
}

gboolean
pct_gabor_fit(const PctRecording *recording, const PctStatistics *statistics, const PctTierMeans *fitted,
              const PctTierMeans *held, PctGaborFit *fits, const PctRun *run, GError **error)
{
  int height = pct_recording_get_height(recording), width = pct_recording_get_width(recording);
  gsize m = (gsize)fitted->n_neurons;
  g_autofree PctGaborStart *starts = g_new(PctGaborStart, m * PCT_GABOR_N_KINDS * PCT_GABOR_N_STARTS);
  g_autofree Candidate *candidates = g_new0(Candidate, m * PCT_GABOR_N_KINDS);
  if (!report_phase(run, _("Trying a bank of Gabors"), error))
    return FALSE;
  g_autoptr(PctGaborLevels) levels = pct_gabor_levels_new(fitted, height, width, run, error);
  return levels && pct_gabor_bank_search(levels, fitted, height, width, starts, run, error) &&
         report_phase(run, _("Refining each neuron’s Gabor"), error) &&
         refine_all(levels, fitted, starts, candidates, run, error) &&
         report_phase(run, _("Choosing between simple and energy cells"), error) &&
         choose_all(statistics, fitted, held, height, width, candidates, fits, run, error);
}
