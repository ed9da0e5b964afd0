// SPDX-License-Identifier: GPL-3.0-or-later
// bench-ridge [RECORDING.npz]: rates of what a ridge regression is made of, at the size of the reference recording, and
// with a recording the time of a whole fit and its scores on the test tier.
#include <stdio.h>
#include <time.h>
#include "base/blas.h"
#include "base/linear-algebra.h"
#include "base/random.h"
#include "data/recording-file.h"
#include "decode/evaluate.h"

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

static gboolean
tell(const PctProgress *progress, gpointer data)
{
  const double *began = data;
  if (progress->phase)
    printf("%6.3f s  %s\n", now() - *began, progress->phase);
  if (progress->n_figures >= 2)
    printf("%6.3f s    penalty %.1f: validation MSE %.2f\n", now() - *began, progress->figures[0].value,
           progress->figures[1].value);
  return TRUE;
}

static void
bench_recording(const char *path, PctPool *pool)
{
  g_autoptr(GError) error = NULL;
  double began = now();
  PctRun run = { tell, &began, pool };
  g_autoptr(PctRecording) recording = pct_recording_open(path, &run, &error);
  if (!recording)
    g_error("%s", error->message);
  printf("%6.3f s  opened\n", now() - began);
  began = now();
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, &run, &error);
  if (!statistics)
    g_error("%s", error->message);
  printf("%6.3f s  statistics\n", now() - began);
  const PctDecoderClass *klass = pct_decoder_find_class("ridge");
  g_autoptr(PctOptionValues) options = pct_option_values_new(klass->about.options);
  if (g_getenv("PER_PIXEL"))
    pct_option_values_set(options, "per_pixel", "true", NULL);
  PctFit fit = { .recording = recording, .statistics = statistics, .options = options };
  clock_t ticks = clock();
  began = now();
  g_autoptr(PctDecoder) decoder = pct_decoder_fit(klass, &fit, &run, &error);
  if (!decoder)
    g_error("%s", error->message);
  printf("%6.3f s  fitted (%.3f s of processor time)\n", now() - began, (double)(clock() - ticks) / CLOCKS_PER_SEC);
  PctRun quiet = { .pool = pool };
  for (int averaged = 0; averaged < 2; averaged++) {
    g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, averaged);
    g_autofree float *images = g_new(float, (gsize)set->n * (gsize)set->height * (gsize)set->width);
    double t0 = now();
    if (!pct_decoder_reconstruct_set(decoder, set, images, &quiet, &error))
      g_error("%s", error->message);
    double t1 = now();
    g_autoptr(PctScore) score = pct_score_new(set, images, &quiet, &error);
    double t2 = now();
    printf("%s, %d pictures: reconstructed in %.3f s, scored in %.3f s\n", averaged ? "averaged" : "single", set->n,
           t1 - t0, t2 - t1);
    for (int frame = 0; frame < PCT_N_FRAMES; frame++)
      for (int measure = 0; measure < PCT_N_MEASURES; measure++)
        printf("  %-8s %-15s %9.4f\n", pct_frame_get_name(frame), pct_measure_get_name(measure),
               score->mean[frame][measure]);
  }
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_autoptr(PctPool) pool = pct_pool_new(0, 0);
  pct_pool_bind_caller(pool);
  if (argc > 1)
    bench_recording(argv[1], pool);
  else
    bench_parts(pool);
  return 0;
}
