// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/grey-map.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"

// Trials at a time, as a linear decoder reconstructs them.
#define BATCH 128

// Over pixels of trials: s the sum, x the image.
typedef struct {
  double s, x, ss, sx;
} Sums;

typedef struct {
  const float *sums, *pictures, *base, *mean_image;
  gsize p;
  Sums *rows;  // (BATCH,)
} Task;

static void
add_rows(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  for (gsize i = first; i < end; i++) {
    const float *sum = t->sums + i * t->p, *picture = t->pictures + i * t->p;
    Sums row = { 0 };
    for (gsize j = 0; j < t->p; j++) {
      double s = sum[j], x = picture[j];
      if (t->base) {
        s += t->base[j];
        x += t->mean_image[j];
      }
      row.s += s;
      row.x += x;
      row.ss += s * s;
      row.sx += s * x;
    }
    t->rows[i] = row;
  }
}

gboolean
pct_grey_map_fit(PctGreyMap *map, const PctTrialRows *rows, const float *weight, gsize m, gsize p, const float *base,
                 const float *mean_image, const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  g_autoptr(PctFloats) sums = pct_aligned_new(MIN(BATCH, rows->n) * p, error);
  if (!sums)
    return FALSE;
  g_autofree Sums *parts = g_new(Sums, BATCH);
  Sums all = { 0 };
  for (gsize first = 0; first < rows->n; first += BATCH) {
    gsize count = MIN(BATCH, rows->n - first);
    pct_gemm(pool, FALSE, FALSE, count, p, m, 1, rows->z + first * m, m, weight, p, 0, sums, p);
    Task task = { sums, rows->pictures + first * p, base, mean_image, p, parts };
    pct_parallel_for(pool, count, 8, add_rows, &task);
    for (gsize i = 0; i < count; i++) {
      all.s += parts[i].s;
      all.x += parts[i].x;
      all.ss += parts[i].ss;
      all.sx += parts[i].sx;
    }
    if (!pct_run_step(run, (double)(first + count), (double)rows->n, error))
      return FALSE;
  }
  double n = (double)rows->n * (double)p, mean = base ? all.s / n : 0;
  double variance = all.ss - n * mean * mean, gain = (all.sx - mean * all.x) / variance;
  if (!(variance > 1e-10 * all.ss) || !isfinite(gain)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                        _("The sum of pictures is the same for every trial, so that no map to grey levels fits it."));
    return FALSE;
  }
  *map = (PctGreyMap){ gain, base ? all.x / n - gain * mean : 0 };
  return TRUE;
}
