// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "base/ridge-system.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/linear-algebra.h"

// Columns of one product.
#define SLAB 768

void
pct_ridge_system_free(PctRidgeSystem *system)
{
  if (!system)
    return;
  pct_aligned_free(system->s);
  pct_aligned_free(system->factor);
  if (!system->dual)
    pct_aligned_free(system->targets);
  pct_aligned_free(system->cross);
  pct_aligned_free(system->solved);
  pct_aligned_free(system->predicted);
  g_free(system);
}

PctRidgeSystem *
pct_ridge_system_new(const float *z, const float *pictures, gsize n, gsize m, gsize p, const float *z_validation,
                     const float *validation, gsize n_validation, const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  g_autoptr(PctRidgeSystem) system = g_new0(PctRidgeSystem, 1);
  gsize order = MIN(n, m);
  *system = (PctRidgeSystem){ .dual = n < m, .n = n, .m = m, .p = p, .n_validation = n_validation, .order = order,
                              .z = z, .validation = validation };
  system->s = pct_aligned_new(order * order, error);
  system->factor = system->s ? pct_aligned_new(order * order, error) : NULL;
  system->cross = system->factor ? pct_aligned_new(order * n_validation, error) : NULL;
  system->solved = system->cross ? pct_aligned_new(order * MIN(n_validation, p), error) : NULL;
  system->predicted = system->solved ? pct_aligned_new(n_validation * p, error) : NULL;
  if (!system->predicted)
    return NULL;
  pct_gram(pool, !system->dual, order, system->dual ? m : n, z, m, system->s, order);
  if (!pct_run_step(run, 0, 0, error))
    return NULL;
  if (system->dual) {
    system->targets = (float *)pictures;
    pct_gemm(pool, FALSE, TRUE, n, n_validation, m, 1, z, m, z_validation, m, 0, system->cross, n_validation);
  } else {
    system->targets = pct_aligned_new(m * p, error);
    if (!system->targets)
      return NULL;
    // The largest product: a part at a time, so that a listener is heard.
    for (gsize first = 0; first < p; first += SLAB) {
      pct_gemm(pool, TRUE, FALSE, m, MIN(SLAB, p - first), n, 1, z, m, pictures + first, p, 0, system->targets + first,
               p);
      if (!pct_run_step(run, 0, 0, error))
        return NULL;
    }
    for (gsize i = 0; i < m; i++)
      for (gsize j = 0; j < n_validation; j++)
        system->cross[i * n_validation + j] = z_validation[j * m + i];
  }
  return pct_run_step(run, 0, 0, error) ? g_steal_pointer(&system) : NULL;
}

double
pct_ridge_system_get_scale(const PctRidgeSystem *system)
{
  double trace = 0;
  for (gsize i = 0; i < system->order; i++)
    trace += system->s[i * system->order + i];
  return trace / (double)system->order;
}

typedef struct {
  PctRidgeSystem *system;
  float penalty;
  double *errors;
} Task;

static void
copy_rows(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  gsize order = task->system->order;
  for (gsize i = first; i < end; i++) {
    memcpy(task->system->factor + i * order, task->system->s + i * order, (i + 1) * sizeof(float));
    task->system->factor[i * order + i] += task->penalty;
  }
}

static gboolean
factorise(PctRidgeSystem *system, double penalty, gsize order, PctPool *pool)
{
  Task task = { system, (float)penalty, NULL };
  pct_parallel_for(pool, order, 64, copy_rows, &task);
  return pct_cholesky(pool, system->factor, order, system->order);
}

static void
add_errors(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  const PctRidgeSystem *s = task->system;
  for (gsize i = first; i < end; i++)
    task->errors[i] = 0;
  for (gsize row = 0; row < s->n_validation; row++)
    for (gsize i = first; i < end; i++) {
      double difference = (double)s->predicted[row * s->p + i] - s->validation[row * s->p + i];
      task->errors[i] += difference * difference;
    }
}

gboolean
pct_ridge_system_predict(PctRidgeSystem *system, double penalty, gsize order, PctPool *pool)
{
  g_return_val_if_fail(order == system->order || (system->dual && order < system->order), FALSE);
  gsize v = system->n_validation, p = system->p;
  if (!factorise(system, penalty, order, pool))
    return FALSE;
  // B^T S^-1 T, solved from the narrower side.
  if (p < v) {
    memcpy(system->solved, system->targets, order * p * sizeof(float));
    pct_cholesky_solve(pool, system->factor, order, system->order, system->solved, p, p);
    pct_gemm(pool, TRUE, FALSE, v, p, order, 1, system->cross, v, system->solved, p, 0, system->predicted, p);
    return TRUE;
  }
  memcpy(system->solved, system->cross, order * v * sizeof(float));
  pct_cholesky_solve(pool, system->factor, order, system->order, system->solved, v, v);
  pct_gemm(pool, TRUE, FALSE, v, p, order, 1, system->solved, v, system->targets, p, 0, system->predicted, p);
  return TRUE;
}

double
pct_ridge_system_validate(PctRidgeSystem *system, double penalty, gsize order, double *errors, PctPool *pool)
{
  gsize v = system->n_validation, p = system->p;
  if (!pct_ridge_system_predict(system, penalty, order, pool))
    return INFINITY;
  g_autofree double *own = errors ? NULL : g_new(double, p);
  Task task = { system, 0, errors ? errors : own };
  pct_parallel_for(pool, p, 256, add_errors, &task);
  double sum = 0;
  for (gsize i = 0; i < p; i++)
    sum += task.errors[i];
  return isfinite(sum) ? sum / (double)(v * p) : INFINITY;
}

gboolean
pct_ridge_system_solve(PctRidgeSystem *system, double penalty, const gsize *pixels, gsize n_pixels, float *weights,
                       PctPool *pool, GError **error)
{
  gsize order = system->order, p = system->p, columns = pixels ? n_pixels : p;
  g_autoptr(PctFloats) right = pct_aligned_new(order * columns, error);
  if (!right)
    return FALSE;
  for (gsize i = 0; i < order; i++)
    for (gsize j = 0; j < columns; j++)
      right[i * columns + j] = system->targets[i * p + (pixels ? pixels[j] : j)];
  if (!factorise(system, penalty, order, pool)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                _("The penalty %g is too small for these responses: the regression has no stable solution."), penalty);
    return FALSE;
  }
  pct_cholesky_solve(pool, system->factor, order, order, right, columns, columns);
  if (system->dual && !pixels) {
    pct_gemm(pool, TRUE, FALSE, system->m, p, order, 1, system->z, system->m, right, p, 0, weights, p);
    return TRUE;
  }
  const float *solution = right;
  g_autoptr(PctFloats) product = NULL;
  if (system->dual) {
    product = pct_aligned_new(system->m * columns, error);
    if (!product)
      return FALSE;
    pct_gemm(pool, TRUE, FALSE, system->m, columns, order, 1, system->z, system->m, right, columns, 0, product,
             columns);
    solution = product;
  }
  for (gsize i = 0; i < system->m; i++)
    for (gsize j = 0; j < columns; j++)
      weights[i * p + (pixels ? pixels[j] : j)] = solution[i * columns + j];
  return TRUE;
}
