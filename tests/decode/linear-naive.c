// SPDX-License-Identifier: GPL-3.0-or-later
#include "linear-naive.h"
#include <math.h>

static void
read_tier(const PctRecording *recording, PctTier which, int *n, double **r, double **x)
{
  int m = pct_recording_get_n_neurons(recording);
  int p = pct_recording_get_height(recording) * pct_recording_get_width(recording);
  const int *trials = pct_recording_get_tier_trials(recording, which, n);
  g_autofree float *response = g_new(float, m), *image = g_new(float, p);
  *r = g_new(double, (gsize)*n * m);
  *x = g_new(double, (gsize)*n * p);
  for (int i = 0; i < *n; i++) {
    pct_recording_read_responses(recording, trials[i], response);
    pct_recording_read_image(recording, pct_recording_get_trial_image(recording, trials[i]), image);
    for (int j = 0; j < m; j++)
      (*r)[i * m + j] = response[j];
    for (int j = 0; j < p; j++)
      (*x)[i * p + j] = image[j];
  }
}

void
naive_tier_init(NaiveTier *tier, const PctRecording *recording, PctTier which)
{
  int n_train, m = pct_recording_get_n_neurons(recording);
  int p = pct_recording_get_height(recording) * pct_recording_get_width(recording);
  g_autofree double *r = NULL, *x = NULL;
  read_tier(recording, PCT_TIER_TRAIN, &n_train, &r, &x);
  *tier = (NaiveTier){ .m = m, .p = p, .mean_r = g_new0(double, m), .std_r = g_new0(double, m),
                       .mean_x = g_new0(double, p) };
  for (int i = 0; i < n_train; i++) {
    for (int j = 0; j < m; j++)
      tier->mean_r[j] += r[i * m + j] / n_train;
    for (int j = 0; j < p; j++)
      tier->mean_x[j] += x[i * p + j] / n_train;
  }
  for (int j = 0; j < m; j++) {
    for (int i = 0; i < n_train; i++)
      tier->std_r[j] += (r[i * m + j] - tier->mean_r[j]) * (r[i * m + j] - tier->mean_r[j]) / n_train;
    tier->std_r[j] = sqrt(tier->std_r[j]);
  }
  read_tier(recording, which, &tier->n, &tier->r, &tier->x);
  tier->z = g_new(double, (gsize)tier->n * m);
  tier->y = g_new(double, (gsize)tier->n * p);
  for (int i = 0; i < tier->n; i++) {
    for (int j = 0; j < m; j++)
      tier->z[i * m + j] = (tier->r[i * m + j] - tier->mean_r[j]) / tier->std_r[j];
    for (int j = 0; j < p; j++)
      tier->y[i * p + j] = tier->x[i * p + j] - tier->mean_x[j];
  }
}

void
naive_tier_clear(NaiveTier *tier)
{
  g_free(tier->r);
  g_free(tier->x);
  g_free(tier->z);
  g_free(tier->y);
  g_free(tier->mean_r);
  g_free(tier->std_r);
  g_free(tier->mean_x);
}

double *
naive_product(const double *a, const double *b, int rows, int inner, int columns, gboolean transposed)
{
  double *out = g_new0(double, (gsize)rows * columns);
  for (int i = 0; i < rows; i++)
    for (int k = 0; k < inner; k++) {
      double value = transposed ? a[k * rows + i] : a[i * inner + k];
      for (int j = 0; j < columns; j++)
        out[i * columns + j] += value * b[k * columns + j];
    }
  return out;
}

double *
naive_ridge(const double *a, const double *b, int n, int k, int columns, double penalty)
{
  g_autofree double *s = naive_product(a, a, k, n, k, TRUE);
  double *w = naive_product(a, b, k, n, columns, TRUE);
  for (int i = 0; i < k; i++)
    s[i * k + i] += penalty;
  for (int i = 0; i < k; i++)  // Symmetric and positive definite: the diagonal will do for pivots.
    for (int row = i + 1; row < k; row++) {
      double factor = s[row * k + i] / s[i * k + i];
      for (int j = i; j < k; j++)
        s[row * k + j] -= factor * s[i * k + j];
      for (int j = 0; j < columns; j++)
        w[row * columns + j] -= factor * w[i * columns + j];
    }
  for (int i = k - 1; i >= 0; i--)
    for (int j = 0; j < columns; j++) {
      for (int other = i + 1; other < k; other++)
        w[i * columns + j] -= s[i * k + other] * w[other * columns + j];
      w[i * columns + j] /= s[i * k + i];
    }
  return w;
}

double
naive_correlation(const double *a, const double *b, int n)
{
  double mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0;
  for (int i = 0; i < n; i++) {
    mean_a += a[i] / n;
    mean_b += b[i] / n;
  }
  for (int i = 0; i < n; i++) {
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
    ab += (a[i] - mean_a) * (b[i] - mean_b);
  }
  return ab / sqrt(aa * bb);
}

void
naive_assert_close(const float *values, const double *expected, gsize n, double share)
{
  double size = 0;
  for (gsize i = 0; i < n; i++)
    size += expected[i] * expected[i] / (double)n;
  g_assert_cmpfloat(size, >, 0);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon(values[i], expected[i], share * sqrt(size));
}
