// SPDX-License-Identifier: GPL-3.0-or-later
// The operations of training: dropout and noise (their statistics, their repeatability, the mask of the gradient), a
// batch norm's running statistics; and how precise the activations are.
#include <math.h>
#include <string.h>
#include "base/random.h"
#include "nn/workspace.h"

#define BATCH 7
static const PctShape shape = { 9, 31, 5 };

typedef int (*Build)(PctGraph *graph, int x, float number);

typedef struct {
  PctGraph *graph;
  PctWorkspace *workspace;
  PctParameters *parameters;
  int in, out;
  gsize n;
} Net;

static Net
net_new(Build build, float number, PctPool *pool)
{
  Net net = { .graph = pct_graph_new(), .n = pct_shape_count(shape) * BATCH };
  net.in = pct_graph_input(net.graph, shape);
  net.out = build(net.graph, net.in, number);
  pct_graph_output(net.graph, net.out);
  net.workspace = pct_workspace_new(net.graph, PCT_WORKSPACE_BACKWARD, BATCH, pool, NULL);
  net.parameters = pct_parameters_new(pct_graph_get_parameters(net.graph), NULL);
  pct_parameters_initialise(net.parameters, 1);
  return net;
}

static void
net_clear(Net *net)
{
  pct_parameters_free(net->parameters);
  pct_workspace_free(net->workspace);
  pct_graph_free(net->graph);
}

// The output, copied, for an input of ones.
static float *
forward_ones(Net *net, gboolean training, guint64 seed)
{
  float *in = pct_workspace_get_input(net->workspace, net->in);
  for (gsize i = 0; i < net->n; i++)
    in[i] = 1;
  pct_workspace_forward(net->workspace, net->parameters, BATCH, training, seed);
  return g_memdup2(pct_workspace_get_output(net->workspace, net->out), net->n * sizeof(float));
}

static double
correlation(const float *a, const float *b, gsize n)
{
  double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (gsize i = 0; i < n; i++) {
    sa += a[i];
    sb += b[i];
    saa += (double)a[i] * a[i];
    sbb += (double)b[i] * b[i];
    sab += (double)a[i] * b[i];
  }
  double m = (double)n;
  return (sab - sa * sb / m) / sqrt((saa - sa * sa / m) * (sbb - sb * sb / m));
}

static int
two_dropouts(PctGraph *graph, int x, float p)
{
  int a = pct_graph_dropout(graph, x, p), b = pct_graph_dropout(graph, x, p);
  return pct_graph_concat(graph, a, b);
}

static void
test_dropout(void)
{
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  Net net = net_new(pct_graph_dropout, 0.3f, NULL), shared = net_new(pct_graph_dropout, 0.3f, pool);
  g_autofree float *a = forward_ones(&net, TRUE, 1), *b = forward_ones(&net, TRUE, 2);
  g_autofree float *c = forward_ones(&shared, TRUE, 1);
  g_autofree float *still = forward_ones(&net, FALSE, 1);
  gsize kept = 0;
  for (gsize i = 0; i < net.n; i++) {
    g_assert_true(a[i] == 0 || fabsf(a[i] - 1 / 0.7f) < 1e-6f);
    g_assert_true(still[i] == 1);
    kept += a[i] != 0;
  }
  // Four standard deviations.
  g_assert_cmpfloat_with_epsilon((double)kept / (double)net.n, 0.7, 4 * sqrt(0.21 / (double)net.n));
  g_assert_cmpfloat(fabs(correlation(a, b, net.n)), <, 4 / sqrt((double)net.n));
  // Neighbouring streams are strangers, too.
  g_assert_cmpfloat(fabs(correlation(a, a + 1024, net.n - 1024)), <, 4 / sqrt((double)net.n));
  g_assert_true(memcmp(a, c, net.n * sizeof(float)) == 0);
  // The gradient goes where the value went.
  g_autofree float *again = forward_ones(&net, TRUE, 1);
  float *d_out = pct_workspace_get_gradient(net.workspace, net.out);
  pct_random_fill_normal(d_out, net.n, 4, 4);
  g_autofree float *kept_d_out = g_memdup2(d_out, net.n * sizeof(float));
  pct_workspace_backward(net.workspace, net.parameters, NULL, TRUE);
  const float *d_in = pct_workspace_get_gradient(net.workspace, net.in);
  for (gsize i = 0; i < net.n; i++)
    g_assert_cmpfloat_with_epsilon(d_in[i], kept_d_out[i] * again[i], 1e-6);
  net_clear(&net);
  net_clear(&shared);
}

static void
test_dropouts_differ(void)
{
  Net net = net_new(two_dropouts, 0.5f, NULL);
  g_autofree float *in = forward_ones(&net, TRUE, 1);
  const float *out = pct_workspace_get_output(net.workspace, net.out);
  gsize same = 0, n = net.n;
  for (gsize i = 0; i < n; i++)
    same += out[i / 5 * 10 + i % 5] == out[i / 5 * 10 + 5 + i % 5];
  g_assert_cmpfloat_with_epsilon((double)same / (double)n, 0.5, 4 * sqrt(0.25 / (double)n));
  net_clear(&net);
}

static void
test_noise(void)
{
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  Net net = net_new(pct_graph_noise, 0.5f, NULL), shared = net_new(pct_graph_noise, 0.5f, pool);
  g_autofree float *a = forward_ones(&net, TRUE, 1), *b = forward_ones(&net, TRUE, 2);
  g_autofree float *c = forward_ones(&shared, TRUE, 1);
  g_autofree float *still = forward_ones(&net, FALSE, 1);
  double mean = 0, square = 0, fourth = 0, n = (double)net.n;
  for (gsize i = 0; i < net.n; i++) {
    double d = (a[i] - 1) / 0.5;
    mean += d / n;
    square += d * d / n;
    fourth += d * d * d * d / n;
    g_assert_true(still[i] == 1);
  }
  g_assert_cmpfloat_with_epsilon(mean, 0, 4 / sqrt(n));
  g_assert_cmpfloat_with_epsilon(square, 1, 4 * sqrt(2 / n));
  g_assert_cmpfloat_with_epsilon(fourth, 3, 4 * sqrt(96 / n));
  g_assert_cmpfloat(fabs(correlation(a, b, net.n)), <, 4 / sqrt(n));
  g_assert_true(memcmp(a, c, net.n * sizeof(float)) == 0);
  net_clear(&net);
  net_clear(&shared);
}

static int
hyperbolic(PctGraph *graph, int x, float number)
{
  return pct_graph_tanh(graph, x);
}

static int
logistic(PctGraph *graph, int x, float number)
{
  return pct_graph_sigmoid(graph, x);
}

static int
exponential(PctGraph *graph, int x, float number)
{
  return pct_graph_elu(graph, x);
}

static int
norm(PctGraph *graph, int x, float momentum)
{
  return pct_graph_batch_norm(graph, x, "bn", 1e-5f, momentum);
}

// As torch.nn.BatchNorm2d: mean and unbiased variance, mixed in by momentum; evaluation leaves them alone.
static void
test_running_statistics(void)
{
  Net net = net_new(norm, 0.9f, NULL);
  float *in = pct_workspace_get_input(net.workspace, net.in);
  const float *mean = pct_parameters_find(net.parameters, "bn.running_mean");
  const float *variance = pct_parameters_find(net.parameters, "bn.running_var");
  double expected_mean[5] = { 0 }, expected_variance[5] = { 1, 1, 1, 1, 1 }, rows = (double)net.n / 5;
  for (guint step = 0; step < 3; step++) {
    pct_random_fill_normal(in, net.n, 8, step);
    for (gsize i = 0; i < net.n; i++)
      in[i] = in[i] * (float)(1 + i % 5) + 100 * (float)step;
    for (gsize c = 0; c < 5; c++) {
      double m = 0, v = 0;
      for (gsize i = c; i < net.n; i += 5)
        m += in[i] / rows;
      for (gsize i = c; i < net.n; i += 5)
        v += (in[i] - m) * (in[i] - m) / (rows - 1);
      expected_mean[c] = 0.1 * expected_mean[c] + 0.9 * m;
      expected_variance[c] = 0.1 * expected_variance[c] + 0.9 * v;
    }
    pct_workspace_forward(net.workspace, net.parameters, BATCH, TRUE, 0);
    pct_workspace_forward(net.workspace, net.parameters, BATCH, FALSE, 0);
    for (gsize c = 0; c < 5; c++) {
      g_assert_cmpfloat_with_epsilon(mean[c], expected_mean[c], 1e-5 * (1 + fabs(expected_mean[c])));
      g_assert_cmpfloat_with_epsilon(variance[c], expected_variance[c], 1e-4 * expected_variance[c]);
    }
  }
  net_clear(&net);
}

// A mean 10,000 times the deviation: squares about zero would leave nothing.
static void
test_norm_far_from_zero(void)
{
  Net net = net_new(norm, 0.1f, NULL);
  float *in = pct_workspace_get_input(net.workspace, net.in);
  pct_random_fill_normal(in, net.n, 8, 0);
  g_autofree float *normal = g_memdup2(in, net.n * sizeof(float));
  for (gsize i = 0; i < net.n; i++)
    in[i] = in[i] + 10000;
  pct_workspace_forward(net.workspace, net.parameters, BATCH, TRUE, 0);
  g_assert_cmpfloat(correlation(normal, pct_workspace_get_output(net.workspace, net.out), net.n), >, 0.999);
  const float *out = pct_workspace_get_output(net.workspace, net.out);
  double square = 0;
  for (gsize i = 0; i < net.n; i++)
    square += (double)out[i] * out[i] / (double)net.n;
  g_assert_cmpfloat_with_epsilon(square, 1, 1e-3);
  net_clear(&net);
}

static void
test_norm_shows_nan(void)
{
  Net net = net_new(norm, 0.1f, NULL);
  float *in = pct_workspace_get_input(net.workspace, net.in);
  pct_random_fill_normal(in, net.n, 8, 0);
  in[3 * 5 + 2] = NAN;
  pct_workspace_forward(net.workspace, net.parameters, BATCH, TRUE, 0);
  const float *out = pct_workspace_get_output(net.workspace, net.out);
  g_assert_true(isnan(out[2]));
  g_assert_false(isnan(out[1]));
  net_clear(&net);
}

// Densely, near zero and far out: our exponential against the C library's.
static void
test_precision(void)
{
  static const struct {
    Build build;
    double from, to;
  } cases[] = { { hyperbolic, -1, 1 }, { hyperbolic, -50, 50 }, { logistic, -20, 20 }, { logistic, -200, 200 },
                { exponential, -30, 5 } };
  for (guint k = 0; k < G_N_ELEMENTS(cases); k++) {
    Net net = net_new(cases[k].build, 0, NULL);
    float *in = pct_workspace_get_input(net.workspace, net.in);
    for (gsize i = 0; i < net.n; i++)
      in[i] = (float)(cases[k].from + (cases[k].to - cases[k].from) * ((double)i + 0.3) / (double)net.n);
    pct_workspace_forward(net.workspace, net.parameters, BATCH, FALSE, 0);
    const float *out = pct_workspace_get_output(net.workspace, net.out);
    for (gsize i = 0; i < net.n; i++) {
      double x = in[i], expected = k < 2 ? tanh(x) : k < 4 ? 1 / (1 + exp(-x)) : x > 0 ? x : expm1(x);
      // ELU near zero is a difference from 1, precise to that. Nothing is smaller than the smallest normal number.
      double size = k < 4 ? fabs(expected) : 1;
      g_assert_cmpfloat_with_epsilon(out[i], expected, 4e-7 * size + 2e-38);
      g_assert_cmpint(fpclassify(out[i]), !=, FP_SUBNORMAL);
    }
    net_clear(&net);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/chance/dropout", test_dropout);
  g_test_add_func("/chance/dropouts-differ", test_dropouts_differ);
  g_test_add_func("/chance/noise", test_noise);
  g_test_add_func("/batch-norm/running-statistics", test_running_statistics);
  g_test_add_func("/batch-norm/far-from-zero", test_norm_far_from_zero);
  g_test_add_func("/batch-norm/nan", test_norm_shows_nan);
  g_test_add_func("/activation/precision", test_precision);
  return g_test_run();
}
