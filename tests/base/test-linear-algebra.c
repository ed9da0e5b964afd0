// SPDX-License-Identifier: GPL-3.0-or-later
// Gram matrices, Cholesky factors and solutions against naive loops in double, at sizes below, at and above the block.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/linear-algebra.h"
#include "base/random.h"

static const gsize sizes[] = { 1, 2, 191, 192, 193, 430 };
#define LAST (G_N_ELEMENTS(sizes) - 1)

static float *
random_new(gsize n, guint64 stream)
{
  float *values = g_new(float, n);
  pct_random_fill_normal(values, n, 8, stream);
  return values;
}

static void
test_gram(void)
{
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  for (guint s = 0; s < G_N_ELEMENTS(sizes); s++)
    for (int transpose = 0; transpose < 2; transpose++) {
      gsize n = sizes[s], k = 57, lda = (transpose ? n : k) + 4, ldc = n + 3;
      g_autofree float *a = random_new((transpose ? k : n) * lda, 0), *c = random_new(n * ldc, 1);
      g_autofree float *before = g_memdup2(c, n * ldc * sizeof(float));
      pct_gram(pool, transpose, n, k, a, lda, c, ldc);
      for (gsize i = 0; i < n; i++)
        for (gsize j = 0; j < ldc; j++) {
          if (j > i) {
            g_assert_cmpfloat(c[i * ldc + j], ==, before[i * ldc + j]);
            continue;
          }
          double sum = 0;
          for (gsize l = 0; l < k; l++)
            sum += transpose ? (double)a[l * lda + i] * a[l * lda + j] : (double)a[i * lda + l] * a[j * lda + l];
          g_assert_cmpfloat_with_epsilon(c[i * ldc + j], sum, 2e-4);
        }
    }
}

// A A^T + n I: positive definite. The upper triangle is NaN: nobody may read it.
static float *
definite_new(gsize n, gsize ld, guint64 stream)
{
  g_autofree float *a = random_new(n * n, stream);
  float *c = g_new0(float, n * ld);
  pct_gram(NULL, FALSE, n, n, a, n, c, ld);
  for (gsize i = 0; i < n; i++) {
    c[i * ld + i] += (float)n;
    for (gsize j = i + 1; j < ld; j++)
      c[i * ld + j] = NAN;
  }
  return c;
}

static void
test_cholesky(void)
{
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  for (guint s = 0; s < G_N_ELEMENTS(sizes); s++) {
    gsize n = sizes[s], ld = n + 5;
    g_autofree float *a = definite_new(n, ld, 2), *l = g_memdup2(a, n * ld * sizeof(float));
    g_assert_true(pct_cholesky(pool, l, n, ld));
    for (gsize i = 0; i < n; i++)
      for (gsize j = 0; j <= i; j++) {
        double sum = 0;
        for (gsize k = 0; k <= j; k++)
          sum += (double)l[i * ld + k] * l[j * ld + k];
        g_assert_cmpfloat_with_epsilon(sum, a[i * ld + j], 1e-5 * (double)n + 1e-5);
      }
    for (gsize i = 0; i < n; i++)
      g_assert_true(isnan(l[i * ld + i + 1]));
  }
}

static void
test_not_definite(void)
{
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  for (guint s = 0; s < G_N_ELEMENTS(sizes); s++) {
    gsize n = sizes[s];
    g_autofree float *a = definite_new(n, n, 2);
    a[n * n - 1] = -1;  // seen at the very end
    g_assert_false(pct_cholesky(pool, a, n, n));
  }
  g_autofree float *first = definite_new(430, 430, 2), *nan = definite_new(430, 430, 2);
  first[0] = 0;
  g_assert_false(pct_cholesky(pool, first, 430, 430));
  nan[300 * 430 + 300] = NAN;
  g_assert_false(pct_cholesky(pool, nan, 430, 430));
}

static void
test_solve(void)
{
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  static const gsize columns[] = { 1, 15, 16, 17, 130 };
  for (guint s = 0; s < G_N_ELEMENTS(sizes); s++)
    for (guint c = 0; c < G_N_ELEMENTS(columns); c++) {
      gsize n = sizes[s], m = columns[c], ld = n + 1, ldb = m + 2;
      g_autofree float *a = definite_new(n, ld, 3), *l = g_memdup2(a, n * ld * sizeof(float));
      g_autofree float *b = random_new(n * ldb, 4), *x = g_memdup2(b, n * ldb * sizeof(float));
      g_autofree float *y = g_memdup2(b, n * ldb * sizeof(float));
      g_assert_true(pct_cholesky(pool, l, n, ld));
      pct_cholesky_solve(pool, l, n, ld, x, m, ldb);
      pct_cholesky_forward(pool, l, n, ld, y, m, ldb);
      for (gsize i = 0; i < n; i++)
        for (gsize j = 0; j < m; j++) {
          double whole = 0, half = 0;
          for (gsize k = 0; k < n; k++)
            whole += (double)a[MAX(i, k) * ld + MIN(i, k)] * x[k * ldb + j];
          for (gsize k = 0; k <= i; k++)
            half += (double)l[i * ld + k] * y[k * ldb + j];
          g_assert_cmpfloat_with_epsilon(whole, b[i * ldb + j], 2e-5);
          g_assert_cmpfloat_with_epsilon(half, b[i * ldb + j], 2e-5);
        }
      for (gsize i = 0; i < n; i++)
        g_assert_cmpfloat(x[i * ldb + m], ==, b[i * ldb + m]);
    }
}

static void
test_same_bits(void)
{
  gsize n = sizes[LAST], m = 130;
  g_autofree float *a = definite_new(n, n, 5), *b = random_new(n * m, 6), *first = NULL, *first_x = NULL;
  for (guint threads = 1; threads <= 3; threads++) {
    g_autoptr(PctPool) pool = pct_pool_new(threads, 0);
    g_autofree float *l = g_memdup2(a, n * n * sizeof(float)), *x = g_memdup2(b, n * m * sizeof(float));
    g_assert_true(pct_cholesky(pool, l, n, n));
    pct_cholesky_solve(pool, l, n, n, x, m, m);
    if (threads == 1) {
      first = g_steal_pointer(&l);
      first_x = g_steal_pointer(&x);
      continue;
    }
    g_assert_cmpmem(l, n * n * sizeof(float), first, n * n * sizeof(float));
    g_assert_cmpmem(x, n * m * sizeof(float), first_x, n * m * sizeof(float));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_test_add_func("/linear-algebra/gram", test_gram);
  g_test_add_func("/linear-algebra/cholesky", test_cholesky);
  g_test_add_func("/linear-algebra/not-definite", test_not_definite);
  g_test_add_func("/linear-algebra/solve", test_solve);
  g_test_add_func("/linear-algebra/same-bits", test_same_bits);
  return g_test_run();
}
