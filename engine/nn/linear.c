// SPDX-License-Identifier: GPL-3.0-or-later
// y (B,n) = x (B,C) W^T + b, W (n,C) as PyTorch has it. One row is a matrix-vector product: packing the weights for a
// full product would cost more than the product, and it is what a slider waits for.
#include <string.h>
#include "base/blas.h"
#include "nn/convolution.h"
#include "nn/operation.h"

static void
forward(const PctCall *call)
{
  gsize batch = (gsize)call->batch, n_in = (gsize)call->in_shape[0].channels, n_out = (gsize)call->shape.channels;
  const float *weights = call->parameter[0];
  float beta = 0;
  if (call->node->n_parameters > 1) {
    for (gsize row = 0; row < batch; row++)
      memcpy(call->out + row * n_out, call->parameter[1], n_out * sizeof(float));
    beta = 1;
  }
  if (batch == 1)
    pct_gemv(call->pool, FALSE, n_out, n_in, 1, weights, n_in, call->in[0], beta, call->out);
  else
    pct_gemm(call->pool, FALSE, TRUE, batch, n_out, n_in, 1, call->in[0], n_in, weights, n_in, beta, call->out, n_out);
}

static void
backward(const PctCall *call)
{
  gsize batch = (gsize)call->batch, n_in = (gsize)call->in_shape[0].channels, n_out = (gsize)call->shape.channels;
  if (call->d_parameter[0])
    pct_gemm(call->pool, TRUE, FALSE, n_out, n_in, batch, 1, call->d_out, n_out, call->in[0], n_in, 1,
             call->d_parameter[0], n_in);
  if (call->node->n_parameters > 1 && call->d_parameter[1])
    pct_add_column_sums(call->pool, call->d_parameter[1], call->d_out, batch, n_out);
  if (!call->d_in[0])
    return;
  if (batch == 1)
    pct_gemv(call->pool, TRUE, n_in, n_out, 1, call->parameter[0], n_in, call->d_out, call->beta[0], call->d_in[0]);
  else
    pct_gemm(call->pool, FALSE, FALSE, batch, n_in, n_out, 1, call->d_out, n_out, call->parameter[0], n_in,
             call->beta[0], call->d_in[0], n_in);
}

static const PctOperation linear = { .name = "linear", .forward = forward, .backward = backward, .keeps_input = TRUE };

int
pct_graph_linear(PctGraph *graph, int x, const char *name, int n, gboolean bias)
{
  PctShape in = pct_graph_get_shape(graph, x);
  g_return_val_if_fail(in.height == 1 && in.width == 1 && n > 0, -1);
  gsize shape[] = { (gsize)n, (gsize)in.channels };
  PctNode node = { .operation = &linear, .inputs = { x }, .n_inputs = 1, .shape = { 1, 1, n } };
  node.parameters[node.n_parameters++] =
      pct_graph_add_parameter(graph, name, "weight", 2, shape, PCT_LAYOUT_PLAIN, NULL, TRUE,
                              pct_graph_get_weight_initial(graph, shape[1]));
  if (bias)
    node.parameters[node.n_parameters++] =
        pct_graph_add_parameter(graph, name, "bias", 1, shape, PCT_LAYOUT_PLAIN, NULL, TRUE,
                                (PctInitial){ PCT_INITIAL_ZERO });
  return pct_graph_add_node(graph, &node);
}
