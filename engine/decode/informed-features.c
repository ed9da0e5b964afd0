// SPDX-License-Identifier: GPL-3.0-or-later
// The solution W = (C + penalty S)^-1 B is a ridge regression in disguise: divide every neuron by the root of its own
// noise, and append the noise's shared modes to the trials as rows that show nothing. Its penalty is then the noise.
#include "config.h"
#include "decode/informed-features.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/linear-algebra.h"
#include "base/principal-directions.h"
#include "base/ridge-system.h"
#include "decode/imagined-trials.h"

// Of the one solution that the features are taken from, and where there is no validation tier; the best for others is
// close to its space.
#define PENALTY 1.5
#define LEAST_PENALTY 0.001
#define MOST_PENALTY 1000
#define PENALTY_STEP 1.15
// Added to the diagonal of covariances of features of unit variance, against rounding: as little as is enough. Where
// neurons are few, features are as many, and some nearly say the same.
#define LEAST_DIAGONAL 1e-6f
#define MOST_DIAGONAL 0.1f

void
pct_informed_features_free(PctInformedFeatures *features)
{
  if (!features)
    return;
  g_free(features->weights);
  g_free(features->signal);
  g_free(features->noise);
  g_free(features->cross);
  g_free(features->basis);
  g_free(features->deviations);
  g_free(features);
}

static void
subtract_mean(float *rows, gsize n, gsize m)
{
  g_autofree double *mean = g_new0(double, m);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < m; j++)
      mean[j] += rows[i * m + j] / (double)n;
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < m; j++)
      rows[i * m + j] -= (float)mean[j];
}

PctResponseNoise *
pct_informed_features_measure_noise(const PctFit *fit, const PctTrialRows *trials, const int *numbers, int n_modes,
                                    const PctRun *run, GError **error)
{
  gsize n = trials->n, m = (gsize)fit->statistics->n_neurons;
  g_autofree int *images = g_new(int, MAX(n, 1));
  for (gsize i = 0; i < n; i++)
    images[i] = pct_recording_get_trial_image(fit->recording, numbers[i]);
  g_autoptr(PctFloats) residuals = pct_aligned_new(n * m, error);
  if (!residuals || !pct_imagined_trials_predict(fit, images, n, residuals, run, error))
    return NULL;
  for (gsize i = 0; i < n * m; i++)
    residuals[i] = trials->z[i] - residuals[i];
  subtract_mean(residuals, n, m);
  return pct_response_noise_new(residuals, n, m, (gsize)n_modes, run, error);
}

// rows (n,m) times 1 / (root of n times the diagonal).
static void
divide(float *rows, gsize n, const PctResponseNoise *noise, double more)
{
  g_autofree float *factor = g_new(float, noise->m);
  for (gsize j = 0; j < noise->m; j++)
    factor[j] = (float)(more / sqrt(noise->diagonal[j]));
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < noise->m; j++)
      rows[i * noise->m + j] *= factor[j];
}

// a (n,k), b (n,l), both stored as such: out (k,l) = a^T b / n.
static void
covariance(PctPool *pool, const float *a, gsize k, const float *b, gsize l, gsize n, float *out)
{
  pct_gemm(pool, TRUE, FALSE, k, l, n, 1 / (float)n, a, k, b, l, 0, out, l);
}

// Weights (M,K) of divided responses. targets (n + modes, K) and z (n + modes, M) are divided already.
static gboolean
solve(PctInformedFeatures *features, const float *z, const float *targets, gsize rows, const PctRun *run, GError **error)
{
  gsize m = (gsize)features->n_neurons, k = (gsize)features->n_features;
  g_autoptr(PctRidgeSystem) system = pct_ridge_system_new(z, targets, rows, m, k, NULL, NULL, 0, run, error);
  return system && pct_ridge_system_solve(system, PENALTY, NULL, 0, features->weights, pct_run_get_pool(run), error);
}

// Chooses the penalty by the squared error of the validation trials' scores: among the features, where a penalty costs
// milliseconds.
static gboolean
choose_penalty(PctInformedFeatures *features, const PctTrialRows *trials, const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  gsize n = trials->n, m = (gsize)features->n_neurons, k = (gsize)features->n_features, p = (gsize)features->n_pixels;
  g_autofree float *known = g_new(float, n * k), *scores = g_new(float, n * k), *estimated = g_new(float, n * k);
  g_autofree float *estimator = g_new(float, k * k);
  pct_gemm(pool, FALSE, FALSE, n, k, m, 1, trials->z, m, features->weights, k, 0, known, k);
  pct_gemm(pool, FALSE, TRUE, n, k, p, 1, trials->pictures, p, features->basis, p, 0, scores, k);
  double least = INFINITY, best = PENALTY;
  for (double penalty = LEAST_PENALTY; penalty < MOST_PENALTY; penalty *= PENALTY_STEP) {
    features->penalty = penalty;
    if (!pct_informed_features_get_estimator(features, 1, estimator, error) || !pct_run_step(run, 0, 0, error))
      return FALSE;
    pct_gemm(pool, FALSE, FALSE, n, k, k, 1, known, k, estimator, k, 0, estimated, k);
    double sum = 0;
    for (gsize i = 0; i < n * k; i++)
      sum += ((double)estimated[i] - scores[i]) * ((double)estimated[i] - scores[i]);
    if (sum < least) {
      least = sum;
      best = penalty;
    }
  }
  features->penalty = best;
  return TRUE;
}

// Features of unit variance at single trials, and their covariances. weights are of divided responses; z (n,M) divided.
static void
describe(PctInformedFeatures *features, const float *z, gsize n, const PctResponseNoise *noise, const float *scores,
         float *train, PctPool *pool)
{
  gsize m = noise->m, k = (gsize)features->n_features, rank = noise->rank;
  float *w = features->weights;
  pct_gemm(pool, FALSE, FALSE, n, k, m, sqrtf((float)n), z, m, w, k, 0, train, k);
  covariance(pool, train, k, train, k, n, features->signal);
  // In divided units the neurons' own noise has unit variance.
  pct_gemm(pool, TRUE, FALSE, k, k, m, 1, w, k, w, k, 0, features->noise, k);
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < k; j++)
      w[i * k + j] /= sqrtf(noise->diagonal[i]);
  if (rank) {
    g_autofree float *modes = g_new(float, rank * k);
    pct_gemm(pool, FALSE, FALSE, rank, k, m, 1, noise->modes, m, w, k, 0, modes, k);
    pct_gemm(pool, TRUE, FALSE, k, k, rank, 1, modes, k, modes, k, 1, features->noise, k);
  }
  g_autofree float *scale = g_new(float, k);
  for (gsize j = 0; j < k; j++) {
    float variance = features->signal[j * k + j] + features->noise[j * k + j];
    scale[j] = variance > 0 ? 1 / sqrtf(variance) : 1;
  }
  for (gsize i = 0; i < k * k; i++) {
    features->signal[i] *= scale[i / k] * scale[i % k];
    features->noise[i] *= scale[i / k] * scale[i % k];
  }
  for (gsize i = 0; i < m * k; i++)
    w[i] *= scale[i % k];
  for (gsize i = 0; i < n * k; i++)
    train[i] *= scale[i % k];
  covariance(pool, train, k, scores, k, n, features->cross);
}

// Principal components of the pictures (n,P), centred: basis and deviations; scores (n,K) gets theirs.
static gboolean
find_components(PctInformedFeatures *features, const float *pictures, gsize n, float *scores, const PctRun *run,
                GError **error)
{
  gsize k = (gsize)features->n_features, p = (gsize)features->n_pixels;
  g_autofree float *values = g_new(float, k), *vectors = g_new(float, p * k);
  PctProgress progress = { .phase = _("Finding the images’ principal components") };
  if (!pct_run_report(run, &progress, error) ||
      !pct_principal_directions(pictures, n, p, k, 1, values, vectors, run, error))
    return FALSE;
  for (gsize j = 0; j < k; j++) {
    features->deviations[j] = sqrtf(MAX(values[j], 0));
    for (gsize i = 0; i < p; i++)
      features->basis[j * p + i] = vectors[i * k + j];
  }
  pct_gemm(pct_run_get_pool(run), FALSE, FALSE, n, k, p, 1, pictures, p, vectors, k, 0, scores, k);
  return TRUE;
}

static PctInformedFeatures *
features_new(gsize m, gsize p, gsize k)
{
  PctInformedFeatures *features = g_new0(PctInformedFeatures, 1);
  features->n_neurons = (int)m;
  features->n_pixels = (int)p;
  features->n_features = (int)k;
  features->weights = g_new0(float, m * k);
  features->signal = g_new0(float, k * k);
  features->noise = g_new0(float, k * k);
  features->cross = g_new0(float, k * k);
  features->basis = g_new0(float, k * p);
  features->deviations = g_new0(float, k);
  return features;
}

static gboolean
is_finite(const float *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!isfinite(values[i]))
      return FALSE;
  return TRUE;
}

PctInformedFeatures *
pct_informed_features_new(const PctFit *fit, PctTrialRows *imagined, const PctInformedOptions *options, float **train,
                          const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  gsize n = imagined->n, m = (gsize)fit->statistics->n_neurons, p = (gsize)fit->statistics->n_pixels;
  gsize k = MIN(MIN((gsize)options->n_features, m), MIN(n, p));
  g_autoptr(PctInformedFeatures) features = features_new(m, p, k);
  features->model_error = options->model_error;
  int n_trials, n_validation;
  const int *numbers = pct_recording_get_tier_trials(fit->recording, PCT_TIER_VALIDATION, &n_validation);
  n_trials = n_validation;
  if (n_validation == 0)
    numbers = pct_recording_get_tier_trials(fit->recording, PCT_TIER_TRAIN, &n_trials);
  g_auto(PctTrialRows) trials = { 0 };
  PctProgress progress = { .phase = _("Measuring the noise of the responses") };
  if (!pct_run_report(run, &progress, error) ||
      !pct_trial_rows_read(&trials, fit->recording, fit->statistics, numbers, (gsize)n_trials, run, error))
    return NULL;
  g_autoptr(PctResponseNoise) noise =
    pct_informed_features_measure_noise(fit, &trials, numbers, options->n_modes, run, error);
  if (!noise)
    return NULL;
  features->n_modes = (int)noise->rank;
  // Trials, then modes.
  gsize rows = n + noise->rank;
  g_autoptr(PctFloats) z = pct_aligned_new(rows * m, error);
  g_autoptr(PctFloats) targets = z ? pct_aligned_new(rows * k, error) : NULL;
  g_autoptr(PctFloats) own_train = targets ? pct_aligned_new(n * k, error) : NULL;
  if (!own_train)
    return NULL;
  subtract_mean(imagined->z, n, m);
  memcpy(z, imagined->z, n * m * sizeof(float));
  g_clear_pointer(&imagined->z, pct_aligned_free);
  memcpy(z + n * m, noise->modes, noise->rank * m * sizeof(float));
  divide(z, n, noise, 1 / sqrt((double)n));
  divide(z + n * m, noise->rank, noise, 1);
  subtract_mean(imagined->pictures, n, p);
  if (!find_components(features, imagined->pictures, n, targets, run, error))
    return NULL;
  progress.phase = _("Relating the responses to each other");
  g_autofree float *scores = g_memdup2(targets, n * k * sizeof(float));
  for (gsize i = 0; i < n * k; i++)
    targets[i] /= sqrtf((float)n);
  if (!pct_run_report(run, &progress, error) ||
      !solve(features, z, targets, rows, run, error))
    return NULL;
  describe(features, z, n, noise, scores, own_train, pool);
  features->penalty = options->penalty > 0 ? options->penalty : PENALTY;
  if (options->penalty == 0 && n_validation > 0 && !choose_penalty(features, &trials, run, error))
    return NULL;
  if (!is_finite(features->weights, m * k) || !is_finite(features->signal, k * k) ||
      !is_finite(features->cross, k * k)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                        _("What the encoder predicts for the recording’s images is not finite."));
    return NULL;
  }
  if (train)
    *train = g_steal_pointer(&own_train);
  return g_steal_pointer(&features);
}

void
pct_informed_features_fold(const PctInformedFeatures *features, const PctStatistics *statistics, float *weights,
                           float *bias)
{
  gsize m = (gsize)features->n_neurons, k = (gsize)features->n_features;
  g_autofree double *sums = g_new0(double, k);
  for (gsize i = 0; i < m; i++) {
    float scale = statistics->response_scale[i] > 0 ? statistics->response_scale[i] : 1;
    for (gsize j = 0; j < k; j++) {
      weights[i * k + j] = features->weights[i * k + j] / scale;
      sums[j] -= (double)weights[i * k + j] * statistics->response_mean[i];
    }
  }
  for (gsize j = 0; j < k; j++)
    bias[j] = (float)sums[j];
}

double
pct_informed_features_get_level(const PctInformedFeatures *features, double n_averaged)
{
  return features->penalty * (features->model_error + (1 - features->model_error) / n_averaged);
}

void
pct_informed_features_refuse(GError **error)
{
  g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                      _("The responses’ covariance has no inverse: there are too few images or neurons."));
}

gboolean
pct_informed_features_factorise(float *covariance, gsize k)
{
  g_autofree float *kept = g_memdup2(covariance, k * k * sizeof(float));
  for (float added = LEAST_DIAGONAL; added < MOST_DIAGONAL; added *= 10) {
    memcpy(covariance, kept, k * k * sizeof(float));
    for (gsize i = 0; i < k; i++)
      covariance[i * k + i] += added;
    if (pct_cholesky(NULL, covariance, k, k))
      return TRUE;
  }
  return FALSE;
}

gboolean
pct_informed_features_get_estimator(const PctInformedFeatures *features, double n_averaged, float *out, GError **error)
{
  gsize k = (gsize)features->n_features;
  float level = (float)pct_informed_features_get_level(features, n_averaged);
  g_autofree float *total = g_new(float, k * k);
  for (gsize i = 0; i < k * k; i++)
    total[i] = features->signal[i] + level * features->noise[i];
  memcpy(out, features->cross, k * k * sizeof(float));
  if (!pct_informed_features_factorise(total, k)) {
    pct_informed_features_refuse(error);
    return FALSE;
  }
  pct_cholesky_solve(NULL, total, k, k, out, k, k);
  return TRUE;
}

// Those of G^T (signal + noise) G = G^T cross.
void
pct_informed_features_get_deviations(const PctInformedFeatures *features, const float *estimator, float *out)
{
  gsize k = (gsize)features->n_features;
  for (gsize j = 0; j < k; j++) {
    double variance = 0;
    for (gsize i = 0; i < k; i++)
      variance += (double)estimator[i * k + j] * features->cross[i * k + j];
    out[j] = (float)sqrt(MAX(variance, 1e-12));
  }
}

void
pct_informed_features_save(const PctInformedFeatures *features, PctTensors *tensors)
{
  gsize p = (gsize)features->n_pixels, k = (gsize)features->n_features;
  float model_error = (float)features->model_error, penalty = (float)features->penalty;
  pct_tensors_add(tensors, "features.signal", features->signal, 2, (gsize[]){ k, k });
  pct_tensors_add(tensors, "features.noise", features->noise, 2, (gsize[]){ k, k });
  pct_tensors_add(tensors, "features.cross", features->cross, 2, (gsize[]){ k, k });
  pct_tensors_add(tensors, "features.basis", features->basis, 2, (gsize[]){ k, p });
  pct_tensors_add_vector(tensors, "features.deviations", features->deviations, k);
  pct_tensors_add(tensors, "features.model_error", &model_error, 0, NULL);
  pct_tensors_add(tensors, "features.penalty", &penalty, 0, NULL);
}

PctInformedFeatures *
pct_informed_features_load(const PctTensors *tensors, int n_neurons, GError **error)
{
  const PctTensor *basis = pct_tensors_find(tensors, "features.basis");
  if (!basis || basis->rank != 2 || basis->count == 0 || basis->shape[0] > 4096 || basis->count > G_MAXINT32) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_FORMAT,
                        _("The weights file has no “features.basis” of principal components."));
    return NULL;
  }
  gsize k = basis->shape[0], p = basis->shape[1];
  g_autoptr(PctInformedFeatures) features = features_new(0, p, k);
  features->n_neurons = n_neurons;
  g_clear_pointer(&features->weights, g_free);
  const struct {
    const char *name;
    float *into;
  } squares[] = { { "features.signal", features->signal }, { "features.noise", features->noise },
                  { "features.cross", features->cross } };
  for (gsize i = 0; i < G_N_ELEMENTS(squares); i++) {
    const PctTensor *square = pct_tensors_require(tensors, squares[i].name, 2, (gsize[]){ k, k }, error);
    if (!square)
      return NULL;
    memcpy(squares[i].into, square->values, k * k * sizeof(float));
  }
  const PctTensor *deviations = pct_tensors_require(tensors, "features.deviations", 1, &k, error);
  const PctTensor *model_error = deviations ? pct_tensors_require(tensors, "features.model_error", 0, NULL, error) : NULL;
  const PctTensor *penalty = model_error ? pct_tensors_require(tensors, "features.penalty", 0, NULL, error) : NULL;
  if (!penalty)
    return NULL;
  memcpy(features->basis, basis->values, k * p * sizeof(float));
  memcpy(features->deviations, deviations->values, k * sizeof(float));
  features->model_error = model_error->values[0];
  features->penalty = penalty->values[0];
  if (features->model_error >= 0 && features->model_error <= 1)
    return g_steal_pointer(&features);
  g_set_error_literal(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The features’ share of model error is not from 0 to 1."));
  return NULL;
}
