// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/linear-features.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/linear-algebra.h"
#include "base/principal-directions.h"

// Numbers of features tried where none is asked for.
static const gsize counts[] = { 8, 16, 32, 64, 128, 256 };
#define COUNT_DEFAULT 64
// Share of the best quality that is given away for more features.
#define TOLERANCE 0.01

// Penalties tried, as multiples of the mean diagonal of K; quality is smooth and flat around its maximum.
static const float multiples[] = { 0.25f, 0.5f, 1, 2, 4, 8, 16, 32 };

typedef struct {
  PctPool *pool;
  gsize n, m, p;          // train trials, neurons, pixels
  gboolean dual;
  float *x;               // (n,m) z-scored responses
  float *y;               // (n,p) images less their mean
  float *kernel;          // (n,n) or (m,m), lower triangle
  float *factor;          // the same with a penalty, factorised
  float *smoother;        // dual: (n,n) L^-1; primal: (m,n) L^-1 X^T
  float *residual;        // (n,p): dual A = C Y; primal Y - X W
  float *weights;         // primal: W (m,p)
  float *left_out;        // (n,p) predictions of each trial without its image
  int n_groups;           // trials that showed one image
  int *group_first;       // (n_groups + 1,)
  int *group_trials;      // (n,)
  float mean_diagonal;
} Fit;

static void
fit_clear(Fit *fit)
{
  float *arrays[] = { fit->x, fit->y, fit->kernel, fit->factor, fit->smoother, fit->residual, fit->weights, fit->left_out };
  for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
    pct_aligned_free(arrays[i]);
  g_free(fit->group_first);
  g_free(fit->group_trials);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fit, fit_clear)

static void
group_by_image(Fit *fit, const PctRecording *recording, const int *trials)
{
  int n_images = pct_recording_get_n_images(recording), n = (int)fit->n;
  g_autofree int *count = g_new0(int, n_images + 1);
  for (int i = 0; i < n; i++)
    count[pct_recording_get_trial_image(recording, trials[i]) + 1]++;
  fit->group_first = g_new(int, n_images + 1);
  fit->n_groups = 0;
  g_autofree int *next = g_new0(int, n_images);
  int first = 0;
  for (int image = 0; image < n_images; image++) {
    next[image] = first;
    if (count[image + 1])
      fit->group_first[fit->n_groups++] = first;
    first += count[image + 1];
  }
  fit->group_first[fit->n_groups] = first;
  fit->group_trials = g_new(int, n);
  for (int i = 0; i < n; i++)
    fit->group_trials[next[pct_recording_get_trial_image(recording, trials[i])]++] = i;
}

static gboolean
prepare(Fit *fit, const PctRecording *recording, const PctStatistics *statistics, GError **error)
{
  int n_trials;
  const int *trials = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n_trials);
  gsize n = fit->n = (gsize)n_trials, m = fit->m = (gsize)statistics->n_neurons, p = fit->p = (gsize)statistics->n_pixels;
  fit->dual = n <= m;
  gsize size = fit->dual ? n : m;
  if (!(fit->x = pct_aligned_new(n * m, error)) || !(fit->y = pct_aligned_new(n * p, error)) ||
      !(fit->kernel = pct_aligned_new(size * size, error)) || !(fit->factor = pct_aligned_new(size * size, error)) ||
      !(fit->smoother = pct_aligned_new(size * n, error)) || !(fit->residual = pct_aligned_new(n * p, error)) ||
      !(fit->left_out = pct_aligned_new(n * p, error)) ||
      (!fit->dual && !(fit->weights = pct_aligned_new(m * p, error))))
    return FALSE;
  pct_recording_read_trials(recording, trials, n_trials, fit->x);
  for (gsize i = 0; i < n; i++) {
    float *row = fit->x + i * m, *image = fit->y + i * p;
    for (gsize j = 0; j < m; j++)
      row[j] = (row[j] - statistics->response_mean[j]) / statistics->response_scale[j];
    pct_recording_read_image(recording, pct_recording_get_trial_image(recording, trials[i]), image);
    for (gsize j = 0; j < p; j++)
      image[j] -= statistics->mean_image[j];
  }
  group_by_image(fit, recording, trials);
  pct_gram(fit->pool, !fit->dual, size, fit->dual ? m : n, fit->x, m, fit->kernel, size);
  double trace = 0;
  for (gsize i = 0; i < size; i++)
    trace += fit->kernel[i * size + i];
  fit->mean_diagonal = (float)(trace / (double)n);
  return TRUE;
}

typedef struct {
  Fit *fit;
  const float *mean_image;
  double *correlations;  // a group: summed over its trials
} Groups;

// Pearson correlation of a + mean and b + mean.
static double
correlation(const float *a, const float *b, const float *mean, gsize n)
{
  double sa = 0, sb = 0, aa = 0, bb = 0, ab = 0;
  for (gsize i = 0; i < n; i++) {
    double x = (double)a[i] + mean[i], y = (double)b[i] + mean[i];
    sa += x;
    sb += y;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  double spread = (aa - sa * sa / (double)n) * (bb - sb * sb / (double)n);
  return spread > 0 ? (ab - sa * sb / (double)n) / sqrt(spread) : 0;
}

// left_out_g = Y_g - S^-1 residual_g, with S = C_gg (dual) or I - H_gg (primal).
static void
leave_groups_out(gsize first, gsize end, guint thread, gpointer data)
{
  const Groups *groups = data;
  const Fit *fit = groups->fit;
  for (gsize g = first; g < end; g++) {
    const int *members = fit->group_trials + fit->group_first[g];
    gsize size = (gsize)(fit->group_first[g + 1] - fit->group_first[g]), inner = fit->dual ? fit->n : fit->m;
    g_autofree float *columns = g_new(float, size * inner), *system = g_new(float, size * size);
    g_autofree float *solution = g_new(float, size * fit->p);
    for (gsize i = 0; i < size; i++) {
      for (gsize k = 0; k < inner; k++)
        columns[i * inner + k] = fit->smoother[k * fit->n + (gsize)members[i]];
      memcpy(solution + i * fit->p, fit->residual + (gsize)members[i] * fit->p, fit->p * sizeof(float));
    }
    pct_gram(NULL, FALSE, size, inner, columns, inner, system, size);
    if (!fit->dual)
      for (gsize i = 0; i < size; i++)
        for (gsize j = 0; j <= i; j++)
          system[i * size + j] = (i == j ? 1.0f + 1e-6f : 0.0f) - system[i * size + j];
    if (pct_cholesky(NULL, system, size, size))
      pct_cholesky_solve(NULL, system, size, size, solution, fit->p, fit->p);
    double sum = 0;
    for (gsize i = 0; i < size; i++) {
      float *left_out = fit->left_out + (gsize)members[i] * fit->p;
      const float *y = fit->y + (gsize)members[i] * fit->p;
      for (gsize j = 0; j < fit->p; j++)
        left_out[j] = y[j] - solution[i * fit->p + j];
      sum += correlation(left_out, y, groups->mean_image, fit->p);
    }
    groups->correlations[g] = sum;
  }
}

// Predictions without each image at one penalty; their mean PixCorr, or NAN where the system has no solution. PixCorr
// rather than the squared error: what the networks build on is the picture's structure, and they set its scale themselves.
static double
leave_one_out(Fit *fit, const PctStatistics *statistics, float penalty)
{
  gsize size = fit->dual ? fit->n : fit->m;
  memcpy(fit->factor, fit->kernel, size * size * sizeof(float));
  for (gsize i = 0; i < size; i++)
    fit->factor[i * size + i] += penalty;
  if (!pct_cholesky(fit->pool, fit->factor, size, size))
    return NAN;
  if (fit->dual) {
    memset(fit->smoother, 0, size * size * sizeof(float));
    for (gsize i = 0; i < size; i++)
      fit->smoother[i * size + i] = 1;
    memcpy(fit->residual, fit->y, fit->n * fit->p * sizeof(float));
    pct_cholesky_solve(fit->pool, fit->factor, size, size, fit->residual, fit->p, fit->p);
  } else {
    for (gsize i = 0; i < fit->n; i++)
      for (gsize j = 0; j < fit->m; j++)
        fit->smoother[j * fit->n + i] = fit->x[i * fit->m + j];
    pct_gemm(fit->pool, TRUE, FALSE, fit->m, fit->p, fit->n, 1, fit->x, fit->m, fit->y, fit->p, 0, fit->weights, fit->p);
    pct_cholesky_solve(fit->pool, fit->factor, size, size, fit->weights, fit->p, fit->p);
    memcpy(fit->residual, fit->y, fit->n * fit->p * sizeof(float));
    pct_gemm(fit->pool, FALSE, FALSE, fit->n, fit->p, fit->m, -1, fit->x, fit->m, fit->weights, fit->p, 1, fit->residual,
             fit->p);
  }
  pct_cholesky_forward(fit->pool, fit->factor, size, size, fit->smoother, fit->n, fit->n);
  g_autofree double *correlations = g_new0(double, fit->n_groups);
  Groups groups = { fit, statistics->mean_image, correlations };
  pct_parallel_for(fit->pool, (gsize)fit->n_groups, 8, leave_groups_out, &groups);
  double sum = 0;
  for (int g = 0; g < fit->n_groups; g++)
    sum += correlations[g];
  return sum / (double)fit->n;
}

// The penalty with the best predictions; the fit is left as it is at that one.
static gboolean
choose_penalty(Fit *fit, const PctStatistics *statistics, PctLinearFeatures *features, const PctRun *run, GError **error)
{
  double best = -INFINITY, last = -INFINITY;
  float chosen = NAN, current = NAN;
  for (gsize i = 0; i < G_N_ELEMENTS(multiples); i++) {
    PctProgress progress = { .phase = _("Choosing the penalty of the linear features"), .step = (double)i,
                             .total = G_N_ELEMENTS(multiples) };
    if (!pct_run_report(run, &progress, error))
      return FALSE;
    current = multiples[i] * fit->mean_diagonal;
    double quality = leave_one_out(fit, statistics, current);
    if (isfinite(quality) && quality > best) {
      best = quality;
      chosen = current;
    } else if (isfinite(last) && quality < last) {
      break;  // past the one maximum
    }
    last = quality;
  }
  if (!isfinite(best)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                        _("The responses are constant or not finite, so nothing can be decoded from them."));
    return FALSE;
  }
  if (current != chosen)
    leave_one_out(fit, statistics, chosen);
  features->penalty = chosen;
  return TRUE;
}

// readout (k,p) = S with f S ~ y from the first k of the features: (f^T f + ridge n I)^-1 f^T y. Features have unit
// variance, so a fixed small ridge is enough. FALSE where they are not finite.
static gboolean
fit_readout(const Fit *fit, const PctLinearFeatures *features, gsize k, float *readout)
{
  gsize all = (gsize)features->n_features, n = fit->n, p = fit->p;
  g_autofree float *gram = g_new0(float, k * k);
  pct_gram(fit->pool, TRUE, k, n, features->train, all, gram, k);
  for (gsize i = 0; i < k; i++)
    gram[i * k + i] += 1e-3f * (float)n;
  pct_gemm(fit->pool, TRUE, FALSE, k, p, n, 1 / features->image_scale, features->train, all, fit->y, p, 0, readout, p);
  if (!pct_cholesky(NULL, gram, k, k))
    return FALSE;
  pct_cholesky_solve(fit->pool, gram, k, k, readout, p, p);
  return TRUE;
}

// How many of the features read out (about) best on the validation tier.
static gsize
choose_count(const Fit *fit, const PctRecording *recording, const PctStatistics *statistics,
             const PctLinearFeatures *features)
{
  int n_validation;
  const int *trials = pct_recording_get_tier_trials(recording, PCT_TIER_VALIDATION, &n_validation);
  gsize all = (gsize)features->n_features, m = fit->m, p = fit->p, n = (gsize)n_validation, chosen = MIN(all, COUNT_DEFAULT);
  if (n == 0)
    return chosen;
  g_autofree float *responses = g_new(float, n * m), *values = g_new(float, n * all), *readout = g_new(float, all * p);
  g_autofree float *originals = g_new(float, n * p), *pictures = g_new(float, n * p);
  pct_recording_read_trials(recording, trials, n_validation, responses);
  for (gsize i = 0; i < n; i++) {
    for (gsize j = 0; j < m; j++)
      responses[i * m + j] = (responses[i * m + j] - statistics->response_mean[j]) / statistics->response_scale[j];
    pct_recording_read_image(recording, pct_recording_get_trial_image(recording, trials[i]), originals + i * p);
    for (gsize j = 0; j < p; j++)
      originals[i * p + j] -= statistics->mean_image[j];
  }
  pct_gemm(fit->pool, FALSE, FALSE, n, all, m, 1, responses, m, features->weights, all, 0, values, all);
  double quality[G_N_ELEMENTS(counts)], best = -INFINITY;
  for (gsize c = 0; c < G_N_ELEMENTS(counts); c++) {
    gsize k = MIN(counts[c], all);
    quality[c] = -INFINITY;
    if ((c > 0 && k == MIN(counts[c - 1], all)) || !fit_readout(fit, features, k, readout))
      continue;
    pct_gemm(fit->pool, FALSE, FALSE, n, p, k, features->image_scale, values, all, readout, p, 0, pictures, p);
    quality[c] = 0;
    for (gsize i = 0; i < n; i++)
      quality[c] += correlation(pictures + i * p, originals + i * p, statistics->mean_image, p);
    best = MAX(best, quality[c]);
  }
  // The most that are about as good: those beyond the best for single trials pay when trials are averaged.
  for (gsize c = 0; c < G_N_ELEMENTS(counts); c++)
    if (isfinite(quality[c]) && quality[c] >= best - TOLERANCE * fabs(best))
      chosen = MIN(counts[c], all);
  return chosen;
}

// Keeps the first k features.
static void
truncate_features(PctLinearFeatures *features, gsize k)
{
  gsize all = (gsize)features->n_features;
  float *arrays[] = { features->train, features->weights };
  gsize rows[] = { (gsize)features->n_train, (gsize)features->n_neurons };
  for (int a = 0; a < 2; a++)
    for (gsize i = 0; i < rows[a]; i++)
      memmove(arrays[a] + i * k, arrays[a] + i * all, k * sizeof(float));
  features->n_features = (int)k;
}

PctLinearFeatures *
pct_linear_features_new(const PctRecording *recording, const PctStatistics *statistics, int n_features,
                        const PctRun *run, GError **error)
{
  g_auto(Fit) fit = { .pool = pct_run_get_pool(run) };
  g_autoptr(PctLinearFeatures) features = g_new0(PctLinearFeatures, 1);
  if (!prepare(&fit, recording, statistics, error) || !choose_penalty(&fit, statistics, features, run, error))
    return NULL;
  gsize n = fit.n, m = fit.m, p = fit.p;
  gsize k = MIN(n_features > 0 ? (gsize)n_features : counts[G_N_ELEMENTS(counts) - 1], MIN(MIN(n, m), p));
  g_autofree float *values = g_new(float, k), *basis = g_new(float, p * k);
  if (!pct_principal_directions(fit.left_out, n, p, k, 1, values, basis, run, error))
    return NULL;
  // What is left out may have fewer directions than asked for.
  gsize kept = 1;
  while (kept < k && values[kept] > 1e-6f * values[0])
    kept++;
  features->n_neurons = (int)m;
  features->n_pixels = (int)p;
  features->n_train = (int)n;
  features->n_features = (int)kept;
  features->deviations = g_new(float, kept);
  for (gsize j = 0; j < kept; j++)
    features->deviations[j] = sqrtf(MAX(values[j], 1e-12f));
  for (gsize i = 0; i < p; i++)
    for (gsize j = 0; j < kept; j++)
      basis[i * kept + j] = basis[i * k + j] / features->deviations[j];
  features->train = g_new(float, n * kept);
  features->weights = g_new(float, m * kept);
  features->readout = g_new(float, kept * p);
  pct_gemm(fit.pool, FALSE, FALSE, n, kept, p, 1, fit.left_out, p, basis, kept, 0, features->train, kept);
  if (fit.dual) {
    g_autofree float *projected = g_new(float, n * kept);
    pct_gemm(fit.pool, FALSE, FALSE, n, kept, p, 1, fit.residual, p, basis, kept, 0, projected, kept);
    pct_gemm(fit.pool, TRUE, FALSE, m, kept, n, 1, fit.x, m, projected, kept, 0, features->weights, kept);
  } else {
    pct_gemm(fit.pool, FALSE, FALSE, m, kept, p, 1, fit.weights, p, basis, kept, 0, features->weights, kept);
  }
  double sum = 0;
  for (gsize i = 0; i < n * p; i++)
    sum += (double)fit.y[i] * fit.y[i];
  features->image_scale = (float)MAX(sqrt(sum / ((double)n * (double)p)), 1e-3);
  if (n_features == 0)
    truncate_features(features, choose_count(&fit, recording, statistics, features));
  if (!fit_readout(&fit, features, (gsize)features->n_features, features->readout)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED, _("The linear features of the responses are not finite."));
    return NULL;
  }
  return g_steal_pointer(&features);
}

void
pct_linear_features_fold(const PctLinearFeatures *features, const PctStatistics *statistics, float *weights, float *bias)
{
  gsize k = (gsize)features->n_features;
  g_autofree double *sums = g_new0(double, k);
  for (gsize i = 0; i < (gsize)features->n_neurons; i++)
    for (gsize j = 0; j < k; j++) {
      float weight = features->weights[i * k + j] / statistics->response_scale[i];
      weights[i * k + j] = weight;
      sums[j] -= (double)weight * statistics->response_mean[i];
    }
  for (gsize j = 0; j < k; j++)
    bias[j] = (float)sums[j];
}

void
pct_linear_features_free(PctLinearFeatures *features)
{
  if (!features)
    return;
  g_free(features->weights);
  g_free(features->deviations);
  g_free(features->train);
  g_free(features->readout);
  g_free(features);
}
