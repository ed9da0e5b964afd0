// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/bank-inverse.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/linear-algebra.h"
#include "measure/image-quality.h"

// Columns solved for together: a report within 100 ms.
#define SLAB 768

#define LOWEST -10
#define HIGHEST 2

void
pct_bank_inverse_free(PctBankInverse *inverse)
{
  if (!inverse)
    return;
  pct_aligned_free(inverse->gram);
  pct_aligned_free(inverse->factor);
  pct_aligned_free(inverse->turned);
  g_free(inverse);
}

PctBankInverse *
pct_bank_inverse_new(const float *filters, gsize n_filters, gsize n_pixels, const PctRun *run, GError **error)
{
  g_autoptr(PctBankInverse) inverse = g_new0(PctBankInverse, 1);
  inverse->n_filters = n_filters;
  inverse->n_pixels = n_pixels;
  inverse->filters = filters;
  gsize order = inverse->order = MIN(n_filters, n_pixels);
  gboolean turn = n_filters > n_pixels;
  inverse->gram = pct_aligned_new(order * order, error);
  inverse->factor = inverse->gram ? pct_aligned_new(order * order, error) : NULL;
  if (!inverse->factor || (turn && !(inverse->turned = pct_aligned_new(n_filters * n_pixels, error))))
    return NULL;
  pct_gram(pct_run_get_pool(run), turn, order, turn ? n_filters : n_pixels, filters, n_pixels, inverse->gram, order);
  for (gsize i = 0; i < order; i++)  // Both forms have the same trace.
    inverse->scale += inverse->gram[i * order + i] / (double)n_filters;
  return pct_run_step(run, 0, 0, error) ? g_steal_pointer(&inverse) : NULL;
}

// out (columns, rows) = in (rows, columns) turned.
static void
turn_over(const float *in, gsize rows, gsize columns, float *out)
{
  for (gsize i = 0; i < rows; i++)
    for (gsize j = 0; j < columns; j++)
      out[j * rows + i] = in[i * columns + j];
}

gboolean
pct_bank_inverse_solve(PctBankInverse *inverse, double regularisation, float *pictures, gboolean *solved,
                       const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  gsize j = inverse->n_filters, p = inverse->n_pixels, order = inverse->order;
  memcpy(inverse->factor, inverse->gram, order * order * sizeof(float));
  for (gsize i = 0; i < order; i++)
    inverse->factor[i * order + i] += (float)regularisation;
  *solved = pct_cholesky(pool, inverse->factor, order, order);
  if (!*solved)
    return pct_run_step(run, 0, 0, error);
  float *sides = inverse->turned ? inverse->turned : pictures;  // (order, columns)
  gsize columns = inverse->turned ? j : p;
  if (inverse->turned)
    turn_over(inverse->filters, j, p, sides);
  else
    memcpy(sides, inverse->filters, j * p * sizeof(float));
  for (gsize first = 0; first < columns; first += SLAB) {
    pct_cholesky_solve(pool, inverse->factor, order, order, sides + first, MIN(SLAB, columns - first), columns);
    if (!pct_run_step(run, 0, 0, error))
      return FALSE;
  }
  if (inverse->turned)
    turn_over(sides, p, j, pictures);
  return TRUE;
}

typedef struct {
  const float *decoded, *held, *mean_image;  // (n,P), (n,P), (P,)
  int height, width;
  double *errors, *correlations;             // (n,) each, or NULL
} Comparing;

static void
compare(gsize first, gsize end, guint thread, gpointer data)
{
  const Comparing *c = data;
  gsize p = (gsize)c->height * (gsize)c->width;
  g_autofree float *picture = g_new(float, p), *original = g_new(float, p);
  for (gsize i = first; i < end; i++) {
    double sum = 0;
    for (gsize k = 0; k < p; k++) {
      double difference = (double)c->decoded[i * p + k] - c->held[i * p + k];
      sum += difference * difference / (double)p;
      picture[k] = c->decoded[i * p + k] + c->mean_image[k];
      original[k] = c->held[i * p + k] + c->mean_image[k];
    }
    if (c->errors)
      c->errors[i] = sum;
    if (c->correlations)
      c->correlations[i] = pct_pixcorr(picture, original, c->height, c->width, pct_window_full(c->height, c->width));
  }
}

static double
mean_of(const double *values, gsize n)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += values[i] / (double)n;
  return sum;
}

gboolean
pct_bank_inverse_choose(PctBankInverse *inverse, const float *features, const float *held, gsize n,
                        const float *mean_image, int height, int width, PctBankChoice *choice, float *pictures,
                        const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  gsize j = inverse->n_filters, p = inverse->n_pixels;
  g_autoptr(PctFloats) decoded = pct_aligned_new(n * p, error);
  g_autoptr(PctFloats) truth = decoded ? pct_aligned_new(n * j, error) : NULL;
  if (!truth)
    return FALSE;
  g_autofree double *values = g_new(double, n);
  gboolean solved, any = FALSE;
  pct_gemm(pool, FALSE, TRUE, n, j, p, 1, held, p, inverse->filters, p, 0, truth, j);
  *choice = (PctBankChoice){ NAN, INFINITY, NAN };
  for (int power = LOWEST; power <= HIGHEST; power++) {
    double regularisation = inverse->scale * pow(4, power);
    if (!pct_bank_inverse_solve(inverse, regularisation, pictures, &solved, run, error))
      return FALSE;
    if (!solved)
      continue;
    Comparing comparing = { decoded, held, mean_image, height, width, NULL, values };
    if (!any) {  // the least that there is a factor for: the projection
      pct_gemm(pool, FALSE, FALSE, n, p, j, 1, truth, j, pictures, p, 0, decoded, p);
      pct_parallel_for(pool, n, 8, compare, &comparing);
      choice->ceiling = mean_of(values, n);
      any = TRUE;
    }
    pct_gemm(pool, FALSE, FALSE, n, p, j, 1, features, j, pictures, p, 0, decoded, p);
    comparing.errors = values;
    comparing.correlations = NULL;
    pct_parallel_for(pool, n, 8, compare, &comparing);
    double mse = mean_of(values, n);
    PctFigure figures[] = { { "regularisation", regularisation }, { "validation_mse", mse } };
    PctProgress progress = { .step = power - LOWEST + 1, .total = HIGHEST - LOWEST + 1, .figures = figures,
                             .n_figures = G_N_ELEMENTS(figures) };
    if (!pct_run_report(run, &progress, error))
      return FALSE;
    if (mse < choice->validation_mse) {
      choice->regularisation = regularisation;
      choice->validation_mse = mse;
    }
  }
  if (!any || !isfinite(choice->regularisation)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                        _("No regularisation gives a stable inverse of the Gabor filters."));
    return FALSE;
  }
  return pct_bank_inverse_solve(inverse, choice->regularisation, pictures, &solved, run, error);
}
