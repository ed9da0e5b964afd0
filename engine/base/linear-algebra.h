// SPDX-License-Identifier: GPL-3.0-or-later
// Symmetric positive definite systems in float32, blocked so that nearly all the work is pct_gemm's.
// Row-major, lower triangles; the upper one is neither read nor written.
#pragma once
#include <glib.h>
#include "base/parallel.h"

// c (n,n), lower triangle = a a^T for a (n,k), or with transpose a^T a for a (k,n).
void pct_gram(PctPool *pool, gboolean transpose, gsize n, gsize k, const float *a, gsize lda, float *c, gsize ldc);

// a (n,n) = L L^T in place. FALSE if a is not positive definite (a is then spoilt): no GError, the caller knows why.
gboolean pct_cholesky(PctPool *pool, float *a, gsize n, gsize lda);

// Solves L y = b (and with both: L L^T x = b) in place for b (n,m), row-major. l comes from pct_cholesky.
void pct_cholesky_forward(PctPool *pool, const float *l, gsize n, gsize ldl, float *b, gsize m, gsize ldb);
void pct_cholesky_solve(PctPool *pool, const float *l, gsize n, gsize ldl, float *b, gsize m, gsize ldb);
