// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/linear-algebra.h"
#include <cblas.h>
#include "base/blas.h"

// Rows a block of the factorisation: large enough for gemm's rate, small enough that the serial part (one block's
// own factor) is a percent of the whole.
#define BLOCK 192

void spotrf_(const char *uplo, const int *n, float *a, const int *lda, int *info);

typedef struct {
  gboolean transpose;
  gsize n, k, lda, ldc;
  const float *a;
  float *c, alpha, beta;
} Update;

// One block row of a lower triangle: c[i.., 0..i] = beta c + alpha a_i a_j^T for all j <= i.
static void
update_rows(gsize first, gsize end, guint thread, gpointer data)
{
  const Update *u = data;
  // Longest rows first, so that the threads end together; which thread takes a row changes no bit.
  gsize n_blocks = (u->n + BLOCK - 1) / BLOCK;
  for (gsize index = first; index < end; index++) {
    gsize i = (n_blocks - 1 - index) * BLOCK, rows = MIN(BLOCK, u->n - i);
    const float *left = u->transpose ? u->a + i : u->a + i * u->lda;
    if (i > 0)
      pct_gemm_serial(u->transpose, !u->transpose, rows, i, u->k, u->alpha, left, u->lda, u->a, u->lda, u->beta,
                      u->c + i * u->ldc, u->ldc);
    cblas_ssyrk(CblasRowMajor, CblasLower, u->transpose ? CblasTrans : CblasNoTrans, (int)rows, (int)u->k, u->alpha,
                left, (int)u->lda, u->beta, u->c + i * u->ldc + i, (int)u->ldc);
  }
}

void
pct_gram(PctPool *pool, gboolean transpose, gsize n, gsize k, const float *a, gsize lda, float *c, gsize ldc)
{
  Update update = { .transpose = transpose, .n = n, .k = k, .lda = lda, .ldc = ldc, .a = a, .c = c, .alpha = 1 };
  pct_parallel_for(pool, (n + BLOCK - 1) / BLOCK, 1, update_rows, &update);
}

typedef struct {
  const float *l;
  gsize n, ldl, ldb;
  float *b;
} Panel;

static void
panel_rows(gsize first, gsize end, guint thread, gpointer data)
{
  const Panel *p = data;
  cblas_strsm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, (int)(end - first), (int)p->n, 1, p->l,
              (int)p->ldl, p->b + first * p->ldb, (int)p->ldb);
}

gboolean
pct_cholesky(PctPool *pool, float *a, gsize n, gsize lda)
{
  for (gsize i = 0; i < n; i += BLOCK) {
    gsize block = MIN(BLOCK, n - i), below = n - i - block;
    int info, order = (int)block, ld = (int)lda;
    // LAPACK is column-major: its upper triangle is our lower one.
    spotrf_("U", &order, a + i * lda + i, &ld, &info);
    if (info != 0)
      return FALSE;
    // LAPACK's own test lets a NaN pass.
    for (gsize j = i; j < i + block; j++)
      if (!(a[j * lda + j] > 0))
        return FALSE;
    float *panel = a + (i + block) * lda + i;
    Panel solve = { a + i * lda + i, block, lda, lda, panel };
    pct_parallel_for(pool, below, 64, panel_rows, &solve);
    Update update = { .n = below, .k = block, .lda = lda, .ldc = lda, .a = panel, .c = panel + block, .alpha = -1,
                      .beta = 1 };
    pct_parallel_for(pool, (below + BLOCK - 1) / BLOCK, 1, update_rows, &update);
  }
  return TRUE;
}

typedef struct {
  const float *l;
  gsize n, ldl, ldb;
  float *b;
  gboolean back;
} Solve;

static void
solve_columns(gsize first, gsize end, guint thread, gpointer data)
{
  const Solve *s = data;
  int m = (int)(end - first);
  float *b = s->b + first;
  cblas_strsm(CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, (int)s->n, m, 1, s->l, (int)s->ldl, b,
              (int)s->ldb);
  if (s->back)
    cblas_strsm(CblasRowMajor, CblasLeft, CblasLower, CblasTrans, CblasNonUnit, (int)s->n, m, 1, s->l, (int)s->ldl, b,
                (int)s->ldb);
}

static void
solve(PctPool *pool, const float *l, gsize n, gsize ldl, float *b, gsize m, gsize ldb, gboolean back)
{
  Solve task = { l, n, ldl, ldb, b, back };
  // Every strip reads the whole factor: few, wide strips.
  gsize strip = CLAMP((m / 6 + 15) / 16 * 16, 16, 384);
  pct_parallel_for(pool, m, strip, solve_columns, &task);
}

void
pct_cholesky_forward(PctPool *pool, const float *l, gsize n, gsize ldl, float *b, gsize m, gsize ldb)
{
  solve(pool, l, n, ldl, b, m, ldb, FALSE);
}

void
pct_cholesky_solve(PctPool *pool, const float *l, gsize n, gsize ldl, float *b, gsize m, gsize ldb)
{
  solve(pool, l, n, ldl, b, m, ldb, TRUE);
}
