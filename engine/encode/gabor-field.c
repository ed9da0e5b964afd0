// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode/gabor-field.h"
#include <math.h>
#include "base/blas.h"

// Neurons whose Gabors are held against the images together, and those that one thread sums up at a time.
#define SLAB 256
#define CHUNK 32

typedef struct {
  const PctGaborFit *fits;    // of the slab's first neuron on
  const PctTierMeans *means;
  gsize first, count;
  int height, width;
  float *filters;             // (2, SLAB, P): as fitted; a quarter cycle on, for an energy cell
  float *drives;              // (n, 2, SLAB)
  float *fields;              // (count, P)
} Slab;

static void
draw_filters(gsize first, gsize end, guint thread, gpointer data)
{
  const Slab *s = data;
  gsize p = (gsize)s->means->n_pixels;
  for (gsize i = first; i < end; i++)
    for (int k = 0; k < 2; k++) {
      float *filter = s->filters + ((gsize)k * SLAB + i) * p;
      if (isfinite(s->fits[i].gabor.x) && (k == 0 || s->fits[i].kind == PCT_GABOR_ENERGY))
        pct_gabor_draw_filter(&s->fits[i].gabor, -90.0 * k, s->height, s->width, filter);
      else
        for (gsize j = 0; j < p; j++)
          filter[j] = 0;
    }
}

// Sums over trials of one neuron's two drives and its response.
typedef struct {
  double e, o, ee, oo, eo, ez, oz;
} Sums;

// Slopes of z on the drives, all centred. An odd drive that is nowhere, or is the even one over again, has none.
static void
regress(const Sums *s, double n, double mean, double *even, double *odd)
{
  double ee = s->ee - s->e * s->e / n, oo = s->oo - s->o * s->o / n, eo = s->eo - s->e * s->o / n;
  double ez = s->ez - s->e * mean, oz = s->oz - s->o * mean, determinant = ee * oo - eo * eo;
  *odd = determinant > 1e-6 * ee * oo ? (ee * oz - eo * ez) / determinant : 0;
  *even = ee > 0 ? (ez - eo * *odd) / ee : 0;
}

static void
make_fields(gsize first, gsize end, guint thread, gpointer data)
{
  const Slab *s = data;
  const PctTierMeans *t = s->means;
  gsize p = (gsize)t->n_pixels, m = (gsize)t->n_neurons;
  Sums sums[CHUNK] = { { 0 } };
  for (gsize row = 0; row < (gsize)t->n; row++) {
    const float *even = s->drives + row * 2 * SLAB, *odd = even + SLAB, *z = t->responses + row * m + s->first;
    for (gsize i = first; i < end; i++) {
      double count = t->counts[row], e = even[i], o = odd[i];
      Sums *sum = &sums[i - first];
      sum->e += count * e;
      sum->o += count * o;
      sum->ee += count * e * e;
      sum->oo += count * o * o;
      sum->eo += count * e * o;
      sum->ez += count * e * z[i];
      sum->oz += count * o * z[i];
    }
  }
  for (gsize i = first; i < end; i++) {
    double even, odd;
    regress(&sums[i - first], t->n_trials, t->means[s->first + i], &even, &odd);
    const float *filter = s->filters + i * p, *quarter = filter + SLAB * p;
    for (gsize j = 0; j < p; j++)
      s->fields[i * p + j] = (float)(even * filter[j] + odd * quarter[j]);
  }
}

gboolean
pct_gabor_fields(const PctGaborFit *fits, const PctTierMeans *fitted, int height, int width, float *fields,
                 const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  gsize m = (gsize)fitted->n_neurons, p = (gsize)fitted->n_pixels, n = (gsize)fitted->n;
  g_autoptr(PctFloats) filters = pct_aligned_new(2 * SLAB * p, error);
  g_autoptr(PctFloats) drives = filters ? pct_aligned_new(2 * SLAB * n, error) : NULL;
  if (!drives)
    return FALSE;
  for (gsize first = 0; first < m; first += SLAB) {
    Slab slab = { fits + first, fitted, first, MIN(SLAB, m - first), height, width, filters, drives,
                  fields + first * p };
    pct_parallel_for(pool, slab.count, 8, draw_filters, &slab);
    for (gsize k = 0; k < 2; k++)
      pct_gemm(pool, FALSE, TRUE, n, slab.count, p, 1, fitted->images, p, filters + k * SLAB * p, p, 0,
               drives + k * SLAB, 2 * SLAB);
    pct_parallel_for(pool, slab.count, CHUNK, make_fields, &slab);
    if (!pct_run_step(run, (double)(first + slab.count), (double)m, error))
      return FALSE;
  }
  return TRUE;
}
