// SPDX-License-Identifier: GPL-3.0-or-later
// The operations that treat every number alike: ReLU, leaky ReLU, ELU, sigmoid, tanh. Each is two expressions, y from x
// and dy/dx from y; with the slope known from the output, the input need not be kept.
#include "nn/operation.h"
#include "nn/simd.h"

#define CHUNK 16384

typedef void (*Forward)(float *out, const float *in, gsize n, float number);
typedef void (*Backward)(float *d_in, const float *d_out, const float *out, gsize n, float number, gboolean add);

// FORWARD in x and a (the option), SLOPE in y and a.
#define ACTIVATION(name, FORWARD, SLOPE)                                                                               \
  PCT_SIMD static void name##_forward(float *restrict out, const float *restrict in, gsize n, float a)                 \
  {                                                                                                                    \
    for (gsize i = 0; i < n; i++) {                                                                                    \
      float x = in[i];                                                                                                 \
      out[i] = FORWARD;                                                                                                \
    }                                                                                                                  \
  }                                                                                                                    \
  PCT_SIMD static void name##_backward(float *restrict d_in, const float *restrict d_out, const float *restrict out,   \
                                       gsize n, float a, gboolean add)                                                 \
  {                                                                                                                    \
    if (add)                                                                                                           \
      for (gsize i = 0; i < n; i++) {                                                                                  \
        float y = out[i];                                                                                              \
        d_in[i] += d_out[i] * (SLOPE);                                                                                 \
      }                                                                                                                \
    else                                                                                                               \
      for (gsize i = 0; i < n; i++) {                                                                                  \
        float y = out[i];                                                                                              \
        d_in[i] = d_out[i] * (SLOPE);                                                                                  \
      }                                                                                                                \
  }

// Near 0 the difference of exponentials has no digits left: there the series
// x - x^3/3 + 2x^5/15 - 17x^7/315 + 62x^9/2835.
static inline float
hyperbolic_tangent(float x)
{
  float z = x * x, e = pct_exp(2 * x);
  float series = x * (1 - z * (1 / 3.0f - z * (2 / 15.0f - z * (17 / 315.0f - z * (62 / 2835.0f)))));
  float whole = 1 - 2 / (e + 1);
  return z < 0.09f ? series : whole;
}

// Written so that NaN stays NaN.
ACTIVATION(leaky_relu, x < 0 ? a * x : x, y < 0 ? a : 1.0f)
ACTIVATION(relu, x < 0 ? 0.0f : x, y > 0 ? 1.0f : 0.0f)
ACTIVATION(elu, x > 0 ? x : pct_exp(x) - 1, y > 0 ? 1.0f : y + 1)
ACTIVATION(sigmoid, 1 / (1 + pct_exp(-x)), y * (1 - y))
ACTIVATION(hyperbolic, hyperbolic_tangent(x), 1 - y * y)

typedef struct {
  const PctCall *call;
  Forward forward;
  Backward backward;
} Task;

static void
work(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  const PctCall *call = task->call;
  float number = call->node->number[0];
  if (task->forward)
    task->forward(call->out + first, call->in[0] + first, end - first, number);
  else
    task->backward(call->d_in[0] + first, call->d_out + first, call->out + first, end - first, number,
                   call->beta[0] != 0);
}

static void
run(const PctCall *call, Forward forward, Backward backward)
{
  Task task = { call, forward, backward };
  if (forward || call->d_in[0])
    pct_parallel_for(call->pool, pct_shape_count(call->shape) * (gsize)call->batch, CHUNK, work, &task);
}

#define OPERATION(identifier, shown)                                                                                   \
  static void identifier##_run_forward(const PctCall *call) { run(call, identifier##_forward, NULL); }                 \
  static void identifier##_run_backward(const PctCall *call) { run(call, NULL, identifier##_backward); }               \
  static const PctOperation identifier = { .name = shown, .forward = identifier##_run_forward,                         \
                                           .backward = identifier##_run_backward, .keeps_output = TRUE };

OPERATION(relu, "relu")
OPERATION(leaky_relu, "leaky-relu")
OPERATION(elu, "elu")
OPERATION(sigmoid, "sigmoid")
OPERATION(hyperbolic, "tanh")

static int
add(PctGraph *graph, int x, const PctOperation *operation, float number)
{
  return pct_graph_add_node(graph, &(PctNode){ .operation = operation, .inputs = { x }, .n_inputs = 1,
                                               .shape = pct_graph_get_shape(graph, x), .number = { number } });
}

int
pct_graph_relu(PctGraph *graph, int x)
{
  return add(graph, x, &relu, 0);
}

int
pct_graph_leaky_relu(PctGraph *graph, int x, float slope)
{
  // The slope is read off the output's sign.
  g_return_val_if_fail(slope > 0, -1);
  return add(graph, x, &leaky_relu, slope);
}

int
pct_graph_elu(PctGraph *graph, int x)
{
  return add(graph, x, &elu, 0);
}

int
pct_graph_sigmoid(PctGraph *graph, int x)
{
  return add(graph, x, &sigmoid, 0);
}

int
pct_graph_tanh(PctGraph *graph, int x)
{
  return add(graph, x, &hyperbolic, 0);
}
