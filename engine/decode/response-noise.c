// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/response-noise.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/linear-algebra.h"
#include "base/principal-directions.h"
#include "base/random.h"

#define MAX_RANK 1024
#define EDGE 1.15  // a margin: neurons differ in how much of their scatter is their own, which spreads the background

static PctResponseNoise *
noise_new(gsize m, gsize rank)
{
  PctResponseNoise *noise = g_new0(PctResponseNoise, 1);
  noise->m = m;
  noise->rank = rank;
  noise->diagonal = g_new0(float, m);
  noise->modes = g_new0(float, MAX(rank, 1) * m);
  noise->known = g_new0(float, MAX(rank, 1) * m);
  return noise;
}

void
pct_response_noise_free(PctResponseNoise *noise)
{
  if (!noise)
    return;
  g_free(noise->diagonal);
  g_free(noise->modes);
  g_free(noise->known);
  g_free(noise);
}

// With I + V D^-1 V^T = L L^T: known = L^-1 V D^-1. FALSE where there is no such L: numbers that are not finite.
static gboolean
find_known(PctResponseNoise *noise)
{
  gsize k = noise->rank, m = noise->m;
  g_autofree float *inner = g_new0(float, MAX(k * k, 1));
  for (gsize a = 0; a < k; a++) {
    for (gsize b = 0; b <= a; b++) {
      double sum = a == b;
      for (gsize i = 0; i < m; i++)
        sum += (double)noise->modes[a * m + i] * noise->modes[b * m + i] / noise->diagonal[i];
      inner[a * k + b] = (float)sum;
    }
    for (gsize i = 0; i < m; i++)
      noise->known[a * m + i] = noise->modes[a * m + i] / noise->diagonal[i];
  }
  if (k == 0)
    return TRUE;
  if (!pct_cholesky(NULL, inner, k, k))
    return FALSE;
  pct_cholesky_forward(NULL, inner, k, k, noise->known, m, m);
  return TRUE;
}

// What a population eigenvalue is, above a background of 1, whose sample eigenvalue is this with gamma = m / n; as far
// as the sample's direction has to do with it. 0 for one that background alone could give.
static double
shrink(double sample, double gamma)
{
  double edge = EDGE * (1 + sqrt(gamma)) * (1 + sqrt(gamma)), b = sample - 1 - gamma;
  if (!(sample > edge))
    return 0;
  // sample = (1 + spike) (1 + gamma / spike)
  double spike = 0.5 * (b + sqrt(MAX(b * b - 4 * gamma, 0)));
  double cosine = (1 - gamma / (spike * spike)) / (1 + gamma / spike);
  return spike * MAX(cosine, 0);
}

PctResponseNoise *
pct_response_noise_new(const float *residuals, gsize n, gsize m, gsize max_rank, const PctRun *run, GError **error)
{
  g_autofree float *deviation = g_new(float, m);
  g_autoptr(PctFloats) scaled = pct_aligned_new(MAX(n, 1) * m, error);
  gsize tried = MIN(MIN(max_rank, MAX_RANK), MIN(n, m) / 2), rank = 0;
  if (!scaled)
    return NULL;
  double mean = 0;
  for (gsize i = 0; i < m; i++) {
    double sum = 0;
    for (gsize t = 0; t < n; t++)
      sum += (double)residuals[t * m + i] * residuals[t * m + i];
    deviation[i] = n ? (float)sqrt(sum / (double)n) : 1;
    mean += deviation[i] / (double)m;
  }
  if (!isfinite(mean)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                        _("What the encoder predicts for the recording’s images is not finite."));
    return NULL;
  }
  // A neuron that never scatters would be believed without bounds.
  for (gsize i = 0; i < m; i++)
    deviation[i] = MAX(deviation[i], mean > 0 ? (float)(0.01 * mean) : 1);
  for (gsize i = 0; i < n * m; i++)
    scaled[i] = residuals[i] / deviation[i % m];
  g_autofree float *values = g_new0(float, MAX(tried, 1)), *vectors = g_new0(float, m * MAX(tried, 1));
  if (tried && !pct_principal_directions(scaled, n, m, tried, 1, values, vectors, run, error))
    return NULL;
  double background = 1, gamma = (double)m / (double)MAX(n, 1);
  for (int round = 0; round < 8; round++) {  // what the modes take is not background
    double taken = 0;
    for (rank = 0; rank < tried && shrink(values[rank] / background, gamma) > 0; rank++)
      taken += background * shrink(values[rank] / background, gamma);
    background = MAX(1 - taken / (double)m, 0.05);
  }
  g_autoptr(PctResponseNoise) noise = noise_new(m, rank);
  for (gsize i = 0; i < m; i++) {
    double own = 1;
    for (gsize k = 0; k < rank; k++) {
      double mode = sqrt(background * shrink(values[k] / background, gamma)) * vectors[i * tried + k];
      noise->modes[k * m + i] = (float)(mode * deviation[i]);
      own -= mode * mode;
    }
    noise->diagonal[i] = (float)(MAX(own, 0.05) * deviation[i] * deviation[i]);
  }
  g_return_val_if_fail(find_known(noise), NULL);
  return g_steal_pointer(&noise);
}

void
pct_response_noise_scale(PctResponseNoise *noise, double factor)
{
  for (gsize i = 0; i < noise->m; i++)
    noise->diagonal[i] *= (float)factor;
  for (gsize i = 0; i < noise->rank * noise->m; i++)
    noise->modes[i] *= (float)sqrt(factor);
  find_known(noise);  // and not divided: it is the same bits as after loading
}

PctResponseNoise *
pct_response_noise_new_sum(const PctResponseNoise *noise, const PctResponseNoise *more, double factor)
{
  g_return_val_if_fail(noise->m == more->m, NULL);
  gsize m = noise->m, k = noise->rank;
  PctResponseNoise *sum = noise_new(m, k + more->rank);
  for (gsize i = 0; i < m; i++)
    sum->diagonal[i] = noise->diagonal[i] + (float)factor * more->diagonal[i];
  memcpy(sum->modes, noise->modes, k * m * sizeof(float));
  for (gsize i = 0; i < more->rank * m; i++)
    sum->modes[k * m + i] = (float)sqrt(factor) * more->modes[i];
  find_known(sum);
  return sum;
}

PctResponseNoise *
pct_response_noise_new_share(const float *rows, gsize n, gsize m, gsize rank, double share, const PctRun *run,
                             GError **error)
{
  gsize k = MIN(rank, MIN(n, m));
  g_autoptr(PctFloats) centred = pct_aligned_new(n * m, error);
  if (!centred)
    return NULL;
  g_autofree double *variance = g_new0(double, m);
  for (gsize i = 0; i < m; i++) {
    double mean = 0;
    for (gsize t = 0; t < n; t++)
      mean += rows[t * m + i] / (double)n;
    for (gsize t = 0; t < n; t++) {
      double away = rows[t * m + i] - mean;
      centred[t * m + i] = (float)away;
      variance[i] += away * away / (double)n;
    }
  }
  g_autofree float *values = g_new(float, MAX(k, 1)), *vectors = g_new(float, m * MAX(k, 1));
  if (k && !pct_principal_directions(centred, n, m, k, 1, values, vectors, run, error))
    return NULL;
  PctResponseNoise *noise = noise_new(m, k);
  for (gsize i = 0; i < m; i++) {
    double rest = variance[i];
    for (gsize a = 0; a < k; a++) {
      noise->modes[a * m + i] = (float)sqrt(share * values[a]) * vectors[i * k + a];
      rest -= (double)values[a] * vectors[i * k + a] * vectors[i * k + a];
    }
    noise->diagonal[i] = (float)MAX(share * MAX(rest, 0), 1e-9);
  }
  find_known(noise);
  return noise;
}

typedef struct {
  const PctResponseNoise *noise;
  float *rows;
} Division;

static void
divide(gsize first, gsize end, guint thread, gpointer data)
{
  const Division *d = data;
  gsize m = d->noise->m;
  for (gsize r = first; r < end; r++)
    for (gsize i = 0; i < m; i++)
      d->rows[r * m + i] /= d->noise->diagonal[i];
}

void
pct_response_noise_solve(const PctResponseNoise *noise, float *rows, gsize n, float *scratch, PctPool *pool)
{
  gsize m = noise->m, k = noise->rank;
  if (k)
    pct_gemm(pool, FALSE, TRUE, n, k, m, 1, rows, m, noise->known, m, 0, scratch, k);
  pct_parallel_for(pool, n, 1, divide, &(Division){ noise, rows });
  if (k)
    pct_gemm(pool, FALSE, FALSE, n, m, k, -1, scratch, k, noise->known, m, 1, rows, m);
}

void
pct_response_noise_draw(const PctResponseNoise *noise, float *rows, gsize n, guint64 seed, guint64 stream, PctPool *pool)
{
  gsize m = noise->m, k = noise->rank;
  g_autofree float *shared = g_new(float, MAX(n * k, 1));
  pct_random_fill_normal(rows, n * m, seed, 2 * stream);
  pct_random_fill_normal(shared, n * k, seed, 2 * stream + 1);
  for (gsize i = 0; i < n * m; i++)
    rows[i] *= sqrtf(noise->diagonal[i % m]);
  if (k)
    pct_gemm(pool, FALSE, FALSE, n, m, k, 1, shared, k, noise->modes, m, 1, rows, m);
}

void
pct_response_noise_draw_scores(const PctResponseNoise *noise, float *rows, gsize n, guint64 seed, guint64 stream,
                               PctPool *pool)
{
  g_autofree float *scratch = g_new(float, MAX(n * noise->rank, 1));
  pct_response_noise_draw(noise, rows, n, seed, stream, pool);
  pct_response_noise_solve(noise, rows, n, scratch, pool);
}

void
pct_response_noise_save(const PctResponseNoise *noise, const char *name, PctTensors *tensors)
{
  g_autofree char *diagonal = g_strconcat(name, ".diagonal", NULL), *modes = g_strconcat(name, ".modes", NULL);
  pct_tensors_add_vector(tensors, diagonal, noise->diagonal, noise->m);
  pct_tensors_add(tensors, modes, noise->modes, 2, (gsize[]){ noise->rank, noise->m });
}

PctResponseNoise *
pct_response_noise_load(const PctTensors *tensors, const char *name, gsize m, GError **error)
{
  g_autofree char *diagonal_name = g_strconcat(name, ".diagonal", NULL);
  g_autofree char *modes_name = g_strconcat(name, ".modes", NULL);
  const PctTensor *diagonal = pct_tensors_require(tensors, diagonal_name, 1, &m, error);
  const PctTensor *modes = diagonal ? pct_tensors_find(tensors, modes_name) : NULL;
  if (!diagonal)
    return NULL;
  gboolean good = modes && modes->rank == 2 && modes->shape[0] <= MAX_RANK && modes->shape[1] == m;
  for (gsize i = 0; good && i < m; i++)
    good = diagonal->values[i] > 0 && isfinite(diagonal->values[i]);
  g_autoptr(PctResponseNoise) noise = good ? noise_new(m, modes->shape[0]) : NULL;
  if (noise) {
    memcpy(noise->diagonal, diagonal->values, m * sizeof(float));
    if (modes->count > 0)
      memcpy(noise->modes, modes->values, modes->count * sizeof(float));
    if (find_known(noise))
      return g_steal_pointer(&noise);
  }
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
              _("“%s” is not a positive variance for each neuron beside shared modes."), name);
  return NULL;
}
