// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "encode/spike-triggered.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/ridge-system.h"

// Neurons a product: at the reference recording's size about 50 ms on two cores, so that a listener hears in time.
#define SLAB 512

// Penalties tried, in powers of 4 of the mean pixel variance over trials. Natural images put nearly all of their
// variance into the coarsest directions, so most useful penalties are far below the mean.
#define LOWEST (-8)
#define HIGHEST 4
#define UNSEEN (-2)

typedef struct {
  const PctTierMeans *means;
  const float *mean_image;  // (P,) of these trials
  float *images, *responses;
  gboolean root;            // rows times the root of their number of trials, else times their share of all trials
} Weighing;

static void
weigh_rows(gsize first, gsize end, guint thread, gpointer data)
{
  const Weighing *w = data;
  const PctTierMeans *t = w->means;
  gsize m = (gsize)t->n_neurons, p = (gsize)t->n_pixels;
  for (gsize i = first; i < end; i++) {
    float weight = w->root ? sqrtf(t->counts[i]) : (float)(t->counts[i] / t->n_trials);
    for (gsize j = 0; j < p; j++)
      w->images[i * p + j] = weight * (t->images[i * p + j] - w->mean_image[j]);
    if (w->responses)
      for (gsize j = 0; j < m; j++)
        w->responses[i * m + j] = weight * (t->responses[i * m + j] - (float)t->means[j]);
  }
}

// images (n,P), responses (n,M) or NULL.
static void
weigh(const PctTierMeans *means, gboolean root, float *images, float *responses, PctPool *pool)
{
  gsize p = (gsize)means->n_pixels;
  g_autofree double *sum = g_new0(double, p);
  g_autofree float *mean = g_new(float, p);
  for (int i = 0; i < means->n; i++)
    for (gsize j = 0; j < p; j++)
      sum[j] += (double)means->counts[i] * means->images[(gsize)i * p + j];
  for (gsize j = 0; j < p; j++)
    mean[j] = (float)(sum[j] / MAX(means->n_trials, 1));
  Weighing weighing = { means, mean, images, responses, root };
  pct_parallel_for(pool, (gsize)means->n, 16, weigh_rows, &weighing);
}

gboolean
pct_spike_triggered_average(const PctTierMeans *fitted, float *sta, const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  gsize n = (gsize)fitted->n, m = (gsize)fitted->n_neurons, p = (gsize)fitted->n_pixels;
  g_autoptr(PctFloats) images = pct_aligned_new(n * p, error);
  if (!images)
    return FALSE;
  weigh(fitted, FALSE, images, NULL, pool);
  for (gsize first = 0; first < m; first += SLAB) {
    gsize count = MIN(SLAB, m - first);
    pct_gemm(pool, TRUE, FALSE, count, p, n, 1, fitted->responses + first, m, images, p, 0, sta + first * p, p);
    if (!pct_run_step(run, (double)(first + count), (double)m, error))
      return FALSE;
  }
  return TRUE;
}

// Mean correlation with the held trials, over the neurons that have one; -INFINITY without a solution.
static double
try_penalty(PctRidgeSystem *system, double penalty, const PctTierMeans *held, PctTierMatch *matches, PctPool *pool)
{
  gsize m = (gsize)held->n_neurons, n = 0;
  if (!pct_ridge_system_predict(system, penalty, system->order, pool))
    return -INFINITY;
  pct_tier_means_match(held, system->predicted, m, 0, m, matches, pool);
  double sum = 0;
  for (gsize j = 0; j < m; j++)
    if (isfinite(matches[j].correlation)) {
      sum += matches[j].correlation;
      n++;
    }
  return n > 0 ? sum / (double)n : -INFINITY;
}

static gboolean
choose_penalty(PctRidgeSystem *system, const PctTierMeans *held, double scale, double *penalty, float *correlations,
               const PctRun *run, GError **error)
{
  gsize m = (gsize)held->n_neurons;
  g_autofree PctTierMatch *matches = g_new(PctTierMatch, m);
  double best = -INFINITY;
  *penalty = scale * pow(4, UNSEEN);
  for (int power = HIGHEST; power >= LOWEST; power--) {
    double candidate = scale * pow(4, power);
    double score = try_penalty(system, candidate, held, matches, pct_run_get_pool(run));
    if (score > best) {
      best = score;
      *penalty = candidate;
      for (gsize j = 0; j < m && correlations; j++)
        correlations[j] = (float)matches[j].correlation;
    }
    PctFigure figures[] = { { "penalty", candidate / system->n }, { "validation_correlation", score } };
    PctProgress progress = { .step = HIGHEST - power + 1, .total = HIGHEST - LOWEST + 1, .figures = figures,
                             .n_figures = isfinite(score) ? G_N_ELEMENTS(figures) : 0 };
    if (!pct_run_report(run, &progress, error))
      return FALSE;
    // The score rises and then falls along the grid: two steps past the best there is nothing more to find.
    if (candidate < *penalty / 4.5 && isfinite(best))
      break;
  }
  return TRUE;
}

typedef struct {
  const float *in;
  float *out;
  gsize rows, columns;
} Transposing;

static void
transpose_rows(gsize first, gsize end, guint thread, gpointer data)
{
  const Transposing *t = data;
  for (gsize block = 0; block < t->rows; block += 64)
    for (gsize j = first; j < end; j++)
      for (gsize i = block; i < MIN(block + 64, t->rows); i++)
        t->out[j * t->rows + i] = t->in[i * t->columns + j];
}

gboolean
pct_spike_triggered_decorrelate(const PctTierMeans *fitted, const PctTierMeans *held, float *fields, double *penalty,
                                float *correlations, const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  gsize n = (gsize)fitted->n, m = (gsize)fitted->n_neurons, p = (gsize)fitted->n_pixels;
  g_autoptr(PctFloats) images = pct_aligned_new(n * p, error);
  g_autoptr(PctFloats) responses = images ? pct_aligned_new(n * m, error) : NULL;
  g_autoptr(PctFloats) weights = responses ? pct_aligned_new(p * m, error) : NULL;
  if (!weights)
    return FALSE;
  weigh(fitted, TRUE, images, responses, pool);
  // Responses from images: the images are what the system calls responses.
  g_autoptr(PctRidgeSystem) system = pct_ridge_system_new(images, responses, n, p, m, held->images, NULL,
                                                          (gsize)held->n, run, error);
  if (!system)
    return FALSE;
  double variance = 0, chosen;
  for (gsize i = 0; i < n * p; i++)
    variance += (double)images[i] * images[i];
  double scale = variance / (double)p;  // of the sum over trials, as the system's is
  if (!(scale > 0)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                        _("The images of the training tier are all the same: no receptive field can be found."));
    return FALSE;
  }
  for (gsize j = 0; j < m && correlations; j++)
    correlations[j] = NAN;
  if (!choose_penalty(system, held, scale, &chosen, correlations, run, error))
    return FALSE;
  g_autofree gsize *columns = g_new(gsize, m);
  for (gsize j = 0; j < m; j++)
    columns[j] = j;
  for (gsize first = 0; first < m; first += 2 * SLAB) {
    gsize count = MIN(2 * SLAB, m - first);
    if (!pct_ridge_system_solve(system, chosen, columns + first, count, weights, pool, error) ||
        !pct_run_step(run, (double)(first + count), (double)m, error))
      return FALSE;
  }
  Transposing transposing = { weights, fields, p, m };
  pct_parallel_for(pool, m, 64, transpose_rows, &transposing);
  if (penalty)
    *penalty = chosen / fitted->n_trials;
  return TRUE;
}

// The field's squares, smoothed by a Gaussian: the lobes of one field run together, and single noisy pixels do not win.
static void
smooth_squares(const float *field, int height, int width, double deviation, double *scratch, double *out)
{
  int radius = (int)ceil(3 * deviation);
  g_autofree double *kernel = g_new(double, radius + 1);
  for (int i = 0; i <= radius; i++)
    kernel[i] = exp(-0.5 * i * i / (deviation * deviation));
  for (int row = 0; row < height; row++)
    for (int column = 0; column < width; column++) {
      double sum = 0;
      for (int k = MAX(0, column - radius); k <= MIN(width - 1, column + radius); k++) {
        double value = field[row * width + k];
        sum += kernel[ABS(k - column)] * value * value;
      }
      scratch[row * width + column] = sum;
    }
  for (int row = 0; row < height; row++)
    for (int column = 0; column < width; column++) {
      double sum = 0;
      for (int k = MAX(0, row - radius); k <= MIN(height - 1, row + radius); k++)
        sum += kernel[ABS(k - row)] * scratch[k * width + column];
      out[row * width + column] = sum;
    }
}

typedef struct {
  const float *fields;
  int height, width;
  float *x, *y, *spread;
} Locating;

// Marks the pixels that hang together with the peak and are above a third of it; returns how many there are in list.
static int
grow(const double *smooth, int height, int width, int peak, int *list, guint8 *taken)
{
  int n = 0;
  list[n++] = peak;
  taken[peak] = 1;
  for (int i = 0; i < n; i++) {
    int row = list[i] / width, column = list[i] % width;
    const int neighbours[4][2] = { { row - 1, column }, { row + 1, column }, { row, column - 1 }, { row, column + 1 } };
    for (int k = 0; k < 4; k++) {
      int r = neighbours[k][0], c = neighbours[k][1];
      if (r < 0 || r >= height || c < 0 || c >= width || taken[r * width + c] ||
          smooth[r * width + c] < smooth[peak] / 3)
        continue;
      taken[r * width + c] = 1;
      list[n++] = r * width + c;
    }
  }
  return n;
}

static void
locate(gsize first, gsize end, guint thread, gpointer data)
{
  const Locating *task = data;
  int p = task->height * task->width;
  g_autofree double *scratch = g_new(double, p), *smooth = g_new(double, p);
  g_autofree int *list = g_new(int, p);
  g_autofree guint8 *taken = g_new(guint8, p);
  for (gsize i = first; i < end; i++) {
    const float *field = task->fields + i * (gsize)p;
    smooth_squares(field, task->height, task->width, MAX(1, task->height / 24.0), scratch, smooth);
    int peak = 0;
    for (int k = 1; k < p; k++)
      if (smooth[k] > smooth[peak])
        peak = k;
    memset(taken, 0, (gsize)p);
    task->x[i] = task->y[i] = task->spread[i] = NAN;
    if (!(smooth[peak] > 0) || !isfinite(smooth[peak]))
      continue;
    int n = grow(smooth, task->height, task->width, peak, list, taken);
    double mass = 0, x = 0, y = 0, squares = 0;
    for (int pass = 0; pass < 2; pass++)
      for (int k = 0; k < n; k++) {
        double weight = (double)field[list[k]] * field[list[k]], c = list[k] % task->width, r = list[k] / task->width;
        if (pass == 0) {
          mass += weight;
          x += weight * c;
          y += weight * r;
        } else {
          squares += weight * ((c - x / mass) * (c - x / mass) + (r - y / mass) * (r - y / mass));
        }
      }
    task->x[i] = (float)(x / mass);
    task->y[i] = (float)(y / mass);
    task->spread[i] = (float)sqrt(squares / mass / 2);
  }
}

void
pct_receptive_field_locate(const float *fields, gsize n, int height, int width, float *x, float *y, float *spread,
                           PctPool *pool)
{
  Locating task = { fields, height, width, x, y, spread };
  pct_parallel_for(pool, n, 16, locate, &task);
}
