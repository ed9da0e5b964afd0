// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode/gabor-picture.h"
#include <math.h>
#include <string.h>
#include "base/blas.h"

// Phases tried for an energy cell, then halved twice around the best: to 360 / 12 / 4 degrees. A rate's derivative by
// the phase vanishes at its best, so nothing worth having lies between.
#define N_PHASES 12
#define N_HALVINGS 2
#define SLAB 64

typedef struct {
  const PctGaborFit *fits;
  const double *phases;  // (n, n_phases) degrees
  gsize n_phases, p;
  int height, width;
  double mean, contrast;
  float *pictures;       // (n, n_phases, P)
} Drawing;

static void
draw(gsize first, gsize end, guint thread, gpointer data)
{
  const Drawing *d = data;
  for (gsize i = first; i < end; i++) {
    float *picture = d->pictures + i * d->p;
    PctGabor gabor = d->fits[i / d->n_phases].gabor;
    gabor.phase = d->phases[i];
    if (isfinite(gabor.x) && isfinite(gabor.phase))
      pct_gabor_draw(&gabor, d->mean, d->contrast, d->height, d->width, picture);
    else
      for (gsize k = 0; k < d->p; k++)
        picture[k] = (float)d->mean;
  }
}

// What is at hand for a slab of neurons, N_PHASES pictures each.
typedef struct {
  const PctEncoder *encoder;
  Drawing drawing;
  int *neurons;
  double *phases;
  float *pictures, *gradients, *rates;
} Bench;

// Draws n x n_phases pictures and asks the encoder.
static gboolean
ask(Bench *b, const int *neurons, gsize n, gsize n_phases, const PctRun *run, GError **error)
{
  b->drawing.n_phases = n_phases;
  pct_parallel_for(pct_run_get_pool(run), n * n_phases, 16, draw, &b->drawing);
  for (gsize i = 0; i < n * n_phases; i++)
    b->neurons[i] = neurons[i / n_phases];
  return pct_encoder_compute_gradients(b->encoder, b->pictures, b->neurons, n * n_phases, b->rates, b->gradients, run,
                                       error);
}

// best (n,) and their rates, improved by the phases that were asked for.
static void
take_best(const Bench *b, gsize n, gsize n_phases, double *best, float *rates)
{
  for (gsize i = 0; i < n * n_phases; i++)
    if (b->rates[i] > rates[i / n_phases]) {
      rates[i / n_phases] = b->rates[i];
      best[i / n_phases] = b->phases[i];
    }
}

static gboolean
choose_phases(Bench *b, const int *neurons, gsize n, double *best, float *rates, const PctRun *run, GError **error)
{
  for (gsize i = 0; i < n; i++) {
    const PctGaborFit *fit = &b->drawing.fits[i];
    rates[i] = -INFINITY;
    best[i] = isfinite(fit->gabor.x) ? fit->gabor.phase : NAN;
    for (gsize k = 0; k < N_PHASES; k++)
      b->phases[i * N_PHASES + k] =
        fit->kind == PCT_GABOR_ENERGY && isfinite(best[i]) ? 360.0 * (double)k / N_PHASES : best[i];
  }
  gboolean any = FALSE;
  for (gsize i = 0; i < n; i++)
    any = any || (b->drawing.fits[i].kind == PCT_GABOR_ENERGY && isfinite(best[i]));
  if (!any)
    return TRUE;
  if (!ask(b, neurons, n, N_PHASES, run, error))
    return FALSE;
  take_best(b, n, N_PHASES, best, rates);
  double width = 360.0 / N_PHASES;
  for (int halving = 0; halving < N_HALVINGS; halving++) {
    width /= 2;
    for (gsize i = 0; i < n; i++)
      for (gsize k = 0; k < 2; k++)
        b->phases[2 * i + k] = best[i] + (b->drawing.fits[i].kind == PCT_GABOR_ENERGY ? k ? width : -width : 0);
    if (!ask(b, neurons, n, 2, run, error))
      return FALSE;
    take_best(b, n, 2, best, rates);
  }
  return TRUE;
}

gboolean
pct_gabor_pictures(const PctEncoder *encoder, const int *neurons, const PctGaborFit *fits, gsize n, double mean,
                   double contrast, float *pictures, float *rates, double *phases, const PctRun *run, GError **error)
{
  const PctEncoderDesign *design = pct_encoder_get_design(encoder);
  gsize p = (gsize)design->height * (gsize)design->width, most = MIN(SLAB, n) * N_PHASES;
  g_autoptr(PctFloats) drawn = pct_aligned_new(most * p, error);
  g_autoptr(PctFloats) gradients = drawn ? pct_aligned_new(most * p, error) : NULL;
  if (!gradients)
    return FALSE;
  g_autofree int *asked = g_new(int, most);
  g_autofree double *tried = g_new(double, most);
  g_autofree float *answers = g_new(float, most);
  for (gsize first = 0; first < n; first += SLAB) {
    gsize count = MIN(SLAB, n - first);
    Bench bench = { .encoder = encoder, .neurons = asked, .phases = tried, .pictures = drawn, .gradients = gradients,
                    .rates = answers,
                    .drawing = { .fits = fits + first, .phases = tried, .p = p, .height = design->height,
                                 .width = design->width, .mean = mean, .contrast = contrast, .pictures = drawn } };
    double best[SLAB];
    if (!choose_phases(&bench, neurons + first, count, best, rates + first, run, error))
      return FALSE;
    // The chosen ones once more, for their pictures and every rate.
    memcpy(tried, best, count * sizeof *best);
    if (!ask(&bench, neurons + first, count, 1, run, error))
      return FALSE;
    memcpy(pictures + first * p, drawn, count * p * sizeof(float));
    memcpy(rates + first, answers, count * sizeof(float));
    for (gsize i = 0; i < count && phases; i++)
      phases[first + i] = best[i] - 360 * floor(best[i] / 360);
    if (!pct_run_step(run, (double)(first + count), (double)n, error))
      return FALSE;
  }
  return TRUE;
}
