// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep: response vectors one after another, and what each of them is, so that a decoder's pictures of them
// (decode/sweep-pictures.h) show what a neuron, or a whole response, does to the picture. Immutable once made.
// Invariant: two sweeps of one recipe from one start are the same bits, and a vector of a sweep lies on the sweep that
// starts from it (but for the last digits), so that taking a step does not change the strip.
#pragma once
#include "base/run.h"
#include "data/recording.h"

typedef enum {
  PCT_SWEEP_ALONE,       // one neuron from value to value, all others as they are
  PCT_SWEEP_COMPANIONS,  // the same, the others moved to their expectation given it
  PCT_SWEEP_GRID,        // two neurons, each from value to value, all others as they are
  PCT_SWEEP_WALK,        // in a straight line from the responses to one image to those to another
  PCT_SWEEP_REPEATS,     // along recorded trials: those of one image, or those of one exchanged for those of another
} PctSweepKind;
#define PCT_N_SWEEP_KINDS 5
// More vectors than this are not looked at one by one.
#define PCT_SWEEP_MOST 1024

// "alone", "companions", "grid", "walk", "repeats": as in files and on the command line. Not translated.
const char *pct_sweep_kind_get_name(PctSweepKind kind);

typedef struct {
  PctSweepKind kind;
  // ALONE, COMPANIONS: the first; GRID: rows by the first, columns by the second. Responses in the recording's units,
  // both ends included.
  int neurons[2];
  float from[2], to[2];
  int n_steps[2];   // at least 1; WALK: the first. REPEATS has as many as there are trials.
  int image;        // WALK, REPEATS: where to; REPEATS: -1: the trials of the start's image, one after another
  int repeat;       // WALK: which trial of that image; -1: the mean over all
} PctSweepRecipe;

// Where a sweep starts.
typedef struct {
  int image;               // REPEATS: whose trials; -1: of none, which REPEATS refuses
  const float *responses;  // (M,) the vector that neurons are moved in, or that is walked away from
  double n_averaged;       // trials that it is the mean of
} PctSweepStart;

typedef struct {
  PctSweepKind kind;
  int n_neurons;
  gsize n, n_columns;   // vectors; of them in a row: n but for a grid
  float *responses;     // (n,M) in the recording's units
  double *n_averaged;   // (n,) what a decoder is told
  // (n,2): ALONE, COMPANIONS: the neuron's response, 0. GRID: the responses of both. WALK: the share of the way, 0..1,
  // and 0. REPEATS: of one image: the trial's place among its trials, 0; of two: how many trials are the other's, 0.
  float *values;
} PctSweep;

// The vectors of a recipe. COMPANIONS: r_j + Cov(r_j, r_i) / Var(r_i) (value - r_i), the best linear guess of the
// others from single train trials; noise that they share counts. WALK: a + t (b - a), decoded as a mean of n trials
// with 1/n = (1-t)/n_a + t/n_b: between two means of as many trials n stays, so that a decoder that shrinks by it adds
// no change of its own. REPEATS from A to B: of K = min(trials of A, trials of B) trials, in the order recorded, those
// of A are exchanged for those of B one by one; every vector is the mean of K recorded trials, and decoded as such.
// NULL with PCT_ERROR_UNSUPPORTED (no trial showed the image; the neuron never changed in the train tier), _MEMORY or
// _CANCELLED. Free with pct_sweep_free.
PctSweep *pct_sweep_new(const PctSweepRecipe *recipe, const PctSweepStart *start, const PctRecording *recording,
                        const PctRun *run, GError **error);
void pct_sweep_free(PctSweep *sweep);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctSweep, pct_sweep_free)

// The vector that lies nearest to responses (M,), in the least sum of squares; of equals the first. -1 where they lie
// outside the sweep: farther from it than it is from those beside it.
int pct_sweep_find_nearest(const PctSweep *sweep, const float *responses);

// out (M,): Cov(r_j, r_i) / Var(r_i) over the single trials of the train tier, 1 for the neuron itself. FALSE with
// PCT_ERROR_UNSUPPORTED (its response never changes there) or _CANCELLED. The same bits always: one thread, one order.
gboolean pct_response_slopes(const PctRecording *recording, int neuron, float *out, const PctRun *run, GError **error);
