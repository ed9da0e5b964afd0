// SPDX-License-Identifier: GPL-3.0-or-later
// bench-ridge: rates of what a ridge regression is made of, at the size of the reference recording. bench-decoder times
// whole fits.
#include <stdio.h>
#include "base/blas.h"
#include "base/linear-algebra.h"
#include "base/random.h"

// The reference recording's trials, neurons, pixels and validation trials.
#define N 4000
#define M 5335
#define P 2304
#define V 400

static double
now(void)
{
  return (double)g_get_monotonic_time() * 1e-6;
}

static void
line(const char *name, double seconds, double flops)
{
  printf("%-34s %6.3f s  %6.1f GFLOP/s\n", name, seconds, flops / seconds * 1e-9);
}

static void
bench_parts(PctPool *pool)
{
  g_autoptr(PctFloats) z = pct_aligned_new((gsize)N * M, NULL), y = pct_aligned_new((gsize)N * P, NULL);
  g_autoptr(PctFloats) k = pct_aligned_new((gsize)N * N, NULL), w = pct_aligned_new((gsize)M * P, NULL);
  g_autoptr(PctFloats) x = pct_aligned_new((gsize)N * V, NULL), c = pct_aligned_new((gsize)N * V, NULL);
  if (!z || !y || !k || !w || !x || !c)
    g_error("not enough memory");
  pct_random_fill_normal(z, (gsize)N * M, 1, 0);
  pct_random_fill_normal(y, (gsize)N * P, 1, 1);
  for (int round = 0; round < 2; round++) {  // the first warms up
    double t0 = now();
    pct_gram(pool, FALSE, N, M, z, M, k, N);
    double t1 = now();
    pct_gemm(pool, FALSE, TRUE, N, V, M, 1, z, M, z, M, 0, c, V);
    double t2 = now();
    for (gsize i = 0; i < N; i++)
      k[i * N + i] += M;
    double t3 = now();
    if (!pct_cholesky(pool, k, N, N))
      g_error("not positive definite");
    double t4 = now();
    pct_cholesky_solve(pool, k, N, N, c, V, V);
    double t5 = now();
    pct_gemm(pool, TRUE, FALSE, V, P, N, 1, c, V, y, P, 0, w, P);
    double t6 = now();
    pct_cholesky_solve(pool, k, N, N, y, P, P);
    double t7 = now();
    pct_gemm(pool, TRUE, FALSE, M, P, N, 1, z, M, y, P, 0, w, P);
    double t8 = now();
    if (round == 0)
      continue;
    line("Gram 4000 x 5335", t1 - t0, (double)N * N * M);
    line("validation products", t2 - t1, 2.0 * N * V * M);
    line("Cholesky 4000", t4 - t3, (double)N * N * N / 3);
    line("solve for 400 columns", t5 - t4, 2.0 * N * N * V);
    line("predict 400 pictures", t6 - t5, 2.0 * N * V * P);
    line("solve for 2304 columns", t7 - t6, 2.0 * N * N * P);
    line("weights 5335 x 2304", t8 - t7, 2.0 * M * N * P);
  }
}

int
main(void)
{
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_autoptr(PctPool) pool = pct_pool_new(0, 0);
  pct_pool_bind_caller(pool);
  bench_parts(pool);
  return 0;
}
