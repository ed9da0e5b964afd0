// SPDX-License-Identifier: GPL-3.0-or-later
// Every operation: forward against a naive loop; gradients of inputs and parameters against central differences of that
// loop in double precision; accumulation where a node has two consumers; the same bits on one thread and on two.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/random.h"
#include "naive.h"
#include "nn/workspace.h"

#define MAX_CHECKED 24  // numbers differentiated an array

static int build_linear(PctGraph *g, const Case *c, int a, int b)
{ return pct_graph_linear(g, a, "x", c->conv.channels, c->conv.bias); }
static int build_conv(PctGraph *g, const Case *c, int a, int b) { return pct_graph_conv2d(g, a, "x", c->conv); }
static int build_transposed(PctGraph *g, const Case *c, int a, int b)
{ return pct_graph_conv_transpose2d(g, a, "x", c->conv); }
static int build_depthwise(PctGraph *g, const Case *c, int a, int b)
{ return pct_graph_depthwise_conv2d(g, a, "x", c->conv); }
static int build_point(PctGraph *g, const Case *c, int a, int b)
{ return pct_graph_point_readout(g, a, b, "x", c->in[1].channels / 2); }
static int build_positions(PctGraph *g, const Case *c, int a, int b)
{ return pct_graph_gaussian_positions(g, a, "x", c->number != 0, 0.5f, 0.5f); }
static int build_mask(PctGraph *g, const Case *c, int a, int b)
{ return pct_graph_mask_readout(g, a, "x", c->conv.channels); }
static int build_pool(PctGraph *g, const Case *c, int a, int b) { return pct_graph_average_pool(g, a, (int)c->number); }
static int build_max_pool(PctGraph *g, const Case *c, int a, int b) { return pct_graph_max_pool(g, a, (int)c->number); }
static int build_norm(PctGraph *g, const Case *c, int a, int b)
{ return pct_graph_batch_norm(g, a, "x", c->number, 0.1f); }
static int build_relu(PctGraph *g, const Case *c, int a, int b) { return pct_graph_relu(g, a); }
static int build_leaky(PctGraph *g, const Case *c, int a, int b) { return pct_graph_leaky_relu(g, a, c->number); }
static int build_elu(PctGraph *g, const Case *c, int a, int b) { return pct_graph_elu(g, a); }
static int build_sigmoid(PctGraph *g, const Case *c, int a, int b) { return pct_graph_sigmoid(g, a); }
static int build_tanh(PctGraph *g, const Case *c, int a, int b) { return pct_graph_tanh(g, a); }
static int build_dropout(PctGraph *g, const Case *c, int a, int b) { return pct_graph_dropout(g, a, c->number); }
static int build_noise(PctGraph *g, const Case *c, int a, int b) { return pct_graph_noise(g, a, c->number); }
static int build_concat(PctGraph *g, const Case *c, int a, int b) { return pct_graph_concat(g, a, b); }
static int build_add(PctGraph *g, const Case *c, int a, int b) { return pct_graph_add(g, a, b); }
static int build_reshape(PctGraph *g, const Case *c, int a, int b) { return pct_graph_reshape(g, a, c->shape); }
static int build_crop(PctGraph *g, const Case *c, int a, int b)
{ return pct_graph_crop(g, a, (int)c->number, (int)c->number, c->shape.height, c->shape.width); }

#define LINEAR(label, n_in, n_out, has_bias, n)                                                                        \
  { label, build_linear, naive_linear, { { 1, 1, n_in } }, n, .conv = { .channels = n_out, .bias = has_bias } }
// label, batch, input (h,w,c), output channels, kernel, stride, padding, bias
#define CONV(label, n, h, w, ci, co, kh, kw, sh, sw, ph, pw, b)                                                        \
  { "conv2d/" label, build_conv, naive_conv2d, { { h, w, ci } }, n,                                                    \
    .conv = { co, { kh, kw }, { sh, sw }, { ph, pw }, b } }
#define TRANSPOSED(label, n, h, w, ci, co, kh, kw, sh, sw, ph, pw, b)                                                  \
  { "conv-transpose2d/" label, build_transposed, naive_conv_transpose2d, { { h, w, ci } }, n,                          \
    .conv = { co, { kh, kw }, { sh, sw }, { ph, pw }, b } }
// label, batch, input (h,w,c), kernel, padding, bias
#define DEPTHWISE(label, n, h, w, c, kh, kw, ph, pw, b)                                                                \
  { "depthwise-conv2d/" label, build_depthwise, naive_depthwise_conv2d, { { h, w, c } }, n,                            \
    .conv = { c, { kh, kw }, { 1, 1 }, { ph, pw }, b } }
// label, batch, features (h,w,c), neurons
#define POINT(label, n, h, w, c, m)                                                                                    \
  { "point-readout/" label, build_point, naive_point_readout, { { h, w, c }, { 1, 1, 2 * m } }, n }
#define NORM(label, n, h, w, c)                                                                                        \
  { "batch-norm/" label, build_norm, naive_batch_norm, { { h, w, c } }, n, .number = 1e-5f }
#define EACH(label, build, n, h, w, c, a)                                                                              \
  { label, build, naive_activation, { { h, w, c } }, n, .number = a, .keep_from_zero = TRUE }

static const Case cases[] = {
  LINEAR("linear/small", 7, 5, TRUE, 3),
  LINEAR("linear/no-bias", 5, 9, FALSE, 4),
  LINEAR("linear/one-row", 33, 17, TRUE, 1),
  LINEAR("linear/one-output", 33, 1, TRUE, 6),
  LINEAR("linear/tiles", 700, 333, TRUE, 37),
  CONV("same", 3, 7, 5, 3, 4, 3, 3, 1, 1, 1, 1, TRUE),
  CONV("one-by-one", 2, 3, 5, 16, 9, 1, 1, 1, 1, 0, 0, TRUE),
  CONV("uneven", 3, 8, 9, 2, 5, 4, 3, 2, 1, 1, 0, TRUE),
  CONV("one-channel", 2, 6, 7, 1, 1, 5, 4, 1, 2, 2, 1, FALSE),
  CONV("many-channels", 2, 6, 6, 13, 7, 4, 4, 2, 2, 1, 1, TRUE),
  CONV("rows-left-over", 2, 5, 11, 12, 3, 3, 5, 3, 2, 0, 2, FALSE),
  CONV("stride-beyond-kernel", 2, 9, 10, 9, 3, 2, 2, 3, 4, 0, 0, TRUE),
  CONV("kernel-beyond-image", 1, 3, 3, 2, 3, 5, 5, 1, 1, 1, 1, TRUE),
  CONV("to-one-pixel", 5, 4, 4, 9, 1, 4, 4, 1, 1, 0, 0, TRUE),
  CONV("tiles", 4, 17, 31, 8, 24, 4, 4, 2, 2, 1, 1, TRUE),
  CONV("panels", 3, 9, 11, 9, 16, 4, 4, 2, 2, 1, 1, TRUE),
  CONV("large-gradient", 2, 7, 6, 65, 80, 4, 4, 2, 2, 1, 1, FALSE),
  CONV("rows", 3, 9, 11, 1, 16, 5, 4, 1, 1, 0, 0, TRUE),
  CONV("rows/parts", 4, 17, 31, 1, 32, 15, 15, 1, 1, 0, 0, FALSE),
  CONV("one-by-one/panels", 3, 7, 9, 32, 48, 1, 1, 1, 1, 0, 0, FALSE),
  CONV("frame", 3, 36, 64, 2, 6, 5, 4, 1, 2, 0, 1, TRUE),
  CONV("planes/same", 3, 9, 23, 1, 1, 4, 4, 1, 1, 2, 2, FALSE),
  CONV("planes/two-channels", 2, 11, 13, 2, 2, 3, 4, 1, 1, 0, 1, TRUE),
  CONV("planes/uneven", 2, 12, 17, 2, 1, 5, 3, 2, 3, 1, 2, TRUE),
  CONV("planes/stride-beyond-kernel", 2, 9, 10, 1, 2, 2, 2, 3, 4, 0, 0, TRUE),
  CONV("planes/to-one-pixel", 5, 4, 4, 2, 1, 4, 4, 1, 1, 0, 0, TRUE),
  TRANSPOSED("planes/double", 3, 5, 9, 1, 2, 4, 4, 2, 2, 1, 1, FALSE),
  TRANSPOSED("planes/two-channels", 2, 6, 7, 2, 1, 4, 4, 2, 2, 1, 1, TRUE),
  TRANSPOSED("planes/uneven", 2, 3, 4, 2, 2, 5, 3, 3, 2, 2, 1, TRUE),
  TRANSPOSED("planes/stride-beyond-kernel", 2, 2, 3, 2, 2, 2, 2, 3, 4, 0, 0, TRUE),
  TRANSPOSED("planes/from-one-pixel", 3, 1, 1, 2, 1, 4, 4, 1, 1, 0, 0, TRUE),
  TRANSPOSED("from-one-pixel", 3, 1, 1, 13, 8, 4, 4, 1, 1, 0, 0, TRUE),
  TRANSPOSED("double", 2, 4, 5, 6, 5, 4, 4, 2, 2, 1, 1, TRUE),
  TRANSPOSED("to-one-channel", 2, 3, 5, 3, 1, 5, 4, 1, 2, 0, 1, TRUE),
  TRANSPOSED("odd", 3, 3, 4, 2, 3, 3, 3, 2, 2, 0, 0, FALSE),
  TRANSPOSED("uneven", 2, 3, 4, 10, 9, 5, 3, 3, 2, 2, 1, TRUE),
  TRANSPOSED("stride-beyond-kernel", 2, 2, 3, 9, 9, 2, 2, 3, 4, 0, 0, TRUE),
  TRANSPOSED("cut", 1, 5, 4, 3, 2, 3, 3, 1, 1, 2, 2, TRUE),
  TRANSPOSED("one-image", 1, 4, 4, 32, 16, 4, 4, 2, 2, 1, 1, FALSE),
  TRANSPOSED("panels", 3, 4, 5, 13, 32, 4, 4, 2, 2, 1, 1, TRUE),
  TRANSPOSED("large-gradient", 2, 3, 4, 83, 64, 4, 4, 2, 2, 1, 1, FALSE),
  TRANSPOSED("tiles", 4, 9, 16, 24, 12, 4, 4, 2, 2, 1, 1, TRUE),
  DEPTHWISE("same", 3, 7, 5, 8, 3, 3, 1, 1, TRUE),
  DEPTHWISE("one-channel", 2, 6, 7, 1, 5, 4, 2, 1, FALSE),
  DEPTHWISE("channels-left-over", 3, 5, 11, 13, 3, 5, 0, 2, TRUE),
  DEPTHWISE("one-pixel", 5, 1, 1, 9, 3, 3, 1, 1, TRUE),
  DEPTHWISE("kernel-beyond-image", 1, 3, 4, 17, 7, 7, 3, 3, FALSE),
  DEPTHWISE("to-one-pixel", 3, 4, 9, 5, 4, 9, 0, 0, TRUE),
  DEPTHWISE("one-by-one", 2, 3, 8, 6, 1, 1, 0, 0, FALSE),
  DEPTHWISE("growing", 2, 4, 3, 7, 3, 4, 2, 3, TRUE),
  DEPTHWISE("rows-and-columns", 9, 2, 17, 24, 2, 6, 1, 5, TRUE),
  DEPTHWISE("thirteen", 10, 9, 15, 18, 13, 13, 6, 6, FALSE),
  DEPTHWISE("fifteen", 2, 16, 15, 16, 15, 15, 0, 7, TRUE),
  DEPTHWISE("v1", 1, 22, 50, 64, 13, 13, 6, 6, FALSE),
  POINT("small", 3, 5, 7, 4, 9),
  POINT("vectors", 2, 6, 5, 16, 33),
  POINT("channels-left-over", 4, 7, 4, 21, 17),
  POINT("one-channel", 5, 4, 6, 1, 1),
  POINT("one-pixel", 3, 1, 1, 5, 6),
  POINT("one-row", 2, 1, 9, 9, 12),
  POINT("pieces", 3, 9, 11, 24, 1111),
  { "gaussian-positions/own", build_positions, naive_gaussian_positions, { { 1, 1, 18 } }, 4 },
  { "gaussian-positions/cortex", build_positions, naive_gaussian_positions, { { 1, 1, 14 } }, 5, .number = 1 },
  { "gaussian-positions/pieces", build_positions, naive_gaussian_positions, { { 1, 1, 1202 } }, 2, .number = 1 },
  { "mask-readout/small", build_mask, naive_mask_readout, { { 3, 5, 4 } }, 3, .conv = { .channels = 7 } },
  { "mask-readout/one-channel", build_mask, naive_mask_readout, { { 4, 3, 1 } }, 2, .conv = { .channels = 1 } },
  { "mask-readout/pieces", build_mask, naive_mask_readout, { { 5, 7, 9 } }, 3, .conv = { .channels = 531 } },
  { "average-pool/cut", build_pool, naive_average_pool, { { 5, 7, 3 } }, 3, .number = 2 },
  { "average-pool/whole", build_pool, naive_average_pool, { { 6, 9, 2 } }, 2, .number = 3 },
  { "average-pool/one", build_pool, naive_average_pool, { { 3, 4, 5 } }, 2, .number = 1 },
  { "max-pool/cut", build_max_pool, naive_max_pool, { { 5, 7, 3 } }, 3, .number = 2 },
  { "max-pool/whole", build_max_pool, naive_max_pool, { { 6, 9, 2 } }, 2, .number = 3 },
  { "max-pool/one-channel", build_max_pool, naive_max_pool, { { 9, 5, 1 } }, 4, .number = 2 },
  NORM("small", 3, 5, 3, 4),
  NORM("vector", 7, 1, 1, 6),
  NORM("one-channel", 3, 9, 7, 1),
  NORM("one-image", 1, 5, 7, 3),
  NORM("parts", 9, 31, 37, 5),
  NORM("few-channels", 5, 17, 13, 2),
  NORM("few-channels/parts", 9, 31, 37, 1),
  EACH("relu/small", build_relu, 3, 3, 5, 2, 0),
  EACH("relu/chunks", build_relu, 3, 37, 61, 5, 0),
  EACH("leaky-relu", build_leaky, 2, 7, 5, 3, 0.2f),
  EACH("elu", build_elu, 2, 7, 5, 3, 0),
  EACH("elu/chunks", build_elu, 3, 37, 61, 5, 0),
  EACH("sigmoid", build_sigmoid, 2, 7, 5, 3, 0),
  EACH("tanh", build_tanh, 2, 7, 5, 3, 0),
  { "dropout/none", build_dropout, naive_identity, { { 5, 3, 7 } }, 3, .number = 0 },
  { "noise/none", build_noise, naive_identity, { { 5, 3, 7 } }, 3, .number = 0 },
  { "concat", build_concat, naive_concat, { { 3, 5, 4 }, { 3, 5, 3 } }, 3 },
  { "concat/vectors", build_concat, naive_concat, { { 1, 1, 648 }, { 1, 1, 32 } }, 40 },
  { "add", build_add, naive_add, { { 3, 5, 4 }, { 3, 5, 4 } }, 3 },
  { "add/chunks", build_add, naive_add, { { 31, 37, 5 }, { 31, 37, 5 } }, 4 },
  { "reshape/flatten", build_reshape, naive_reshape, { { 3, 5, 4 } }, 3, .shape = { 1, 1, 60 } },
  { "reshape/unflatten", build_reshape, naive_reshape, { { 1, 1, 60 } }, 3, .shape = { 5, 4, 3 } },
  { "reshape/plain", build_reshape, naive_reshape, { { 1, 1, 60 } }, 3, .shape = { 12, 5, 1 } },
  { "reshape/general", build_reshape, naive_reshape, { { 3, 4, 5 } }, 2, .shape = { 2, 3, 10 } },
  { "crop", build_crop, naive_crop, { { 7, 9, 3 } }, 11, .shape = { 5, 4, 3 }, .number = 2 },
};

// A graph with the operation; each input also goes into a sum with itself, whose backward comes first.
typedef struct {
  PctGraph *graph;
  PctWorkspace *workspace;
  int in[2], others[2], out, n_in;
} Net;

static Net
net_new(const Case *c, gboolean twice, PctPool *pool)
{
  g_autoptr(GError) error = NULL;
  Net net = { .graph = pct_graph_new(), .n_in = c->in[1].channels ? 2 : 1 };
  for (int i = 0; i < net.n_in; i++)
    net.in[i] = pct_graph_input(net.graph, c->in[i]);
  net.out = c->build(net.graph, c, net.in[0], net.in[1]);
  g_assert_cmpint(net.out, >=, 0);
  pct_graph_output(net.graph, net.out);
  for (int i = 0; i < net.n_in && twice; i++) {
    net.others[i] = pct_graph_add(net.graph, net.in[i], net.in[i]);
    pct_graph_output(net.graph, net.others[i]);
  }
  net.workspace = pct_workspace_new(net.graph, PCT_WORKSPACE_BACKWARD, c->batch + 1, pool, &error);
  g_assert_no_error(error);
  return net;
}

static void
net_clear(Net *net)
{
  pct_workspace_free(net->workspace);
  pct_graph_free(net->graph);
}

// What a pass gives, copied: out, gradients of inputs, gradients of parameters.
typedef struct {
  float *out, *d_in[2], *d_parameters;
} Result;

static float *
random_array(gsize n, guint64 stream, gboolean keep_from_zero)
{
  float *values = g_new(float, n);
  pct_random_fill_normal(values, n, 5, stream);
  for (gsize i = 0; i < n && keep_from_zero; i++)
    values[i] += values[i] < 0 ? -0.1f : 0.1f;
  return values;
}

static PctParameters *
random_parameters(const Net *net)
{
  PctParameters *parameters = pct_parameters_new(pct_graph_get_parameters(net->graph), NULL);
  for (guint i = 0; i < parameters->table->n_items; i++) {
    const PctParameter *item = &parameters->table->items[i];
    float *values = parameters->values + item->offset;
    pct_random_fill_normal(values, item->count, 9, i);
    for (gsize j = 0; j < item->count && g_str_has_suffix(item->name, "running_var"); j++)
      values[j] = 0.5f + fabsf(values[j]);
  }
  return parameters;
}

static float *
copy(const float *values, gsize n)
{
  return g_memdup2(values, n * sizeof(float));
}

static void
give_gradients(const Case *c, Net *net, gboolean twice)
{
  gsize n_out = pct_shape_count(pct_graph_get_shape(net->graph, net->out)) * (gsize)c->batch;
  g_autofree float *d_out = random_array(n_out, 20, FALSE);
  memcpy(pct_workspace_get_gradient(net->workspace, net->out), d_out, n_out * sizeof(float));
  for (int i = 0; i < net->n_in && twice; i++) {
    gsize n = pct_shape_count(c->in[i]) * (gsize)c->batch;
    g_autofree float *d_other = random_array(n, 30 + (guint)i, FALSE);
    memcpy(pct_workspace_get_gradient(net->workspace, net->others[i]), d_other, n * sizeof(float));
  }
}

static Result
run_pass(const Case *c, Net *net, const PctParameters *initial, gboolean training, gboolean twice,
         gboolean input_gradients)
{
  Result result = { 0 };
  gsize n_out = pct_shape_count(pct_graph_get_shape(net->graph, net->out)) * (gsize)c->batch;
  gsize n_parameters = initial->table->n_values;
  // A training pass changes a batch norm's running statistics.
  g_autoptr(PctParameters) parameters = pct_parameters_copy(initial, NULL);
  g_autoptr(PctFloats) gradients = pct_aligned_new(n_parameters, NULL);
  for (int i = 0; i < net->n_in; i++) {
    gsize n = pct_shape_count(c->in[i]) * (gsize)c->batch;
    g_autofree float *in = random_array(n, 10 + (guint)i, c->keep_from_zero);
    memcpy(pct_workspace_get_input(net->workspace, net->in[i]), in, n * sizeof(float));
  }
  pct_workspace_forward(net->workspace, parameters, c->batch, training, 77);
  result.out = copy(pct_workspace_get_output(net->workspace, net->out), n_out);
  give_gradients(c, net, twice);
  pct_workspace_backward(net->workspace, parameters, gradients, input_gradients);
  // A pass of its own for the inputs, and one more of everything, give what the first one gave.
  give_gradients(c, net, twice);
  pct_workspace_backward(net->workspace, parameters, NULL, TRUE);
  memset(gradients, 0, n_parameters * sizeof(float));
  give_gradients(c, net, twice);
  pct_workspace_backward(net->workspace, parameters, gradients, input_gradients);
  result.d_parameters = copy(gradients, n_parameters);
  for (int i = 0; i < net->n_in && input_gradients; i++)
    result.d_in[i] = copy(pct_workspace_get_gradient(net->workspace, net->in[i]),
                          pct_shape_count(c->in[i]) * (gsize)c->batch);
  return result;
}

static void
result_clear(Result *result)
{
  g_free(result->out);
  g_free(result->d_in[0]);
  g_free(result->d_in[1]);
  g_free(result->d_parameters);
}

static double *
widen(const float *values, gsize n)
{
  double *wide = g_new(double, n);
  for (gsize i = 0; i < n; i++)
    wide[i] = values[i];
  return wide;
}

static void
assert_close(const char *what, gsize i, double found, double expected, double tolerance)
{
  if (!(fabs(found - expected) <= tolerance))
    g_error("%s[%" G_GSIZE_FORMAT "]: found %.9g, expected %.9g (tolerance %g)", what, i, found, expected, tolerance);
}

typedef struct {
  const Case *c;
  gboolean training;
  double *in[2], *parameters[4], *out, *d_out;
  gsize n_out;
} Reference;

static double
reference_loss(Reference *r)
{
  double sum = 0;
  r->c->naive(r->c, r->c->batch, r->training, (const double *const *)r->in, (const double *const *)r->parameters,
              r->out);
  for (gsize i = 0; i < r->n_out; i++)
    sum += r->out[i] * r->d_out[i];
  return sum;
}

// extra (n,): what the other consumer adds to the gradient, or NULL.
static void
check_gradient(Reference *r, const char *what, double *values, gsize n, const float *gradient, const float *extra)
{
  PctRandom random = pct_random(3, n);
  double typical = 0;
  for (gsize i = 0; i < n; i++)
    typical += fabs((double)gradient[i]) / (double)n;
  int n_checked = r->n_out > 5000 ? MAX_CHECKED / 4 : MAX_CHECKED;
  for (int k = 0; k < n_checked && (gsize)k < n; k++) {
    gsize i = n <= (gsize)n_checked ? (gsize)k : pct_random_below(&random, (guint32)n);
    double kept = values[i], step = 1e-5;
    values[i] = kept + step;
    double up = reference_loss(r);
    values[i] = kept - step;
    double down = reference_loss(r);
    values[i] = kept;
    double expected = (up - down) / (2 * step) + (extra ? 2 * (double)extra[i] : 0);
    assert_close(what, i, gradient[i], expected, 2e-4 * (fabs(expected) + typical) + 1e-6);
  }
}

static void
check_against_naive(const Case *c, Net *net, const PctParameters *parameters, gboolean training, gboolean twice)
{
  Result result = run_pass(c, net, parameters, training, twice, TRUE);
  Reference r = { c, training };
  r.n_out = pct_shape_count(pct_graph_get_shape(net->graph, net->out)) * (gsize)c->batch;
  g_autofree float *d_out = random_array(r.n_out, 20, FALSE);
  g_autoptr(PctTensors) disk = pct_tensors_new(), d_disk = pct_tensors_new();
  pct_parameters_save(parameters, "", disk);
  pct_parameters_save(&(PctParameters){ parameters->table, result.d_parameters }, "", d_disk);
  r.out = g_new(double, r.n_out);
  r.d_out = widen(d_out, r.n_out);
  for (int i = 0; i < net->n_in; i++) {
    gsize n = pct_shape_count(c->in[i]) * (gsize)c->batch;
    g_autofree float *in = random_array(n, 10 + (guint)i, c->keep_from_zero);
    r.in[i] = widen(in, n);
  }
  for (guint i = 0; i < pct_tensors_get_n(disk); i++)
    r.parameters[i] = widen(pct_tensors_get(disk, i)->values, pct_tensors_get(disk, i)->count);
  reference_loss(&r);
  double typical = 0;
  for (gsize i = 0; i < r.n_out; i++)
    typical += fabs(r.out[i]) / (double)r.n_out;
  for (gsize i = 0; i < r.n_out; i++)
    assert_close("out", i, result.out[i], r.out[i], 1e-5 * (fabs(r.out[i]) + typical));
  for (int i = 0; i < net->n_in; i++) {
    gsize n = pct_shape_count(c->in[i]) * (gsize)c->batch;
    g_autofree float *extra = twice ? random_array(n, 30 + (guint)i, FALSE) : NULL;
    check_gradient(&r, i ? "d_in 1" : "d_in 0", r.in[i], n, result.d_in[i], extra);
  }
  for (guint i = 0; i < pct_tensors_get_n(disk); i++) {
    const PctTensor *tensor = pct_tensors_get(d_disk, i);
    if (parameters->table->items[i].trainable)
      check_gradient(&r, tensor->name, r.parameters[i], tensor->count, tensor->values, NULL);
    else
      for (gsize j = 0; j < tensor->count; j++)
        g_assert_cmpfloat(tensor->values[j], ==, 0);
  }
  for (int i = 0; i < 4; i++)
    g_free(r.parameters[i]);
  g_free(r.in[0]);
  g_free(r.in[1]);
  g_free(r.out);
  g_free(r.d_out);
  result_clear(&result);
}

static void
check_same_bits(const Case *c, Net *net, const Result *a, const Result *b)
{
  gsize n_out = pct_shape_count(pct_graph_get_shape(net->graph, net->out)) * (gsize)c->batch;
  gsize n_parameters = pct_graph_get_parameters(net->graph)->n_values;
  g_assert_true(memcmp(a->out, b->out, n_out * sizeof(float)) == 0);
  g_assert_true(n_parameters == 0 || memcmp(a->d_parameters, b->d_parameters, n_parameters * sizeof(float)) == 0);
  for (int i = 0; i < net->n_in; i++)
    if (a->d_in[i] && b->d_in[i])
      g_assert_true(memcmp(a->d_in[i], b->d_in[i], pct_shape_count(c->in[i]) * (gsize)c->batch * sizeof(float)) == 0);
}

static void
test_case(gconstpointer data)
{
  const Case *c = data;
  for (int variant = 0; variant < 4; variant++) {
    gboolean training = variant & 1, twice = variant >> 1;
    g_autoptr(PctPool) two = pct_pool_new(2, 0);
    Net net = net_new(c, twice, NULL), shared = net_new(c, twice, two);
    g_autoptr(PctParameters) parameters = random_parameters(&net);
    // Each of the two in each of its states.
    if (training == twice)
      check_against_naive(c, &net, parameters, training, twice);
    g_autoptr(PctParameters) same = random_parameters(&shared);
    Result one = run_pass(c, &net, parameters, training, twice, TRUE);
    Result other = run_pass(c, &shared, same, training, twice, TRUE);
    Result without = run_pass(c, &shared, same, training, twice, FALSE);
    check_same_bits(c, &net, &one, &other);
    check_same_bits(c, &net, &one, &without);
    result_clear(&one);
    result_clear(&other);
    result_clear(&without);
    net_clear(&net);
    net_clear(&shared);
  }
}

// <conv x, y> = <x, conv-transpose y> with the same weights.
static void
test_adjoint(gconstpointer data)
{
  const Case *c = data;
  Case back = *c;
  Net net = net_new(c, FALSE, NULL);
  PctShape small = pct_graph_get_shape(net.graph, net.out);
  back.in[0] = small;
  back.build = build_transposed;
  back.conv.channels = c->in[0].channels;
  Net adjoint = net_new(&back, FALSE, NULL);
  PctShape large = pct_graph_get_shape(adjoint.graph, adjoint.out);
  g_assert_cmpint(large.height, ==, c->in[0].height);
  g_assert_cmpint(large.width, ==, c->in[0].width);
  g_autoptr(PctParameters) parameters = random_parameters(&net), transposed = random_parameters(&adjoint);
  g_autoptr(PctTensors) disk = pct_tensors_new();
  g_autoptr(GError) error = NULL;
  pct_parameters_save(parameters, "", disk);
  g_assert_true(pct_parameters_load(transposed, "", disk, &error));
  gsize n_large = pct_shape_count(large) * (gsize)c->batch, n_small = pct_shape_count(small) * (gsize)c->batch;
  g_autofree float *x = random_array(n_large, 1, FALSE), *y = random_array(n_small, 2, FALSE);
  memcpy(pct_workspace_get_input(net.workspace, net.in[0]), x, n_large * sizeof(float));
  memcpy(pct_workspace_get_input(adjoint.workspace, adjoint.in[0]), y, n_small * sizeof(float));
  pct_workspace_forward(net.workspace, parameters, c->batch, FALSE, 0);
  pct_workspace_forward(adjoint.workspace, transposed, c->batch, FALSE, 0);
  const float *conv_x = pct_workspace_get_output(net.workspace, net.out);
  const float *transposed_y = pct_workspace_get_output(adjoint.workspace, adjoint.out);
  double left = 0, right = 0, size = 0;
  for (gsize i = 0; i < n_small; i++) {
    left += (double)conv_x[i] * y[i];
    size += fabs((double)conv_x[i] * y[i]);
  }
  for (gsize i = 0; i < n_large; i++)
    right += (double)x[i] * transposed_y[i];
  g_assert_cmpfloat_with_epsilon(left, right, 1e-6 * size);
  net_clear(&net);
  net_clear(&adjoint);
}

static const Case adjoint_cases[] = {
  CONV("same", 3, 7, 5, 3, 4, 3, 3, 1, 1, 1, 1, FALSE),
  CONV("halve", 2, 8, 10, 9, 5, 4, 4, 2, 2, 1, 1, FALSE),
  CONV("uneven", 2, 9, 11, 2, 9, 3, 5, 3, 2, 0, 1, FALSE),
};

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  g_assert_true(pct_blas_init(&error));
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strconcat("/operation/", cases[i].name, NULL);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  for (guint i = 0; i < G_N_ELEMENTS(adjoint_cases); i++) {
    g_autofree char *path = g_strconcat("/adjoint/", adjoint_cases[i].name, NULL);
    g_test_add_data_func(path, &adjoint_cases[i], test_adjoint);
  }
  return g_test_run();
}
