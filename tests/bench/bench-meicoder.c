// SPDX-License-Identifier: GPL-3.0-or-later
// bench-meicoder [STEPS [name=value ...]]: training steps of meicoder at the size of the reference recording, on noise,
// beside what the matrix product reaches, and the memory they took. As in the paper unless options say otherwise; each
// part of a step is timed: front end, convolutions, and both backward.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/blas.h"
#include "base/random.h"
#include "decode/meicoder.h"
#include "nn/optimizer.h"

#define N_NEURONS 5335
#define N_HEIGHT 36
#define N_WIDTH 64
#define N_FEATURES 64  // of the linear path, where there is one

static double
now(void)
{
  return (double)g_get_monotonic_time() * 1e-6;
}

static double
processor_seconds(void)
{
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void
print_peak_memory(void)
{
  g_autofree char *text = NULL;
  g_file_get_contents("/proc/self/status", &text, NULL, NULL);
  const char *line = text ? strstr(text, "VmHWM") : NULL;
  if (line)
    printf("peak memory %.2f GB\n", atof(line + 6) * 1024e-9);
}

static void
check(gconstpointer thing, const GError *error)
{
  if (!thing)
    g_error("%s", error ? error->message : "nothing");
}

int
main(int argc, char **argv)
{
  const int n_steps = argc > 1 ? atoi(argv[1]) : 2;
  const gsize p = N_HEIGHT * N_WIDTH;
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_autoptr(PctPool) pool = pct_pool_new(0, 0);
  g_autoptr(PctOptionValues) options = pct_option_values_new(pct_meicoder_class.about.options);
  pct_option_values_parse(options, "preset=paper", NULL);
  for (int i = 2; i < argc; i++)
    if (!pct_option_values_parse(options, argv[i], &error))
      g_error("%s", error->message);
  gboolean codes = (PctMeicoderFrontKind)pct_option_values_get(options, "front") == PCT_MEICODER_CODES;
  const int batch = (int)pct_option_values_get(options, "batch");
  PctMeicoder *meicoder =
    pct_meicoder_new(N_NEURONS, N_HEIGHT, N_WIDTH, codes ? N_FEATURES : 0, NULL, options, &error);
  check(meicoder, error);
  g_autoptr(PctDecoder) decoder = &meicoder->decoder;
  const PctMeicoderNetwork *network = meicoder->network;
  PctParameters *parameters = meicoder->parameters;
  const PctParameterTable *table = parameters->table;
  pct_parameters_initialise(parameters, 1);
  pct_random_fill_normal(meicoder->meis, N_NEURONS * p, 2, 2);
  g_autoptr(PctWorkspace) workspace = pct_workspace_new(network->generator, PCT_WORKSPACE_BACKWARD, batch, pool, &error);
  check(workspace, error);
  g_autoptr(PctMeicoderFront) front = pct_meicoder_front_new(network, meicoder->meis, batch, pool, &error);
  check(front, error);
  g_autoptr(PctFloats) gradients = pct_aligned_new(table->n_values, &error);
  check(gradients, error);
  PctOptimizerOptions adam = PCT_ADAMW_DEFAULT;
  g_autoptr(PctOptimizer) optimizer = pct_optimizer_new(table, &adam, &error);
  check(optimizer, error);
  // The best weights, that a training keeps beside these and their average.
  g_autoptr(PctParameters) average = pct_parameters_copy(parameters, &error), best = pct_parameters_copy(parameters, &error);
  check(best, error);
  printf("%.1f million numbers, batch %d\n", 1e-6 * (double)table->n_values, batch);
  g_autofree float *z = g_new(float, (gsize)batch * N_NEURONS);
  for (int i = 0; i < n_steps; i++) {
    double moments[6], rate = pct_gemm_measure_rate(pool), processor = processor_seconds();
    pct_random_fill_normal(z, (gsize)batch * N_NEURONS, 3, (guint64)i);
    memset(gradients, 0, table->n_values * sizeof(float));
    moments[0] = now();
    pct_meicoder_front_forward(front, parameters, z, batch, pct_workspace_get_input(workspace, network->context), NULL, NULL);
    moments[1] = now();
    pct_workspace_forward(workspace, parameters, batch, TRUE, (guint64)i);
    moments[2] = now();
    // Any gradient of the picture takes as long.
    const float *picture = pct_workspace_get_output(workspace, network->picture);
    memcpy(pct_workspace_get_gradient(workspace, network->picture), picture, (gsize)batch * p * sizeof(float));
    pct_workspace_backward(workspace, parameters, gradients, TRUE);
    moments[3] = now();
    pct_meicoder_front_backward(front, parameters, z, batch, pct_workspace_get_gradient(workspace, network->context),
                                gradients, NULL, NULL, NULL);
    moments[4] = now();
    pct_optimizer_step(optimizer, pool, parameters, gradients, 3e-5);
    pct_parameters_average(average, parameters, 0, pool);
    moments[5] = now();
    printf("step %d: %.2f s (front %.2f, convolutions %.2f; backward %.2f, front %.2f; weights %.2f), processor %.2f s; "
           "matrix product %.0f GFLOP/s\n", i + 1, moments[5] - moments[0], moments[1] - moments[0],
           moments[2] - moments[1], moments[3] - moments[2], moments[4] - moments[3], moments[5] - moments[4],
           processor_seconds() - processor, rate * 1e-9);
    fflush(stdout);
  }
  print_peak_memory();
  return 0;
}
