// SPDX-License-Identifier: GPL-3.0-or-later
// The readout of Lurz et al. (2021): a neuron sees the features at one point of the picture. Gradients of features and
// positions are summed within an item of the batch, those of weights within a neuron: no two threads write one number,
// and every sum has one order.
#include <string.h>
#include "nn/convolution.h"
#include "nn/operation.h"
#include "nn/point-kernels.h"

// Neurons whose weights' gradient is summed at a time, over all items: enough that an item's picture, fetched into the
// cache for them, is used by many; at least eight pieces, for threads to share.
#define NEURONS 1024

// State: what each of the four pixels around a position would give alone (batch, n, 4), which is all that the gradient of
// the position needs.
static gsize
state_size(const PctNode *node, int batch)
{
  return (gsize)batch * 4 * pct_shape_count(node->shape);
}

static gsize
n_neurons(const PctCall *call)
{
  return (gsize)call->shape.channels;
}

static const float *
picture_of(const PctCall *call, gsize item)
{
  return call->in[0] + item * pct_shape_count(call->in_shape[0]);
}

static void
forward_items(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  gsize n = n_neurons(call);
  for (gsize b = first; b < end; b++)
    pct_point_kernels_get()->forward(call->in_shape[0], 0, n, picture_of(call, b), call->in[1] + b * 2 * n,
                                     call->parameter[0], call->parameter[1], call->state + b * 4 * n, call->out + b * n);
}

static void
backward_items(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  const PctPointKernels *kernels = pct_point_kernels_get();
  gsize n = n_neurons(call), size = pct_shape_count(call->in_shape[0]);
  for (gsize b = first; b < end; b++) {
    const float *positions = call->in[1] + b * 2 * n, *d_out = call->d_out + b * n;
    if (call->d_in[1])
      pct_point_positions(call->in_shape[0], 0, n, positions, call->state + b * 4 * n, d_out,
                          call->d_in[1] + b * 2 * n, call->beta[1]);
    if (!call->d_in[0])
      continue;
    if (call->beta[0] == 0)
      memset(call->d_in[0] + b * size, 0, size * sizeof(float));
    kernels->picture(call->in_shape[0], 0, n, positions, call->parameter[0], d_out, call->d_in[0] + b * size);
  }
}

static void
backward_neurons(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  gsize n = n_neurons(call);
  for (gsize b = 0; b < (gsize)call->batch; b++)
    pct_point_kernels_get()->weights(call->in_shape[0], first, end, picture_of(call, b), call->in[1] + b * 2 * n,
                                     call->d_out + b * n, call->d_parameter[0]);
}

static void
forward(const PctCall *call)
{
  pct_parallel_for(call->pool, (gsize)call->batch, 1, forward_items, (gpointer)call);
}

static void
backward(const PctCall *call)
{
  gsize n = n_neurons(call);
  if (call->d_parameter[0])
    pct_parallel_for(call->pool, n, CLAMP((n + 7) / 8, 1, NEURONS), backward_neurons, (gpointer)call);
  if (call->d_parameter[1])
    pct_add_column_sums(call->pool, call->d_parameter[1], call->d_out, (gsize)call->batch, n);
  if (call->d_in[0] || call->d_in[1])
    pct_parallel_for(call->pool, (gsize)call->batch, 1, backward_items, (gpointer)call);
}

static const PctOperation point_readout = { .name = "point-readout", .forward = forward, .backward = backward,
                                            .keeps_input = TRUE, .state_size = state_size };

int
pct_graph_point_readout(PctGraph *graph, int x, int positions, const char *name, int n)
{
  PctShape in = pct_graph_get_shape(graph, x), points = pct_graph_get_shape(graph, positions);
  g_return_val_if_fail(n > 0 && points.height == 1 && points.width == 1 && points.channels == 2 * n, -1);
  gsize shape[] = { (gsize)n, (gsize)in.channels };
  PctNode node = { .operation = &point_readout, .inputs = { x, positions }, .n_inputs = 2, .shape = { 1, 1, n } };
  node.parameters[node.n_parameters++] =
      pct_graph_add_parameter(graph, name, "features", 2, shape, PCT_LAYOUT_PLAIN, NULL, TRUE,
                              pct_graph_get_weight_initial(graph, shape[1]));
  node.parameters[node.n_parameters++] = pct_graph_add_parameter(graph, name, "bias", 1, shape, PCT_LAYOUT_PLAIN, NULL,
                                                                 TRUE, (PctInitial){ PCT_INITIAL_ZERO });
  return pct_graph_add_node(graph, &node);
}
