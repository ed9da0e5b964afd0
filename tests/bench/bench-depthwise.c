// SPDX-License-Identifier: GPL-3.0-or-later
// bench-depthwise: rates of a depthwise 13 x 13 convolution and times of the point readout, at the size of the encoder
// of the reference recording, on one thread and on two, beside what this machine's matrix product reaches.
#include <stdio.h>
#include "base/blas.h"
#include "base/random.h"
#include "nn/workspace.h"

#define BATCH 60
#define HEIGHT 22
#define WIDTH 50
#define CHANNELS 64
#define KERNEL 13
#define NEURONS 5335
#define ROUNDS 4

typedef enum { FORWARD, BACKWARD_INPUT, BACKWARD_WEIGHTS, N_PASSES } Pass;
static const char *const pass_names[N_PASSES] = { "forward", "backward, inputs", "backward, weights" };

typedef struct {
  PctGraph *graph;
  PctWorkspace *workspace;
  PctParameters *parameters;
  PctFloats *gradients;
} Net;

static double
now(void)
{
  return (double)g_get_monotonic_time() * 1e-6;
}

static Net
net_new(gboolean readout, PctPool *pool)
{
  g_autoptr(GError) error = NULL;
  Net net = { pct_graph_new() };
  int x = pct_graph_input(net.graph, (PctShape){ HEIGHT, WIDTH, CHANNELS }), points = -1, out;
  if (readout) {
    points = pct_graph_input(net.graph, (PctShape){ 1, 1, 2 * NEURONS });
    out = pct_graph_point_readout(net.graph, x, points, "readout", NEURONS);
  } else {
    out = pct_graph_depthwise_conv2d(net.graph, x, "core", (PctConv2d){ CHANNELS, { KERNEL, KERNEL }, { 1, 1 },
                                                                        { KERNEL / 2, KERNEL / 2 }, FALSE });
  }
  pct_graph_output(net.graph, out);
  net.workspace = pct_workspace_new(net.graph, PCT_WORKSPACE_BACKWARD, BATCH, pool, &error);
  net.parameters = pct_parameters_new(pct_graph_get_parameters(net.graph), NULL);
  net.gradients = pct_aligned_new(pct_graph_get_parameters(net.graph)->n_values, NULL);
  if (!net.workspace || !net.parameters || !net.gradients)
    g_error("not enough memory");
  pct_parameters_initialise(net.parameters, 1);
  pct_random_fill_normal(pct_workspace_get_input(net.workspace, x), (gsize)BATCH * HEIGHT * WIDTH * CHANNELS, 1, 1);
  if (readout) {
    float *positions = pct_workspace_get_input(net.workspace, points);
    pct_random_fill_uniform(positions, (gsize)BATCH * 2 * NEURONS, 1, 2);
    for (gsize i = 0; i < (gsize)BATCH * 2 * NEURONS; i++)
      positions[i] = 2 * positions[i] - 1;
  }
  pct_workspace_forward(net.workspace, net.parameters, BATCH, TRUE, 0);
  pct_random_fill_normal(pct_workspace_get_gradient(net.workspace, out),
                         pct_shape_count(pct_graph_get_shape(net.graph, out)) * BATCH, 1, 3);
  return net;
}

static void
net_clear(Net *net)
{
  pct_aligned_free(net->gradients);
  pct_parameters_free(net->parameters);
  pct_workspace_free(net->workspace);
  pct_graph_free(net->graph);
}

static double
seconds_of(Net *net, Pass pass)
{
  double best = 1e9;
  for (int i = 0; i < ROUNDS; i++) {
    double start = now();
    if (pass == FORWARD)
      pct_workspace_forward(net->workspace, net->parameters, BATCH, TRUE, 0);
    else
      pct_workspace_backward(net->workspace, net->parameters, pass == BACKWARD_WEIGHTS ? net->gradients : NULL,
                             pass == BACKWARD_INPUT);
    best = MIN(best, now() - start);
  }
  return best;
}

int
main(void)
{
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  // Taps beyond the picture are counted as if they were computed with.
  double flops = 2.0 * BATCH * HEIGHT * WIDTH * CHANNELS * KERNEL * KERNEL;
  for (guint threads = 1; threads <= 2; threads++) {
    g_autoptr(PctPool) pool = threads > 1 ? pct_pool_new(threads, 0) : NULL;
    double peak = 1e-9 * pct_gemm_measure_rate(pool);
    printf("%u thread%s: sgemm %.0f GFLOP/s\n", threads, threads > 1 ? "s" : "", peak);
    Net core = net_new(FALSE, pool), readout = net_new(TRUE, pool);
    for (Pass pass = FORWARD; pass < N_PASSES; pass++) {
      double seconds = seconds_of(&core, pass), rate = flops / seconds * 1e-9;
      printf("  depthwise %-18s %6.1f ms  %5.0f GFLOP/s  %3.0f %% of sgemm\n", pass_names[pass], seconds * 1e3, rate,
             100 * rate / peak);
    }
    for (Pass pass = FORWARD; pass < N_PASSES; pass++)
      printf("  readout   %-18s %6.1f ms\n", pass_names[pass], seconds_of(&readout, pass) * 1e3);
    net_clear(&core);
    net_clear(&readout);
  }
  return 0;
}
