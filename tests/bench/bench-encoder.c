// SPDX-License-Identifier: GPL-3.0-or-later
// bench-encoder [THREADS]: a forward pass and a training step (position noise, loss, regularisers and Adam included) of the
// gaussian encoder at the size of the reference recording: batch 60, 5,335 neurons, 36 x 64 pixels; seconds, GFLOP/s and
// the share of this machine's matrix product.
#include <stdio.h>
#include <stdlib.h>
#include "base/blas.h"
#include "base/random.h"
#include "encode/encoder-step.h"
#include "nn/fast-noise.h"
#include "nn/optimizer.h"

#define BATCH 60
#define ROUNDS 10

static double
now(void)
{
  return (double)g_get_monotonic_time() * 1e-6;
}

static double
gemm_rate(PctPool *pool)
{
  gsize n = 2048;
  g_autoptr(PctFloats) a = pct_aligned_new(3 * n * n, NULL);
  pct_random_fill_normal(a, 2 * n * n, 1, 0);
  double best = 1e9;
  for (int i = 0; i < 4; i++) {
    double start = now();
    pct_gemm(pool, FALSE, FALSE, n, n, n, 1, a, n, a + n * n, n, 0, a + 2 * n * n, n);
    best = MIN(best, now() - start);
  }
  return 2e-9 * (double)(n * n * n) / best;
}

// Multiply-adds of a forward pass of one image: layer 0, the other layers, the readout.
static void
count(const PctEncoderDesign *d, double macs[3])
{
  double pixels = pct_encoder_design_get_map_height(d) * pct_encoder_design_get_map_width(d), c = d->channels;
  macs[0] = pixels * c * d->input_kernel * d->input_kernel;
  macs[1] = pixels * c * (2 * c + d->hidden_kernel * d->hidden_kernel) * (d->n_layers - 1);
  macs[2] = d->n_neurons * c * 5.0;
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  PctEncoderDesign design = { 36, 64, 5335, 4, 64, 15, 13, TRUE, FALSE, PCT_READOUT_POINT, .has_positions = FALSE };
  PctEncoderStepOptions options = { .smooth_input = 1, .sparse_features = 2.439 };
  g_autoptr(PctEncoderNetwork) network = pct_encoder_network_new(&design, &PCT_ENCODER_INITIAL_DEFAULT);
  const PctParameterTable *table = pct_graph_get_parameters(network->graph);
  g_autoptr(PctPool) pool = pct_pool_new(argc > 1 ? (guint)atoi(argv[1]) : 0, 0);
  pct_pool_bind_caller(pool);
  g_autoptr(PctEncoderStep) step = pct_encoder_step_new(&design, network, &options, BATCH, pool, &error);
  g_autoptr(PctParameters) parameters = pct_parameters_new(table, &error);
  g_autoptr(PctFloats) gradients = pct_aligned_new(table->n_values, &error);
  PctOptimizerOptions adam = PCT_ADAM_DEFAULT;
  g_autoptr(PctOptimizer) optimizer = pct_optimizer_new(table, &adam, &error);
  g_autoptr(PctWorkspace) forward = pct_workspace_new(network->graph, PCT_WORKSPACE_FORWARD, BATCH, pool, &error);
  gsize m = (gsize)design.n_neurons, pixels = (gsize)design.height * (gsize)design.width;
  g_autofree float *targets = g_new(float, BATCH * m);
  if (error)
    g_error("%s", error->message);
  pct_parameters_initialise(parameters, 1);
  pct_random_fill_uniform(targets, BATCH * m, 1, 3);
  double macs[3], peak = gemm_rate(pool), best[2] = { 1e9, 1e9 };
  count(&design, macs);
  // Backwards a layer costs twice its forward pass, the first (whose images need no gradient) once.
  double flop[] = { 2e-9 * BATCH * (macs[0] + macs[1] + macs[2]), 2e-9 * BATCH * (2 * macs[0] + 3 * (macs[1] + macs[2])) };
  for (int i = 0; i < ROUNDS; i++) {
    float *images = pct_encoder_step_get_images(step);
    pct_random_fill_uniform(images, BATCH * pixels, 1, 2);
    for (gsize j = 0; j < BATCH * pixels; j++)
      images[j] *= 255;
    double start = now();
    pct_fast_noise(pct_encoder_step_get_noise(step), BATCH * m * 2, 1, (guint64)i, pool);
    pct_encoder_step_run(step, parameters, targets, BATCH, 8, gradients);
    pct_optimizer_step(optimizer, pool, parameters, gradients, 0.005);
    best[1] = MIN(best[1], now() - start);
    start = now();
    pct_workspace_forward(forward, parameters, BATCH, FALSE, 0);
    best[0] = MIN(best[0], now() - start);
  }
  printf("%u threads, matrix product %.0f GFLOP/s\n", pct_pool_get_n_threads(pool), peak);
  const char *const names[] = { "forward", "training step" };
  for (int i = 0; i < 2; i++)
    printf("%-14s %.3f s, %.0f GFLOP/s, %.0f %% of the matrix product\n", names[i], best[i], flop[i] / best[i],
           100 * flop[i] / best[i] / peak);
  return 0;
}
