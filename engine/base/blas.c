// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "base/blas.h"
#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"

gboolean
pct_blas_init(GError **error)
{
  if (openblas_get_parallel() != OPENBLAS_THREAD) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                        _("Percept needs the pthread variant of OpenBLAS (Debian: libopenblas0-pthread); "
                          "the variant found here is not safe to call from several threads."));
    return FALSE;
  }
  openblas_set_num_threads(1);
  return TRUE;
}

void
pct_gemm_serial(gboolean transpose_a, gboolean transpose_b, gsize m, gsize n, gsize k, float alpha, const float *a,
                gsize lda, const float *b, gsize ldb, float beta, float *c, gsize ldc)
{
  if (m == 0 || n == 0)
    return;
  cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, (int)m,
              (int)n, (int)k, alpha, a, (int)lda, b, (int)ldb, beta, c, (int)ldc);
}

typedef struct {
  gboolean transpose_a, transpose_b;
  gsize m, n, k, lda, ldb, ldc, tile_m, tile_n, tiles_n;
  float alpha, beta;
  const float *a, *b;
  float *c;
} Gemm;

static void
gemm_tiles(gsize first, gsize end, guint thread, gpointer data)
{
  const Gemm *g = data;
  for (gsize tile = first; tile < end; tile++) {
    gsize i = tile / g->tiles_n * g->tile_m, j = tile % g->tiles_n * g->tile_n;
    const float *a = g->transpose_a ? g->a + i : g->a + i * g->lda;
    const float *b = g->transpose_b ? g->b + j * g->ldb : g->b + j;
    pct_gemm_serial(g->transpose_a, g->transpose_b, MIN(g->tile_m, g->m - i), MIN(g->tile_n, g->n - j), g->k, g->alpha,
                    a, g->lda, b, g->ldb, g->beta, g->c + i * g->ldc + j, g->ldc);
  }
}

// Every tile packs its own strips of a and b, so tiles are as large as still leaves about a dozen of them to share out.
static gsize
tile_size(gsize n, gsize parts)
{
  gsize size = (n / parts + 63) / 64 * 64;
  return CLAMP(size, 64, MAX(n, 1));
}

void
pct_gemm(PctPool *pool, gboolean transpose_a, gboolean transpose_b, gsize m, gsize n, gsize k, float alpha,
         const float *a, gsize lda, const float *b, gsize ldb, float beta, float *c, gsize ldc)
{
  if (m == 0 || n == 0)
    return;
  Gemm gemm = { transpose_a, transpose_b, m, n, k, lda, ldb, ldc, 0, 0, 0, alpha, beta, a, b, c };
  gboolean tall = m >= n;
  gsize large = MAX(m, n), small = MIN(m, n);
  gsize tile_large = tile_size(large, large > 8 * small ? 12 : 6), tile_small = small > 512 ? tile_size(small, 2) : small;
  gemm.tile_m = tall ? tile_large : tile_small;
  gemm.tile_n = tall ? tile_small : tile_large;
  gemm.tiles_n = (n + gemm.tile_n - 1) / gemm.tile_n;
  gsize tiles = (m + gemm.tile_m - 1) / gemm.tile_m * gemm.tiles_n;
  pct_parallel_for(pool, tiles, 1, gemm_tiles, &gemm);
}

typedef struct {
  gboolean transpose;
  gsize n, lda;
  float alpha, beta;
  const float *a, *x;
  float *y;
} Gemv;

static void
gemv_rows(gsize first, gsize end, guint thread, gpointer data)
{
  const Gemv *g = data;
  gsize m = end - first;
  if (g->transpose)
    cblas_sgemv(CblasRowMajor, CblasTrans, (int)g->n, (int)m, g->alpha, g->a + first, (int)g->lda, g->x, 1, g->beta,
                g->y + first, 1);
  else
    cblas_sgemv(CblasRowMajor, CblasNoTrans, (int)m, (int)g->n, g->alpha, g->a + first * g->lda, (int)g->lda, g->x, 1,
                g->beta, g->y + first, 1);
}

void
pct_gemv(PctPool *pool, gboolean transpose, gsize m, gsize n, float alpha, const float *a, gsize lda, const float *x,
         float beta, float *y)
{
  Gemv gemv = { transpose, n, lda, alpha, beta, a, x, y };
  pct_parallel_for(pool, m, tile_size(m, 8), gemv_rows, &gemv);
}

double
pct_gemm_measure_rate(PctPool *pool)
{
  const gsize n = 1024;
  g_autoptr(PctFloats) a = pct_aligned_new(3 * n * n, NULL);
  double best = G_MAXDOUBLE;
  for (gsize i = 0; a && i < 2 * n * n; i++)
    a[i] = (float)(i % 251) * 0.01f - 1.25f;
  for (int i = 0; a && i < 8; i++) {
    gint64 start = g_get_monotonic_time();
    pct_gemm(pool, FALSE, FALSE, n, n, n, 1, a, n, a + n * n, n, 0, a + 2 * n * n, n);
    best = MIN(best, (double)MAX(g_get_monotonic_time() - start, 1) / G_USEC_PER_SEC);
  }
  return a ? 2.0 * (double)(n * n * n) / best : 0;
}

float *
pct_aligned_new(gsize n_floats, GError **error)
{
  void *memory = NULL;
  if (n_floats > G_MAXSSIZE / sizeof(float) || posix_memalign(&memory, 64, MAX(n_floats, 1) * sizeof(float)) != 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for %.1f GB."),
                (double)n_floats * sizeof(float) / 1e9);
    return NULL;
  }
  memset(memory, 0, MAX(n_floats, 1) * sizeof(float));
  return memory;
}

void
pct_aligned_free(gpointer memory)
{
  free(memory);
}
