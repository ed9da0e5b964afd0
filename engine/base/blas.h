// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix products: single-threaded calls into OpenBLAS' pthread variant, spread over a pool by us in tiles that depend
// on the sizes alone. Row-major throughout; ld is the distance between rows.
#pragma once
#include <glib.h>
#include "base/parallel.h"

// Call once before any thread starts: sets OpenBLAS to one thread a call, and refuses its serial build, whose buffers
// are not safe to use from several threads (wrong products were measured). FALSE with PCT_ERROR_UNSUPPORTED.
gboolean pct_blas_init(GError **error);

// c (m,n) = alpha * op(a) (m,k) * op(b) (k,n) + beta * c. With beta 0, c is not read. pool may be NULL.
void pct_gemm(PctPool *pool, gboolean transpose_a, gboolean transpose_b, gsize m, gsize n, gsize k, float alpha,
              const float *a, gsize lda, const float *b, gsize ldb, float beta, float *c, gsize ldc);

// The same on the calling thread, for use inside a parallel loop.
void pct_gemm_serial(gboolean transpose_a, gboolean transpose_b, gsize m, gsize n, gsize k, float alpha,
                     const float *a, gsize lda, const float *b, gsize ldb, float beta, float *c, gsize ldc);

// y (m,) = alpha * op(a) x + beta * y; a is (m,n), or (n,m) transposed.
void pct_gemv(PctPool *pool, gboolean transpose, gsize m, gsize n, float alpha, const float *a, gsize lda,
              const float *x, float beta, float *y);

// What this machine's matrix product reaches on the pool's threads: floating-point operations a second, best of a few
// products of 1024 x 1024 matrices. What measured rates are compared with. 0 without memory.
double pct_gemm_measure_rate(PctPool *pool);

// Memory at a multiple of 64 bytes, zeroed. NULL with PCT_ERROR_MEMORY if there is not so much. Free with pct_aligned_free.
float *pct_aligned_new(gsize n_floats, GError **error);
void pct_aligned_free(gpointer memory);

typedef float PctFloats;  // g_autoptr(PctFloats) frees aligned memory
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctFloats, pct_aligned_free)
