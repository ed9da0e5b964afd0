// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/cell-selection.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/blas.h"
#include "decode/ridge-penalty.h"

// Features between two reports.
#define BATCH 8

void
pct_cell_selection_free(PctCellSelection *selection)
{
  if (!selection)
    return;
  g_free(selection->cells);
  g_free(selection->penalties);
  g_free(selection);
}

typedef struct {
  PctCellSelection *selection;
  const float *products;  // (M,J) z^T features
} Picking;

typedef struct {
  float strength;
  int cell;
} Candidate;

static int
compare_strengths(const void *a, const void *b)
{
  const Candidate *x = a, *y = b;
  return x->strength != y->strength ? (x->strength < y->strength) - (x->strength > y->strength) : x->cell - y->cell;
}

static int
compare_cells(const void *a, const void *b)
{
  return *(const int *)a - *(const int *)b;
}

static void
pick(gsize first, gsize end, guint thread, gpointer data)
{
  const Picking *task = data;
  PctCellSelection *s = task->selection;
  g_autofree Candidate *candidates = g_new(Candidate, s->n_neurons);
  for (gsize j = first; j < end; j++) {
    // Responses have unit variance, and a feature's own spread is the same for all cells: products rank as
    // correlations.
    for (gsize i = 0; i < s->n_neurons; i++)
      candidates[i] = (Candidate){ fabsf(task->products[i * s->n_features + j]), (int)i };
    qsort(candidates, s->n_neurons, sizeof *candidates, compare_strengths);
    int *cells = s->cells + j * s->n_cells;
    for (gsize i = 0; i < s->n_cells; i++)
      cells[i] = candidates[i].cell;
    qsort(cells, s->n_cells, sizeof *cells, compare_cells);
  }
}

PctCellSelection *
pct_cell_selection_new(const float *z, const float *features, gsize n, gsize n_neurons, gsize n_features, double share,
                       double penalty, const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  g_autoptr(PctCellSelection) selection = g_new0(PctCellSelection, 1);
  g_autoptr(PctFloats) products = pct_aligned_new(n_neurons * n_features, error);
  if (!products)
    return NULL;
  gsize n_cells = (gsize)lround(share * (double)n_neurons);
  *selection = (PctCellSelection){ n_neurons, n_features, CLAMP(n_cells, 1, n_neurons), NULL, NULL };
  selection->cells = g_new(int, n_features * selection->n_cells);
  selection->penalties = g_new(float, n_features);
  for (gsize j = 0; j < n_features; j++)
    selection->penalties[j] = (float)penalty;
  pct_gemm(pool, TRUE, FALSE, n_neurons, n_features, n, 1, z, n_neurons, features, n_features, 0, products, n_features);
  Picking task = { selection, products };
  if (!pct_run_step(run, 0, 0, error))
    return NULL;
  pct_parallel_for(pool, n_features, 32, pick, &task);
  return pct_run_step(run, 0, 0, error) ? g_steal_pointer(&selection) : NULL;
}

typedef struct {
  PctCellSelection *selection;
  const float *z, *features, *z_held, *held;
  gsize n, n_held, first;
  float *weights;
  GError *errors[BATCH];
} Fitting;

// out (n, n_cells): the columns of a feature's cells.
static void
gather(const PctCellSelection *s, gsize feature, const float *z, gsize n, float *out)
{
  const int *cells = s->cells + feature * s->n_cells;
  for (gsize row = 0; row < n; row++)
    for (gsize i = 0; i < s->n_cells; i++)
      out[row * s->n_cells + i] = z[row * s->n_neurons + (gsize)cells[i]];
}

static gboolean
fit_one(const Fitting *task, gsize feature, GError **error)
{
  PctCellSelection *s = task->selection;
  gsize k = s->n_cells, n = task->n, n_held = s->penalties[feature] > 0 ? 0 : task->n_held;
  g_autoptr(PctFloats) z = pct_aligned_new(n * k, error), z_held = z ? pct_aligned_new(n_held * k + 1, error) : NULL;
  g_autofree float *target = g_new(float, n), *held = g_new(float, n_held + 1), *weights = g_new(float, k);
  if (!z_held)
    return FALSE;
  gather(s, feature, task->z, n, z);
  gather(s, feature, task->z_held, n_held, z_held);
  for (gsize i = 0; i < n; i++)
    target[i] = task->features[i * s->n_features + feature];
  for (gsize i = 0; i < n_held; i++)
    held[i] = task->held[i * s->n_features + feature];
  double mse;
  g_autoptr(PctRidgeSystem) system = pct_ridge_system_new(z, target, n, k, 1, z_held, held, n_held, NULL, error);
  if (!system ||
      (n_held > 0 && !pct_ridge_choose_penalties(system, FALSE, &s->penalties[feature], &mse, NULL, error)) ||
      !pct_ridge_system_solve(system, s->penalties[feature], NULL, 0, weights, NULL, error))
    return FALSE;
  for (gsize i = 0; i < k; i++)
    task->weights[(gsize)s->cells[feature * k + i] * s->n_features + feature] = weights[i];
  return TRUE;
}

static void
fit_features(gsize first, gsize end, guint thread, gpointer data)
{
  Fitting *task = data;
  for (gsize i = first; i < end; i++)
    fit_one(task, task->first + i, &task->errors[i]);
}

gboolean
pct_cell_selection_fit(PctCellSelection *selection, const float *z, const float *features, gsize n, const float *z_held,
                       const float *held, gsize n_held, float *weights, const PctRun *run, GError **error)
{
  gsize j = selection->n_features;
  Fitting task = { selection, z, features, z_held, held, n, n_held, 0, weights, { NULL } };
  memset(weights, 0, selection->n_neurons * j * sizeof(float));
  for (task.first = 0; task.first < j; task.first += BATCH) {
    gsize count = MIN(BATCH, j - task.first);
    GError *failed = NULL;
    pct_parallel_for(pct_run_get_pool(run), count, 1, fit_features, &task);
    for (gsize i = 0; i < count; i++)  // the first in order, whichever thread was first
      if (failed)
        g_clear_error(&task.errors[i]);
      else
        failed = g_steal_pointer(&task.errors[i]);
    if (failed) {
      g_propagate_error(error, failed);
      return FALSE;
    }
    if (!pct_run_step(run, (double)(task.first + count), (double)j, error))
      return FALSE;
  }
  return TRUE;
}
