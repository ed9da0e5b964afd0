// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/identification.h"
#include <math.h>
#include "base/blas.h"
#include "measure/image-numbers.h"

typedef struct {
  float *rows;
  gsize k;
} Standardise;

static void
standardise(gsize first, gsize end, guint thread, gpointer data)
{
  const Standardise *s = data;
  for (gsize i = first; i < end; i++) {
    float *row = s->rows + i * s->k;
    double mean = 0, square = 0;
    for (gsize j = 0; j < s->k; j++)
      mean += row[j];
    mean /= (double)s->k;
    for (gsize j = 0; j < s->k; j++)
      square += (row[j] - mean) * (row[j] - mean);
    // What is left of a flat row is rounding.
    double scale = square > 1e-12 * (double)s->k * (1 + mean * mean) ? 1 / sqrt(square) : 0;
    for (gsize j = 0; j < s->k; j++)
      row[j] = (float)((row[j] - mean) * scale);
  }
}

void
pct_standardise_rows(float *rows, gsize n, gsize k, PctPool *pool)
{
  Standardise task = { rows, k };
  pct_parallel_for(pool, n, 16, standardise, &task);
}

// The window's pixels of picture i of in (.., H,W).
static void
crop(const PctScoreSet *set, const float *in, int i, PctWindow window, float *out)
{
  const float *picture = in + (gsize)i * (gsize)set->height * (gsize)set->width;
  for (int y = window.y0; y < window.y1; y++)
    for (int x = window.x0; x < window.x1; x++)
      *out++ = picture[(gsize)y * (gsize)set->width + x];
}

gboolean
pct_identification(const PctScoreSet *set, const float *reconstructions, PctWindow window, float *out,
                   const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  gsize n = (gsize)set->n, k = (gsize)(window.y1 - window.y0) * (gsize)(window.x1 - window.x0);
  // Rows of one image share one original: each is correlated with once and counts as often as it is shown.
  g_autofree gsize *column = g_new(gsize, n);
  gsize n_images = pct_number_images(set->images, n, column);
  g_autofree int *shown = g_new0(int, n_images), *example = g_new(int, n_images);
  for (gsize i = 0; i < n; i++)
    if (shown[column[i]]++ == 0)
      example[column[i]] = (int)i;
  g_autoptr(PctFloats) a = pct_aligned_new(n * k, error);
  g_autoptr(PctFloats) b = a ? pct_aligned_new(n_images * k, error) : NULL;
  g_autoptr(PctFloats) correlation = b ? pct_aligned_new(n * n_images, error) : NULL;
  if (!correlation)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    crop(set, reconstructions, (int)i, window, a + i * k);
  for (gsize i = 0; i < n_images; i++)
    crop(set, set->originals, example[i], window, b + i * k);
  pct_standardise_rows(a, n, k, pool);
  pct_standardise_rows(b, n_images, k, pool);
  pct_gemm(pool, FALSE, TRUE, n, n_images, k, 1, a, k, b, k, 0, correlation, n_images);
  for (gsize i = 0; i < n; i++) {
    const float *row = correlation + i * n_images;
    float own = row[column[i]];
    double better = 0, pairs = 0;
    for (gsize j = 0; j < n_images; j++)
      if (j != column[i]) {
        better += shown[j] * (row[j] < own ? 1 : row[j] == own ? 0.5 : 0);
        pairs += shown[j];
      }
    out[i] = pairs > 0 ? (float)(better / pairs) : NAN;
  }
  return pct_run_step(run, 0, 0, error);
}
