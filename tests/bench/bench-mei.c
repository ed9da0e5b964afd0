// SPDX-License-Identifier: GPL-3.0-or-later
// bench-mei WEIGHTS [SAMPLE [all]]: most exciting inputs with an encoder of the reference recording (36 x 64 pixels;
// mean 104.6, contrast 4.5): milliseconds an evaluation (rate and gradient of one neuron), GFLOP/s and the share of
// this machine's matrix product, on one thread and on two; the default recipe for all neurons; and, for SAMPLE neurons
// (default 100), what the course notebook's recipe of 500 steps reaches, gradients added up as there. "all": the
// notebook's recipe for all neurons too. Percentages of a response are means over neurons of its ratio, and the ratio
// of the means.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "base/blas.h"
#include "base/random.h"
#include "encode/cropped-encoder.h"
#include "encode/mei.h"

#define HEIGHT 36
#define WIDTH 64
// Neurons a thread, and how often: of each the best time counts, which hardly anything disturbed even on a machine with
// other work.
#define NEURONS 20
#define ROUNDS 40

static double
now(void)
{
  return (double)g_get_monotonic_time() * 1e-6;
}

typedef struct {
  const PctCroppedEncoder *encoder;
  PctCroppedScratch **scratches;  // one a thread
  float *gradients;               // (threads,H,W)
  const float *image;
  const int *neurons;             // one a thread
} Evaluation;

static void
evaluate(gsize first, gsize end, guint thread, gpointer data)
{
  const Evaluation *e = data;
  for (gsize i = first; i < end; i++)
    pct_cropped_encoder_evaluate(e->encoder, e->scratches[thread], e->neurons[i], e->image,
                                 e->gradients + thread * HEIGHT * WIDTH);
}

static void
measure_evaluations(const PctEncoder *encoder, guint n_threads)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctPool) pool = pct_pool_new(n_threads, 0);
  g_autoptr(PctCroppedEncoder) cropped = pct_cropped_encoder_new(encoder, NULL, &error);
  g_autofree float *image = g_new(float, HEIGHT * WIDTH), *gradients = g_new(float, n_threads * HEIGHT * WIDTH);
  g_autofree PctCroppedScratch **scratches = g_new0(PctCroppedScratch *, n_threads);
  for (guint i = 0; cropped && i < n_threads; i++)
    if (!(scratches[i] = pct_cropped_scratch_new(cropped, &error)))
      break;
  if (error)
    g_error("%s", error->message);
  pct_random_fill_normal(image, HEIGHT * WIDTH, 1, 1);
  for (gsize i = 0; i < HEIGHT * WIDTH; i++)
    image[i] = 104.6f + 4.5f * image[i];
  g_autofree int *neurons = g_new(int, n_threads);
  Evaluation e = { cropped, scratches, gradients, image, neurons };
  double seconds = 0, operations = 0, peak = 1e-9 * pct_gemm_measure_rate(pool), n = NEURONS * (double)n_threads;
  for (guint k = 0; k < NEURONS; k++) {
    double best = 1e9;
    for (guint i = 0; i < n_threads; i++) {
      neurons[i] = (int)((k * n_threads + i) * 1009 % (guint)pct_encoder_get_design(encoder)->n_neurons);
      operations += pct_cropped_encoder_count_operations(cropped, neurons[i]);
    }
    for (int round = 0; round < ROUNDS; round++) {
      double start = now();
      pct_parallel_for(pool, n_threads, 1, evaluate, &e);
      best = MIN(best, now() - start);
    }
    seconds += best;
  }
  double rate = operations / seconds * 1e-9;
  printf("%u thread%s: %.3f ms an evaluation (%.1f MFLOP by definition), %.0f GFLOP/s, %.0f %% of sgemm's %.0f\n",
         n_threads, n_threads > 1 ? "s" : "", seconds * 1e3 / n, operations / n * 1e-6, rate,
         100 * rate / peak, peak);
  fflush(stdout);
  for (guint i = 0; i < n_threads; i++)
    pct_cropped_scratch_free(scratches[i]);
}

// Every step-th neuron, n of them.
static PctMeiSet *
make(const PctEncoder *encoder, const char *preset, int n, int step, PctPool *pool, const char *what)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctOptionValues) options = pct_option_values_new(pct_mei_kind.options);
  g_autofree char *assignment = g_strconcat("preset=", preset, NULL);
  g_autofree int *neurons = g_new(int, n);
  for (int i = 0; i < n; i++)
    neurons[i] = i * step;
  PctMeiSet *set = pct_mei_set_new(neurons, n, HEIGHT, WIDTH, &error);
  PctRun run = { .pool = pool };
  double start = now();
  clock_t cpu = clock();
  if (!set || !pct_option_values_parse(options, assignment, &error) ||
      !pct_option_values_set_number(options, "mean", 104.6, &error) ||
      !pct_option_values_set_number(options, "contrast", 4.5, &error) ||
      !pct_mei_set_fill(set, encoder, options, 1, &run, &error))
    g_error("%s", error->message);
  double mean = 0;
  for (int i = 0; i < n; i++)
    mean += set->activations[i] / n;
  printf("%s, %d neurons: %.1f s (%.1f s of processor time), mean response %.4f\n", what, n, now() - start,
         (double)(clock() - cpu) / CLOCKS_PER_SEC, mean);
  fflush(stdout);
  return set;
}

// a: all neurons; b: every step-th.
static void
compare(const PctMeiSet *a, const PctMeiSet *b, int step)
{
  double ratio = 0, least = 1e9, sums[2] = { 0 };
  int n_below = 0;
  for (int i = 0; i < b->n; i++) {
    double of = a->activations[i * step] / b->activations[i];
    ratio += of / b->n;
    least = MIN(least, of);
    n_below += of < 1;
    sums[0] += a->activations[i * step];
    sums[1] += b->activations[i];
  }
  printf("  default against it: %.1f %% (of the means: %.1f %%), at least %.1f %%, below it for %d of %d\n",
         100 * ratio, 100 * sums[0] / sums[1], 100 * least, n_below, b->n);
  fflush(stdout);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  if (argc < 2)
    g_error("usage: bench-mei WEIGHTS [SAMPLE [all]]");
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_autoptr(PctEncoder) encoder = pct_encoder_open_weights(argv[1], FALSE, HEIGHT, WIDTH, &error);
  if (!encoder)
    g_error("%s", error->message);
  if (!pct_cropped_encoder_is_for(pct_encoder_get_design(encoder)))
    g_error("this encoder's readout does not look at points");
  int m = pct_encoder_get_design(encoder)->n_neurons, sample = argc > 2 ? CLAMP(atoi(argv[2]), 1, m) : MIN(100, m);
  for (guint threads = 1; threads <= 2; threads++)
    measure_evaluations(encoder, threads);
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  g_autoptr(PctMeiSet) all = make(encoder, "sphere", m, 1, pool, "default recipe");
  int step = m / sample;
  g_autoptr(PctMeiSet) original = make(encoder, "original", sample, step, pool, "notebook's recipe, as it was run");
  compare(all, original, step);
  if (argc > 3) {
    g_autoptr(PctMeiSet) whole = make(encoder, "original", m, 1, pool, "notebook's recipe, as it was run");
    compare(all, whole, 1);
  }
  return 0;
}
