// SPDX-License-Identifier: GPL-3.0-or-later
// The descent of an inversion: L-BFGS (Nocedal 1980), every picture with a history and a step of its own, all pictures
// of a batch through the encoder at once. A step that does not lower E enough is halved or so and tried again, which
// costs a pass as well; so E never rises. The curvature starts as the average information of the responses plus the
// prior's, after which few passes are needed; without a prior as a number (Barzilai & Borwein 1988), and no history.
#include "config.h"
#include "decode/invert.h"
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/linear-algebra.h"

#define HISTORY 6
#define ENOUGH 1e-4        // of the decrease that the slope promises
#define CONVERGED 0.02     // nats that a further step promises
#define FIRST_SHARE 0.5    // of the step that the average information would take: it is less than most pictures'
#define FIRST_STEP 4       // grey levels, literal

typedef struct {
  double energy, slope, step;  // slope: of E along the direction
  int n_pairs, newest;
  double products[HISTORY];    // s y of each pair
  double scale;                // of the inverse curvature; literal: that itself
  gboolean done;
} Row;

struct _PctInvertDescent {
  const PctInvert *self;
  PctPool *pool;
  PctEncoderPullback *pullback;
  gsize m, p, k, batch;
  double weight;               // of the prior: strength c
  double unit;                 // of E: c, in nats
  PctFloats *inverse;          // (K,K) of information + weight; literal: NULL
  PctFloats *start;            // (K,M) from responses to coordinates; NULL: from grey
  float *targets;              // (batch,M)
  float *rates, *scores;       // (batch,M)
  float *images, *by_pixels;   // (batch,P)
  float *a, *g, *d;            // (batch,K) accepted coordinates, gradient there, direction
  float *tried, *tried_g;      // (batch,K)
  float *s, *y;                // (HISTORY,batch,K)
  float *precision;            // (batch,M) of pct_invert_get_precision
  float *shared;               // (batch,rank)
  float *scaled;               // (K,)
  Row rows[PCT_INVERT_BATCH];
};

void
pct_invert_descent_free(PctInvertDescent *t)
{
  if (!t)
    return;
  float *arrays[] = { t->targets, t->rates, t->scores, t->images, t->by_pixels, t->a, t->g, t->d, t->tried, t->tried_g,
                      t->s, t->y, t->precision, t->shared, t->scaled };
  for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
    pct_aligned_free(arrays[i]);
  pct_aligned_free(t->inverse);
  pct_aligned_free(t->start);
  pct_encoder_pullback_free(t->pullback);
  g_free(t);
}

// (K,K) (information + weight)^-1. Positive definite by its making; where the numbers spoil it, the prior alone will
// do, with more passes.
static PctFloats *
invert_curvature(const float *information, double weight, gsize k, PctPool *pool, GError **error)
{
  g_autoptr(PctFloats) factor = pct_aligned_new(k * k, error);
  g_autoptr(PctFloats) inverse = factor ? pct_aligned_new(k * k, error) : NULL;
  if (!inverse)
    return NULL;
  memcpy(factor, information, k * k * sizeof(float));
  for (gsize i = 0; i < k; i++) {
    factor[i * k + i] += (float)weight;
    inverse[i * k + i] = 1;
  }
  if (pct_cholesky(pool, factor, k, k))
    pct_cholesky_solve(pool, factor, k, k, inverse, k, k);
  return g_steal_pointer(&inverse);
}

// start = (A^T S^-1 A + weight)^-1 A^T S^-1, c S being all that a linear encoder misses.
static gboolean
prepare_start(PctInvertDescent *t, GError **error)
{
  const PctInvert *self = t->self;
  gsize m = t->m, k = t->k;
  g_autoptr(PctResponseNoise) noise = pct_response_noise_new_sum(self->noise, self->nonlinear, 1 / t->unit);
  g_autoptr(PctFloats) weighed = pct_aligned_new(k * m, error);
  g_autoptr(PctFloats) information = weighed ? pct_aligned_new(k * k, error) : NULL;
  g_autoptr(PctFloats) shared = information ? pct_aligned_new(k * MAX(noise->rank, 1), error) : NULL;
  if (!shared || !(t->start = pct_aligned_new(k * m, error)))
    return FALSE;
  memcpy(weighed, self->linear, k * m * sizeof(float));
  pct_response_noise_solve(noise, weighed, k, shared, t->pool);
  pct_gemm(t->pool, FALSE, TRUE, k, k, m, 1, weighed, m, self->linear, m, 0, information, k);
  g_autoptr(PctFloats) inverse = invert_curvature(information, t->weight, k, t->pool, error);
  if (!inverse)
    return FALSE;
  pct_gemm(t->pool, FALSE, FALSE, k, m, k, 1, inverse, k, weighed, m, 0, t->start, m);
  return TRUE;
}

static gboolean
prepare(PctInvertDescent *t, GError **error)
{
  gsize m = t->m, p = t->p, k = t->k, batch = t->batch, history = t->self->blur > 0 ? 1 : HISTORY;
  if (!(t->targets = pct_aligned_new(batch * m, error)) || !(t->rates = pct_aligned_new(batch * m, error)) ||
      !(t->scores = pct_aligned_new(batch * m, error)) || !(t->images = pct_aligned_new(batch * p, error)) ||
      !(t->by_pixels = pct_aligned_new(batch * p, error)) || !(t->a = pct_aligned_new(batch * k, error)) ||
      !(t->g = pct_aligned_new(batch * k, error)) || !(t->d = pct_aligned_new(batch * k, error)) ||
      !(t->tried = pct_aligned_new(batch * k, error)) || !(t->tried_g = pct_aligned_new(batch * k, error)) ||
      !(t->s = pct_aligned_new(history * batch * k, error)) || !(t->y = pct_aligned_new(history * batch * k, error)) ||
      !(t->shared = pct_aligned_new(batch * MAX(t->self->noise->rank, 1), error)) ||
      !(t->precision = pct_aligned_new(batch * m, error)) || !(t->scaled = pct_aligned_new(k, error)) ||
      !(t->pullback = pct_encoder_pullback_new(t->self->encoder, (int)batch, t->pool, error)))
    return FALSE;
  if (t->self->blur > 0)
    return TRUE;
  return (t->inverse = invert_curvature(t->self->information, t->weight, k, t->pool, error)) &&
         (!t->self->linear || prepare_start(t, error));
}

// Gaussian blur of rows (n,H,W) in place; beyond the frame are zeros, so that it is its own transpose.
static void
blur_rows(const PctInvert *self, float *images, gsize n)
{
  int radius = (int)ceil(3 * self->blur), height = self->decoder.height, width = self->decoder.width;
  g_autofree float *taps = g_new(float, 2 * radius + 1), *line = g_new(float, MAX(height, width));
  double sum = 0;
  for (int i = -radius; i <= radius; i++)
    sum += taps[i + radius] = (float)exp(-0.5 * i * i / (self->blur * self->blur));
  for (gsize image = 0; image < n; image++)
    for (int across = 0; across < 2; across++) {
      int lines = across ? height : width, length = across ? width : height, stride = across ? 1 : width;
      for (int l = 0; l < lines; l++) {
        float *at = images + image * (gsize)(height * width) + (across ? l * width : l);
        for (int i = 0; i < length; i++) {
          double blurred = 0;
          for (int j = MAX(-radius, -i); j <= MIN(radius, length - 1 - i); j++)
            blurred += taps[j + radius] * at[(i + j) * stride];
          line[i] = (float)(blurred / sum);
        }
        for (int i = 0; i < length; i++)
          at[i * stride] = line[i];
      }
    }
}

static void
draw(const PctInvertDescent *t, const float *coordinates, gsize n, float *images)
{
  if (t->self->blur <= 0) {
    pct_image_prior_draw(t->self->prior, coordinates, n, images, t->pool);
    return;
  }
  memcpy(images, coordinates, n * t->p * sizeof(float));
  blur_rows(t->self, images, n);
  for (gsize i = 0; i < n * t->p; i++)
    images[i] += t->self->prior->mean[i % t->p];
}

static double
dot(const float *a, const float *b, gsize n)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += (double)a[i] * b[i];
  return sum;
}

// rates of n pictures, where the encoder stays until they are weighed.
static void
predict(PctInvertDescent *t, const float *coordinates, gsize n)
{
  draw(t, coordinates, n, t->images);
  pct_encoder_pullback_forward(t->pullback, t->images, n, t->rates);
}

// energies (n,) and gradients (n,K; NULL: not wanted) at coordinates (n,K), whose rates have just been predicted.
static void
weigh(PctInvertDescent *t, const float *coordinates, gsize n, double *energies, float *gradients)
{
  const PctInvert *self = t->self;
  gsize m = t->m, k = t->k;
  if (self->loss == PCT_INVERT_GAUSSIAN) {
    for (gsize i = 0; i < n * m; i++)
      t->rates[i] = t->scores[i] = (t->rates[i] - t->targets[i]) * t->precision[i];
    pct_response_noise_solve(self->noise, t->scores, n, t->shared, t->pool);
    for (gsize i = 0; i < n; i++)
      energies[i] = 0.5 * dot(t->rates + i * m, t->scores + i * m, m);
    for (gsize i = 0; i < n * m; i++)
      t->scores[i] *= t->precision[i];
  } else {
    for (gsize i = 0; i < n; i++) {
      energies[i] = 0;
      for (gsize j = 0; j < m; j++) {
        float rate = t->rates[i * m + j] + 1e-2f, response = MAX(t->targets[i * m + j], 0);
        energies[i] += (rate - response * logf(rate)) / self->noise->diagonal[j];
        t->scores[i * m + j] = (1 - response / rate) / self->noise->diagonal[j];
      }
    }
  }
  for (gsize i = 0; i < n; i++)
    energies[i] += 0.5 * t->weight * dot(coordinates + i * k, coordinates + i * k, k);
  if (!gradients)
    return;
  pct_encoder_pullback_backward(t->pullback, t->scores, n, t->by_pixels);
  if (self->blur > 0) {
    blur_rows(self, t->by_pixels, n);
    memcpy(gradients, t->by_pixels, n * k * sizeof(float));
  } else {
    pct_image_prior_pull_back(self->prior, t->by_pixels, n, gradients, t->pool);
  }
  for (gsize i = 0; i < n * k; i++)
    gradients[i] += (float)t->weight * coordinates[i];
}

// The pair of row i that is `age` steps old.
static gsize
pair_at(const PctInvertDescent *t, gsize i, int age, gsize n)
{
  return ((gsize)((t->rows[i].newest + HISTORY - age) % HISTORY) * n + i) * t->k;
}

// d = - (approximate inverse Hessian) g for rows that have moved (all of them, first); Nocedal's two loops.
static void
find_directions(PctInvertDescent *t, gsize n, const gboolean *moved)
{
  gsize k = t->k;
  double shares[PCT_INVERT_BATCH][HISTORY];
  float *q = t->tried;  // free until the next try
  memcpy(q, t->g, n * k * sizeof(float));
  for (gsize i = 0; i < n; i++)
    for (int age = 0; age < t->rows[i].n_pairs; age++) {
      gsize at = pair_at(t, i, age, n);
      double share = shares[i][age] = dot(t->s + at, q + i * k, k) / t->rows[i].products[at / (n * k)];
      for (gsize j = 0; j < k; j++)
        q[i * k + j] -= (float)share * t->y[at + j];
    }
  float *r = t->tried_g;
  if (t->inverse)
    pct_gemm(t->pool, FALSE, FALSE, n, k, k, 1, q, k, t->inverse, k, 0, r, k);
  for (gsize i = 0; i < n; i++) {
    Row *row = &t->rows[i];
    if (!moved[i])
      continue;
    for (gsize j = 0; j < k && !t->inverse; j++)
      r[i * k + j] = q[i * k + j];
    for (gsize j = 0; j < k; j++)
      r[i * k + j] *= (float)row->scale;
    for (int age = row->n_pairs - 1; age >= 0; age--) {
      gsize at = pair_at(t, i, age, n);
      double share = shares[i][age] - dot(t->y + at, r + i * k, k) / row->products[at / (n * k)];
      for (gsize j = 0; j < k; j++)
        r[i * k + j] += (float)share * t->s[at + j];
    }
    for (gsize j = 0; j < k; j++)
      t->d[i * k + j] = -r[i * k + j];
    row->slope = dot(t->g + i * k, t->d + i * k, k);
    row->step = 1;
    row->done |= !(-0.5 * row->slope > CONVERGED * t->unit);
  }
}

// The tried point was good enough: row i is there now.
static void
move(PctInvertDescent *t, gsize i, double energy)
{
  memcpy(t->a + i * t->k, t->tried + i * t->k, t->k * sizeof(float));
  t->rows[i].energy = energy;
}

// Before row i moves to the tried point: what the way there tells of the curvature is kept.
static void
learn(PctInvertDescent *t, gsize i, gsize n)
{
  Row *row = &t->rows[i];
  gsize k = t->k;
  int slot = (row->newest + 1) % HISTORY;
  gboolean literal = !t->inverse;
  float *s = t->s + ((literal ? 0 : (gsize)slot) * n + i) * k, *y = t->y + ((literal ? 0 : (gsize)slot) * n + i) * k;
  for (gsize j = 0; j < k; j++) {
    s[j] = t->tried[i * k + j] - t->a[i * k + j];
    y[j] = t->tried_g[i * k + j] - t->g[i * k + j];
  }
  double product = dot(s, y, k), squares = dot(y, y, k);
  memcpy(t->g + i * k, t->tried_g + i * k, k * sizeof(float));
  if (!(product > 1e-8 * sqrt(squares * dot(s, s, k))))
    return;
  if (literal) {
    row->scale = product / squares;
    return;
  }
  // How much the average information has to do with this picture's.
  pct_gemv(t->pool, FALSE, k, k, 1, t->inverse, k, y, 0, t->scaled);
  row->scale = product / dot(y, t->scaled, k);
  row->newest = slot;
  row->products[slot] = product;
  row->n_pairs = MIN(row->n_pairs + 1, HISTORY);
}

static void
start(PctInvertDescent *t, gsize n)
{
  gsize m = t->m, k = t->k;
  if (!t->start) {
    memset(t->a, 0, n * k * sizeof(float));
    return;
  }
  for (gsize i = 0; i < n * m; i++)
    t->rates[i] = t->targets[i] - t->self->mean_rate[i % m];
  pct_gemm(t->pool, FALSE, TRUE, n, k, m, 1, t->rates, m, t->start, m, 0, t->a, k);
}

// Adds the squared errors of the pictures as they are now; originals (n,P).
static void
add_errors(PctInvertDescent *t, gsize n, const float *originals, double *error)
{
  draw(t, t->a, n, t->images);
  for (gsize i = 0; i < n * t->p; i++) {
    double miss = (double)t->images[i] - originals[i];
    *error += miss * miss;
  }
}

static gboolean
all_done(const PctInvertDescent *t, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!t->rows[i].done)
      return FALSE;
  return TRUE;
}

// The last pass only asks whether its step was good enough, and goes forward alone.
static gboolean
descend(PctInvertDescent *t, gsize n, int passes, const float *originals, double *errors, gsize done, gsize all,
        const PctRun *run, GError **error)
{
  gsize k = t->k;
  double energies[PCT_INVERT_BATCH];
  gboolean moved[PCT_INVERT_BATCH];
  start(t, n);
  if (errors)
    add_errors(t, n, originals, &errors[0]);
  if (passes == 1)
    return TRUE;
  predict(t, t->a, n);
  // At these rates, once: a slight error there matters little, and E stays one function of the picture.
  pct_invert_get_precision(t->self, t->rates, n, t->precision);
  weigh(t, t->a, n, energies, t->g);
  for (gsize i = 0; i < n; i++) {
    t->rows[i] = (Row){ .energy = energies[i], .newest = HISTORY - 1 };
    double size = sqrt(dot(t->g + i * k, t->g + i * k, k) / (double)k);
    t->rows[i].scale = t->inverse ? FIRST_SHARE : size > 0 ? FIRST_STEP / size : 0;
    moved[i] = TRUE;
  }
  for (int pass = 1; pass < passes; pass++) {
    gboolean last = pass + 1 == passes;
    find_directions(t, n, moved);
    if (!errors && all_done(t, n))
      break;
    if (!pct_run_step(run, (double)done + (double)n * pass / passes, (double)all, error))
      return FALSE;
    for (gsize i = 0; i < n * k; i++)
      t->tried[i] = t->a[i] + (float)t->rows[i / k].step * t->d[i];
    predict(t, t->tried, n);
    weigh(t, t->tried, n, energies, last ? NULL : t->tried_g);
    for (gsize i = 0; i < n; i++) {
      Row *row = &t->rows[i];
      double rise = energies[i] - row->energy;
      moved[i] = !row->done && rise <= ENOUGH * row->step * row->slope;
      if (moved[i]) {
        if (!last)
          learn(t, i, n);
        move(t, i, energies[i]);
      } else {
        // Where the parabola through both energies and the slope is least.
        double least = -0.5 * row->slope * row->step / (rise - row->slope * row->step);
        row->step *= isfinite(least) ? CLAMP(least, 0.1, 0.5) : 0.1;
      }
    }
    if (errors)
      add_errors(t, n, originals, &errors[pass]);
  }
  return TRUE;
}

PctInvertDescent *
pct_invert_descent_new(const PctInvert *self, double strength, double n_averaged, gsize batch, PctPool *pool,
                       GError **error)
{
  double c = self->model_error + (1 - self->model_error) / n_averaged;
  PctInvertDescent *t = g_new0(PctInvertDescent, 1);
  *t = (PctInvertDescent){ .self = self, .pool = pool, .m = (gsize)self->decoder.n_neurons,
                           .p = (gsize)self->decoder.height * (gsize)self->decoder.width, .k = self->k,
                           .batch = CLAMP(batch, 1, PCT_INVERT_BATCH), .weight = strength * c, .unit = c };
  if (prepare(t, error))
    return t;
  pct_invert_descent_free(t);
  return NULL;
}

gboolean
pct_invert_descent_run(PctInvertDescent *t, const float *responses, gsize n, int passes, float *images,
                       const float *originals, double *errors, const PctRun *run, GError **error)
{
  const float *scale = pct_encoder_get_response_scale(t->self->encoder);
  gsize m = t->m, p = t->p;
  for (gsize first = 0; first < n; first += t->batch) {
    gsize count = MIN(t->batch, n - first);
    for (gsize i = 0; i < count * m; i++)
      t->targets[i] = responses[first * m + i] / scale[i % m] - t->self->offset[i % m];
    if (!descend(t, count, passes, errors ? originals + first * p : NULL, errors, first, n, run, error))
      return FALSE;
    if (images)
      draw(t, t->a, count, images + first * p);
  }
  return pct_run_step(run, (double)n, (double)n, error);
}
