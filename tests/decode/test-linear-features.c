// SPDX-License-Identifier: GPL-3.0-or-later
// The closed form of leaving an image out, against really leaving it out: a ridge in double precision, refitted without
// the image's trials. With as many features as pixels the features are an invertible map of the predicted image, so
// predictions can be read back from them.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "decode/linear-features.h"
#include "small-recording.h"

static const SmallRecording small = { 60, 12, 8, 24, 12, 16, 0.5, 3, .gratings = TRUE };

// Solves a x = b in place for symmetric positive definite a (n,n), b (n,m), by elimination.
static void
solve(double *a, double *b, int n, int m)
{
  for (int i = 0; i < n; i++)
    for (int r = i + 1; r < n; r++) {
      double factor = a[r * n + i] / a[i * n + i];
      for (int c = i; c < n; c++)
        a[r * n + c] -= factor * a[i * n + c];
      for (int c = 0; c < m; c++)
        b[r * m + c] -= factor * b[i * m + c];
    }
  for (int i = n - 1; i >= 0; i--)
    for (int c = 0; c < m; c++) {
      double sum = b[i * m + c];
      for (int k = i + 1; k < n; k++)
        sum -= a[i * n + k] * b[k * m + c];
      b[i * m + c] = sum / a[i * n + i];
    }
}

// w (m,p) = (X^T X + penalty I)^-1 X^T Y over the trials whose image is not `left_out`.
static void
naive_ridge(const double *x, const double *y, const int *images, int n, int m, int p, double penalty, int left_out, double *w)
{
  g_autofree double *gram = g_new0(double, m * m);
  memset(w, 0, sizeof(double) * (gsize)m * p);
  for (int t = 0; t < n; t++) {
    if (images[t] == left_out)
      continue;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++)
        gram[i * m + j] += x[t * m + i] * x[t * m + j];
      for (int j = 0; j < p; j++)
        w[i * p + j] += x[t * m + i] * y[t * p + j];
    }
  }
  for (int i = 0; i < m; i++)
    gram[i * m + i] += penalty;
  solve(gram, w, m, p);
}

static void
check(SmallRecording options)
{
  g_autoptr(PctRecording) recording = small_recording_new(&options);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, &error);
  int m = options.n_neurons, p = options.height * options.width, n;
  g_autoptr(PctLinearFeatures) features = pct_linear_features_new(recording, statistics, p, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpint(features->n_features, ==, p);
  const int *trials = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n);
  g_autofree double *x = g_new(double, n * m), *y = g_new(double, n * p), *w = g_new(double, m * p);
  g_autofree int *images = g_new(int, n);
  g_autofree float *row = g_new(float, MAX(m, p));
  for (int t = 0; t < n; t++) {
    images[t] = pct_recording_get_trial_image(recording, trials[t]);
    pct_recording_read_responses(recording, trials[t], row);
    for (int i = 0; i < m; i++)
      x[t * m + i] = (row[i] - statistics->response_mean[i]) / statistics->response_scale[i];
    pct_recording_read_image(recording, images[t], row);
    for (int j = 0; j < p; j++)
      y[t * p + j] = row[j] - statistics->mean_image[j];
  }
  // basis (p,k): weights = w basis, by least squares over the neurons.
  naive_ridge(x, y, images, n, m, p, features->penalty, -1, w);
  g_autofree double *gram = g_new0(double, p * p), *basis = g_new0(double, p * p);
  for (int i = 0; i < m; i++)
    for (int a = 0; a < p; a++)
      for (int b = 0; b < p; b++) {
        gram[a * p + b] += w[i * p + a] * w[i * p + b];
        basis[a * p + b] += w[i * p + a] * features->weights[i * p + b];
      }
  solve(gram, basis, p, p);
  double worst = 0;
  for (int t = 0; t < n; t++) {
    naive_ridge(x, y, images, n, m, p, features->penalty, images[t], w);
    for (int k = 0; k < p; k++) {
      double expected = 0;
      for (int j = 0; j < p; j++) {
        double predicted = 0;
        for (int i = 0; i < m; i++)
          predicted += x[t * m + i] * w[i * p + j];
        expected += predicted * basis[j * p + k];
      }
      worst = MAX(worst, fabs(expected - features->train[t * p + k]));
    }
  }
  g_test_message("largest difference %g", worst);
  g_assert_cmpfloat(worst, <, 2e-2);
  // Unit variance by construction, and a readout that explains something.
  for (int k = 0; k < p; k++) {
    double square = 0;
    for (int t = 0; t < n; t++)
      square += (double)features->train[t * p + k] * features->train[t * p + k] / n;
    g_assert_cmpfloat_with_epsilon(square, 1, 1e-2);
  }
}

static void
test_dual(void)
{
  SmallRecording options = small;
  options.height = 2;
  options.width = 3;
  options.n_neurons = 50;
  options.n_train = 30;
  check(options);
}

static void
test_primal(void)
{
  SmallRecording options = small;
  options.height = 2;
  options.width = 3;
  options.n_neurons = 12;
  check(options);
}

// Several trials an image: all of them are left out together.
static void
test_repeats(void)
{
  SmallRecording options = small;
  options.height = 2;
  options.width = 3;
  options.n_neurons = 12;
  options.n_train = 20;
  options.repeats = 3;
  check(options);
  options.n_neurons = 80;
  check(options);
}

static void
test_fold(void)
{
  g_autoptr(PctRecording) recording = small_recording_new(&small);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  g_autoptr(PctLinearFeatures) features = pct_linear_features_new(recording, statistics, 5, NULL, NULL);
  int m = features->n_neurons, k = features->n_features;
  g_assert_cmpint(k, ==, 5);
  g_autofree float *weights = g_new(float, m * k), *bias = g_new(float, k), *responses = g_new(float, m);
  pct_linear_features_fold(features, statistics, weights, bias);
  pct_recording_read_responses(recording, 7, responses);
  for (int j = 0; j < k; j++) {
    double folded = bias[j], direct = 0;
    for (int i = 0; i < m; i++) {
      folded += (double)responses[i] * weights[i * k + j];
      direct += (responses[i] - statistics->response_mean[i]) / statistics->response_scale[i] * (double)features->weights[i * k + j];
    }
    g_assert_cmpfloat_with_epsilon(folded, direct, 1e-4);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_assert_true(pct_blas_init(NULL));
  g_test_add_func("/decode/linear-features/dual", test_dual);
  g_test_add_func("/decode/linear-features/primal", test_primal);
  g_test_add_func("/decode/linear-features/repeats", test_repeats);
  g_test_add_func("/decode/linear-features/fold", test_fold);
  return g_test_run();
}
