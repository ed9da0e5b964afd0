// SPDX-License-Identifier: GPL-3.0-or-later
// Against a matrix whose directions are known, and for the same bits on one thread and two.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/principal-directions.h"
#include "base/random.h"

#define N 90
#define P 40
#define K 5

// a = sum_k scale_k u_k v_k^T with orthonormal v (sines on a grid), so that a^T a / n has eigenvectors v_k.
static void
make(float *a, double *expected)
{
  g_autofree float *u = g_new(float, N * P);
  pct_random_fill_normal(u, N * P, 7, 1);
  // Gram-Schmidt in double on the columns of u.
  g_autofree double *q = g_new0(double, N * P);
  for (int j = 0; j < P; j++) {
    for (int i = 0; i < N; i++)
      q[i * P + j] = u[i * P + j];
    for (int l = 0; l < j; l++) {
      double dot = 0;
      for (int i = 0; i < N; i++)
        dot += q[i * P + j] * q[i * P + l];
      for (int i = 0; i < N; i++)
        q[i * P + j] -= dot * q[i * P + l];
    }
    double norm = 0;
    for (int i = 0; i < N; i++)
      norm += q[i * P + j] * q[i * P + j];
    for (int i = 0; i < N; i++)
      q[i * P + j] /= sqrt(norm);
  }
  memset(a, 0, N * P * sizeof(float));
  for (int k = 0; k < P; k++) {
    double scale = 20 * pow(0.7, k);
    if (k < K)
      expected[k] = scale * scale / N;
    for (int i = 0; i < N; i++)
      for (int p = 0; p < P; p++)
        a[i * P + p] += (float)(scale * q[i * P + k] * sqrt(2.0 / (P + 1)) * sin(G_PI * (k + 1) * (p + 1) / (P + 1)));
  }
}

static void
test_known(void)
{
  g_autofree float *a = g_new(float, N * P), *vectors = g_new(float, P * K), *again = g_new(float, P * K);
  float values[K];
  double expected[K];
  g_autoptr(GError) error = NULL;
  make(a, expected);
  g_assert_true(pct_principal_directions(a, N, P, K, 1, values, vectors, NULL, &error));
  g_assert_no_error(error);
  for (int k = 0; k < K; k++) {
    g_assert_cmpfloat_with_epsilon(values[k] / expected[k], 1, 1e-4);
    double dot = 0;
    for (int p = 0; p < P; p++)
      dot += vectors[p * K + k] * sqrt(2.0 / (P + 1)) * sin(G_PI * (k + 1) * (p + 1) / (P + 1));
    g_assert_cmpfloat_with_epsilon(fabs(dot), 1, 1e-4);
  }
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  PctRun run = { .pool = pool };
  g_assert_true(pct_principal_directions(a, N, P, K, 1, values, again, &run, &error));
  g_assert_cmpmem(vectors, P * K * sizeof(float), again, P * K * sizeof(float));
}

// Fewer directions than asked for: the others come out with no variance, and nothing is NaN.
static void
test_deficient(void)
{
  g_autofree float *a = g_new0(float, N * P), *vectors = g_new(float, P * K);
  float values[K];
  for (int i = 0; i < N; i++)
    a[i * P + 3] = (float)(i % 7) - 3;
  g_assert_true(pct_principal_directions(a, N, P, K, 1, values, vectors, NULL, NULL));
  g_assert_cmpfloat_with_epsilon(fabsf(vectors[3 * K]), 1, 1e-4);
  for (int k = 1; k < K; k++)
    g_assert_cmpfloat(values[k], <, 1e-4 * values[0]);
  for (int i = 0; i < P * K; i++)
    g_assert_true(isfinite(vectors[i]));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_assert_true(pct_blas_init(NULL));
  g_test_add_func("/base/principal-directions/known", test_known);
  g_test_add_func("/base/principal-directions/deficient", test_deficient);
  return g_test_run();
}
