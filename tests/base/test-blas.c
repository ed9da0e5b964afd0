// SPDX-License-Identifier: GPL-3.0-or-later
// Products against a naive loop in double, for all transposes, with room between the rows; and the same bits from any
// number of threads.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"

static float *
random_new(gsize n, guint64 stream)
{
  float *values = g_new(float, n);
  pct_random_fill_normal(values, n, 3, stream);
  return values;
}

static void
check_gemm(PctPool *pool, gboolean ta, gboolean tb, gsize m, gsize n, gsize k, float alpha, float beta, gboolean serial)
{
  gsize lda = (ta ? m : k) + 3, ldb = (tb ? k : n) + 1, ldc = n + 2;
  g_autofree float *a = random_new((ta ? k : m) * lda, 0), *b = random_new((tb ? n : k) * ldb, 1);
  g_autofree float *c = random_new(m * ldc, 2), *before = g_memdup2(c, m * ldc * sizeof(float));
  if (beta == 0)  // must not be read
    for (gsize i = 0; i < m; i++)
      for (gsize j = 0; j < n; j++)
        c[i * ldc + j] = NAN;
  if (serial)
    pct_gemm_serial(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  else
    pct_gemm(pool, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  for (gsize i = 0; i < m; i++) {
    for (gsize j = 0; j < n; j++) {
      double sum = 0, size = 0;
      for (gsize l = 0; l < k; l++) {
        double term = (double)(ta ? a[l * lda + i] : a[i * lda + l]) * (tb ? b[j * ldb + l] : b[l * ldb + j]);
        sum += term;
        size += fabs(term);
      }
      double expected = alpha * sum + (beta != 0 ? beta * (double)before[i * ldc + j] : 0);
      g_assert_cmpfloat_with_epsilon(c[i * ldc + j], expected, 1e-5 + 1e-6 * size);
    }
    for (gsize j = n; j < ldc; j++)  // what lies between the rows is not ours
      g_assert_cmpfloat(c[i * ldc + j], ==, before[i * ldc + j]);
  }
}

static void
test_gemm(void)
{
  static const gsize sizes[][3] = {
    { 1, 1, 1 }, { 7, 5, 3 }, { 65, 64, 63 }, { 1, 300, 40 }, { 300, 1, 40 }, { 130, 700, 33 }, { 700, 130, 33 },
  };
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
    for (int transposes = 0; transposes < 4; transposes++) {
      gboolean ta = transposes & 1, tb = transposes & 2;
      check_gemm(pool, ta, tb, sizes[i][0], sizes[i][1], sizes[i][2], 1, 0, FALSE);
      check_gemm(NULL, ta, tb, sizes[i][0], sizes[i][1], sizes[i][2], -0.5f, 2, FALSE);
      check_gemm(NULL, ta, tb, sizes[i][0], sizes[i][1], sizes[i][2], 2, 1, TRUE);
    }
  float c = 5;
  pct_gemm(pool, FALSE, FALSE, 0, 1, 1, 1, &c, 1, &c, 1, 0, &c, 1);
  pct_gemm(pool, FALSE, FALSE, 1, 0, 1, 1, &c, 1, &c, 1, 0, &c, 1);
  g_assert_cmpfloat(c, ==, 5);
}

static void
test_gemv(void)
{
  gsize m = 203, n = 117, lda = 210;
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  for (int transpose = 0; transpose < 2; transpose++)
    for (int keep = 0; keep < 2; keep++) {
      g_autofree float *a = random_new((transpose ? n : m) * lda, 0), *x = random_new(n, 1), *y = random_new(m, 2);
      g_autofree float *before = g_memdup2(y, m * sizeof(float));
      if (!keep)
        for (gsize i = 0; i < m; i++)
          y[i] = NAN;
      pct_gemv(pool, transpose, m, n, 0.5f, a, lda, x, keep ? -1 : 0, y);
      for (gsize i = 0; i < m; i++) {
        double sum = 0;
        for (gsize j = 0; j < n; j++)
          sum += (double)(transpose ? a[j * lda + i] : a[i * lda + j]) * x[j];
        g_assert_cmpfloat_with_epsilon(y[i], 0.5 * sum - (keep ? before[i] : 0), 1e-4);
      }
    }
}

static void
test_same_bits(void)
{
  gsize m = 333, n = 517, k = 201;
  g_autofree float *a = random_new(m * k, 0), *b = random_new(k * n, 1);
  g_autofree float *first = g_new(float, m * n), *first_y = g_new(float, m);
  for (guint threads = 1; threads <= 3; threads++) {
    g_autoptr(PctPool) pool = pct_pool_new(threads, 0);
    g_autofree float *c = g_new(float, m * n), *y = g_new(float, m);
    pct_gemm(pool, FALSE, FALSE, m, n, k, 1, a, k, b, n, 0, c, n);
    pct_gemv(pool, FALSE, m, k, 1, a, k, b, 0, y);
    if (threads == 1) {
      memcpy(first, c, m * n * sizeof(float));
      memcpy(first_y, y, m * sizeof(float));
    }
    g_assert_cmpmem(c, m * n * sizeof(float), first, m * n * sizeof(float));
    g_assert_cmpmem(y, m * sizeof(float), first_y, m * sizeof(float));
  }
}

static void
test_aligned(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctFloats) memory = pct_aligned_new(1001, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(GPOINTER_TO_SIZE(memory) % 64, ==, 0);
  for (int i = 0; i < 1001; i++)
    g_assert_cmpfloat(memory[i], ==, 0);
  g_autoptr(PctFloats) none = pct_aligned_new(0, &error);
  g_assert_nonnull(none);
  g_assert_null(pct_aligned_new(G_MAXSIZE / 2, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_MEMORY);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_test_add_func("/blas/gemm", test_gemm);
  g_test_add_func("/blas/gemv", test_gemv);
  g_test_add_func("/blas/same-bits", test_same_bits);
  g_test_add_func("/blas/aligned", test_aligned);
  return g_test_run();
}
