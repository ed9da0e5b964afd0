// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/ridge-penalty.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include "base/error.h"

#define STEP (4.0 / 3.0)

// From a ten-thousandth to a thousandfold of the system's mean variance: at the low end the fit follows the noise, at
// the high end it is the mean image.
#define LOW 1e-4
#define HIGH 1e3

static double
grid(int i)
{
  return pow(STEP, i);
}

static int
grid_index(double penalty)
{
  return (int)lround(log(penalty) / log(STEP));
}

typedef struct {
  PctRidgeSystem *system;
  gsize order;      // of the part of the system tried
  int low, high;    // grid indices, inclusive
  double *errors;   // (high - low + 1,) NAN where not yet tried
  const PctRun *run;
} Search;

static gboolean
try(Search *search, int i, double *error_there, GError **error)
{
  double *known = &search->errors[i - search->low];
  if (isnan(*known)) {
    double penalty = grid(i);
    *known = pct_ridge_system_validate(search->system, penalty, search->order, NULL, pct_run_get_pool(search->run));
    PctFigure figures[] = { { "penalty", penalty }, { "validation_mse", *known } };
    PctProgress progress = { .figures = figures, .n_figures = G_N_ELEMENTS(figures) };
    if (!pct_run_report(search->run, &progress, error))
      return FALSE;
  }
  *error_there = *known;
  return TRUE;
}

// Walks downhill from *best in strides of `stride`, halved at each standstill, until both neighbours are worse.
static gboolean
descend(Search *search, int *best, int stride, double *least, GError **error)
{
  int at = CLAMP(*best, search->low, search->high);
  double here;
  if (!try(search, at, &here, error))
    return FALSE;
  while (stride >= 1) {
    int left = MAX(at - stride, search->low), right = MIN(at + stride, search->high);
    double lower, higher;
    if (!try(search, left, &lower, error) || !try(search, right, &higher, error))
      return FALSE;
    if (lower < here && lower <= higher) {
      at = left;
      here = lower;
    } else if (higher < here) {
      at = right;
      here = higher;
    } else {
      stride /= 2;
    }
  }
  *best = at;
  *least = here;
  return TRUE;
}

static gboolean
search_part(PctRidgeSystem *system, gsize order, int *best, int stride, double *least, const PctRun *run,
            GError **error)
{
  double scale = pct_ridge_system_get_scale(system);
  Search search = { system, order, grid_index(LOW * scale), grid_index(HIGH * scale), NULL, run };
  int n = search.high - search.low + 1;
  g_autofree double *errors = g_new(double, n);
  for (int i = 0; i < n; i++)
    errors[i] = NAN;
  search.errors = errors;
  return descend(&search, best, stride, least, error);
}

// Each pixel takes the penalty that predicts it best, from a hundredth to a thousandfold of the common one: pixels that
// no receptive field covers want far more than the rest, none wants much less.
static gboolean
choose_by_pixel(PctRidgeSystem *system, int common, float *penalties, double *mse, const PctRun *run, GError **error)
{
  gsize p = system->p;
  int low = common - grid_index(100), high = common + grid_index(1000);
  g_autofree double *least = g_new(double, p);
  g_autofree double *errors = g_new(double, p);
  for (gsize i = 0; i < p; i++)
    least[i] = INFINITY;
  for (int g = low; g <= high; g++) {
    double penalty = grid(g);
    if (isfinite(pct_ridge_system_validate(system, penalty, system->order, errors, pct_run_get_pool(run))))
      for (gsize i = 0; i < p; i++)
        if (errors[i] < least[i]) {
          least[i] = errors[i];
          penalties[i] = (float)penalty;
        }
    if (!pct_run_step(run, g - low + 1, high - low + 1, error))
      return FALSE;
  }
  double sum = 0;
  for (gsize i = 0; i < p; i++)
    sum += least[i];
  *mse = sum / (double)(p * system->n_validation);
  return TRUE;
}

gboolean
pct_ridge_choose_penalties(PctRidgeSystem *system, gboolean per_pixel, float *penalties, double *mse, const PctRun *run,
                           GError **error)
{
  g_return_val_if_fail(system->n_validation > 0, FALSE);
  double scale = pct_ridge_system_get_scale(system);
  if (!(scale > 0) || !isfinite(scale)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                        _("The responses of the training tier do not vary, so that nothing can be learned from them."));
    return FALSE;
  }
  int best = grid_index(0.5 * scale), stride = 8;
  // In the dual a part of the trials is a leading part of the system, and a quarter of them costs a sixtieth. What is
  // best for it says where the search over all begins: a best penalty grows about as the square root of the trials.
  if (system->dual && system->order >= 1024) {
    if (!search_part(system, system->order / 4, &best, stride, mse, run, error))
      return FALSE;
    best += grid_index(2);
    stride = 1;
  }
  if (!search_part(system, system->order, &best, stride, mse, run, error))
    return FALSE;
  if (!isfinite(*mse)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED, _("No penalty gives a stable regression."));
    return FALSE;
  }
  for (gsize i = 0; i < system->p; i++)
    penalties[i] = (float)grid(best);
  return !per_pixel || choose_by_pixel(system, best, penalties, mse, run, error);
}

static int
compare_penalties(const void *a, const void *b, void *penalties)
{
  float x = ((const float *)penalties)[*(const gsize *)a], y = ((const float *)penalties)[*(const gsize *)b];
  return (x > y) - (x < y);
}

// Pixels with the same penalty are solved for together.
gboolean
pct_ridge_solve(PctRidgeSystem *system, const float *penalties, float *weights, const PctRun *run, GError **error)
{
  gsize p = system->p;
  g_autofree gsize *pixels = g_new(gsize, p);
  for (gsize i = 0; i < p; i++)
    pixels[i] = i;
  qsort_r(pixels, p, sizeof *pixels, compare_penalties, (gpointer)penalties);
  for (gsize first = 0, end; first < p; first = end) {
    float penalty = penalties[pixels[first]];
    for (end = first + 1; end < p && penalties[pixels[end]] == penalty; end++)
      ;
    gboolean all = end - first == p;
    if (!pct_ridge_system_solve(system, penalty, all ? NULL : pixels + first, all ? 0 : end - first, weights,
                                pct_run_get_pool(run), error) ||
        !pct_run_step(run, (double)end, (double)p, error))
      return FALSE;
  }
  return TRUE;
}
