// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/principal-directions.h"
#include <cblas.h>
#include <math.h>
#include "base/blas.h"
#include "base/linear-algebra.h"
#include "base/random.h"

// Directions carried along beyond those wanted, which make the wanted ones converge; and how often a is applied.
#define SPARE 16
#define ROUNDS 8

void ssyev_(const char *job, const char *uplo, const int *n, float *a, const int *lda, float *w, float *work,
            const int *lwork, int *info);

// Makes the rows of q (m,p) orthonormal, by Gram-Schmidt and twice, since the rows may be nearly alike after a has been
// applied. A row that is nothing new becomes zero. scratch (m,).
static void
orthonormalise(PctPool *pool, float *q, gsize m, gsize p, float *scratch)
{
  for (gsize i = 0; i < m; i++) {
    float *row = q + i * p, before = cblas_snrm2((int)p, row, 1);
    for (int time = 0; time < 2 && i > 0; time++) {
      pct_gemv(pool, FALSE, i, p, 1, q, p, row, 0, scratch);
      pct_gemv(pool, TRUE, p, i, -1, q, p, scratch, 1, row);
    }
    float after = cblas_snrm2((int)p, row, 1);
    cblas_sscal((int)p, after > 1e-5f * before ? 1 / after : 0, row, 1);
  }
}

gboolean
pct_principal_directions(const float *a, gsize n, gsize p, gsize k, guint64 seed, float *values, float *vectors,
                         const PctRun *run, GError **error)
{
  g_return_val_if_fail(k > 0 && k <= MIN(n, p), FALSE);
  PctPool *pool = pct_run_get_pool(run);
  gsize m = MIN(k + SPARE, MIN(n, p));
  g_autoptr(PctFloats) q = pct_aligned_new(m * p, error);
  g_autoptr(PctFloats) image = q ? pct_aligned_new(n * m, error) : NULL;
  g_autoptr(PctFloats) gram = image ? pct_aligned_new(m * m, error) : NULL;
  if (!gram)
    return FALSE;
  pct_random_fill_normal(q, m * p, seed, 0);
  for (int round = 0; round < ROUNDS; round++) {
    orthonormalise(pool, q, m, p, gram);
    if (!pct_run_step(run, round, ROUNDS, error))
      return FALSE;
    pct_gemm(pool, FALSE, TRUE, n, m, p, 1, a, p, q, p, 0, image, m);
    if (round < ROUNDS - 1)
      pct_gemm(pool, TRUE, FALSE, m, p, n, 1 / (float)n, image, m, a, p, 0, q, p);
  }
  // Within the subspace the problem is m x m. LAPACK is column-major, so it returns the vectors as rows.
  pct_gram(pool, TRUE, m, n, image, m, gram, m);
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j <= i; j++)
      gram[j * m + i] = gram[i * m + j] = gram[i * m + j] / (float)n;
  int order = (int)m, work_size = 34 * order, info;
  g_autofree float *eigenvalues = g_new(float, m), *work = g_new(float, work_size);
  ssyev_("V", "U", &order, gram, &order, eigenvalues, work, &work_size, &info);
  for (gsize j = 0; j < k; j++) {
    const float *vector = gram + (m - 1 - j) * m;
    values[j] = MAX(eigenvalues[m - 1 - j], 0);
    float largest = 0;
    for (gsize i = 0; i < p; i++) {
      double sum = 0;
      for (gsize l = 0; l < m; l++)
        sum += (double)q[l * p + i] * vector[l];
      vectors[i * k + j] = (float)sum;
      if (fabsf(vectors[i * k + j]) > fabsf(largest))
        largest = vectors[i * k + j];
    }
    // A direction has no sign of its own; give it one.
    for (gsize i = 0; i < p && largest < 0; i++)
      vectors[i * k + j] = -vectors[i * k + j];
  }
  return TRUE;
}
