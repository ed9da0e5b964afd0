// SPDX-License-Identifier: GPL-3.0-or-later
// A resample is how often each image was drawn; its mean is then two sums of products with the images' own sums and
// counts, which are made once.
#include "measure/bootstrap.h"
#include <math.h>
#include <stdlib.h>
#include "base/random.h"
#include "measure/image-numbers.h"

// Resamples a chunk of the loop.
#define CHUNK 32

typedef struct {
  gsize n_columns, n_images, n_resamples;
  const double *sums, *counts;  // (n_columns, n_images) over an image's finite pictures
  guint64 seed;
  double *out;
} Task;

static void
resample(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  gsize k = task->n_images;
  g_autofree double *drawn = g_new(double, k);
  for (gsize b = first; b < end; b++) {
    PctRandom random = pct_random(task->seed, b);
    for (gsize i = 0; i < k; i++)
      drawn[i] = 0;
    for (gsize i = 0; i < k; i++)
      drawn[pct_random_below(&random, (guint32)k)]++;
    for (gsize c = 0; c < task->n_columns; c++) {
      const double *sums = task->sums + c * k, *counts = task->counts + c * k;
      double sum = 0, count = 0;
      for (gsize i = 0; i < k; i++) {
        sum += drawn[i] * sums[i];
        count += drawn[i] * counts[i];
      }
      task->out[c * task->n_resamples + b] = count > 0 ? sum / count : NAN;
    }
  }
}

void
pct_bootstrap_means(const float *const *columns, gsize n_columns, const int *images, gsize n, guint64 seed,
                    gsize n_resamples, double *out, PctPool *pool)
{
  g_autofree gsize *image = g_new(gsize, MAX(n, 1));
  gsize k = pct_number_images(images, n, image);
  g_autofree double *sums = g_new0(double, MAX(n_columns * k, 1)), *counts = g_new0(double, MAX(n_columns * k, 1));
  for (gsize c = 0; c < n_columns; c++)
    for (gsize i = 0; i < n; i++)
      if (isfinite(columns[c][i])) {
        sums[c * k + image[i]] += columns[c][i];
        counts[c * k + image[i]]++;
      }
  Task task = { n_columns, k, n_resamples, sums, counts, seed, out };
  pct_parallel_for(pool, n_resamples, CHUNK, resample, &task);
}

static int
compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
quantile(const double *sorted, gsize n, double share)
{
  double at = share * (double)(n - 1);
  gsize below = MIN((gsize)at, n - 1), above = MIN(below + 1, n - 1);
  return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

PctInterval
pct_bootstrap_interval(double *values, gsize n)
{
  gsize n_finite = 0;
  for (gsize i = 0; i < n; i++)
    if (isfinite(values[i]))
      values[n_finite++] = values[i];
  if (n_finite == 0)
    return PCT_INTERVAL_UNKNOWN;
  qsort(values, n_finite, sizeof *values, compare);
  return (PctInterval){ quantile(values, n_finite, 0.025), quantile(values, n_finite, 0.975) };
}

// Whether pictures of two images have a value: of one alone, no draw differs from another.
static gboolean
can_differ(const float *column, const int *images, gsize n)
{
  gsize first = n;
  for (gsize i = 0; i < n; i++) {
    if (!isfinite(column[i]))
      continue;
    if (first == n)
      first = i;
    if (images[i] != images[first])
      return TRUE;
  }
  return FALSE;
}

void
pct_bootstrap_intervals(const float *const *columns, gsize n_columns, const int *images, gsize n, PctInterval *out,
                        PctPool *pool)
{
  gsize n_resamples = PCT_BOOTSTRAP_RESAMPLES;
  g_autofree double *means = g_new(double, MAX(n_columns, 1) * n_resamples);
  pct_bootstrap_means(columns, n_columns, images, n, PCT_BOOTSTRAP_SEED, n_resamples, means, pool);
  for (gsize c = 0; c < n_columns; c++)
    out[c] = can_differ(columns[c], images, n) ? pct_bootstrap_interval(means + c * n_resamples, n_resamples)
                                               : PCT_INTERVAL_UNKNOWN;
}
