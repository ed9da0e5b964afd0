// SPDX-License-Identifier: GPL-3.0-or-later
// The readout of Lurz et al. (2021): a neuron sees the features at one point of the picture. Gradients of features and
// positions are summed within an item of the batch, those of weights within a part of the batch and then over the parts:
// no two threads write one number, and every sum has one order. Items come one after the other, because a picture just
// fits into the cache, and all its neurons are done while it is there.
#include <string.h>
#include "nn/convolution.h"
#include "nn/operation.h"
#include "nn/point-kernels.h"

#define PARTS 4      // of the batch
#define CHUNK 16384  // numbers added at a time

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

// Scratch: a gradient of the weights a part.
static gsize
scratch_size(const PctNode *node, int batch, guint n_threads, gboolean training)
{
  return training ? PARTS * pct_shape_count(node->shape) * (gsize)node->in_shape[0].channels : 0;
}

static void
sum_part(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  gsize n = n_neurons(call), size = n * (gsize)call->in_shape[0].channels;
  for (gsize part = first; part < end; part++) {
    float *sums = call->scratch + part * size;
    memset(sums, 0, size * sizeof(float));
    for (gsize b = part * (gsize)call->batch / PARTS; b < (part + 1) * (gsize)call->batch / PARTS; b++)
      pct_point_kernels_get()->weights(call->in_shape[0], 0, n, picture_of(call, b), call->in[1] + b * 2 * n,
                                       call->d_out + b * n, sums);
  }
}

static void
add_parts(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  gsize size = n_neurons(call) * (gsize)call->in_shape[0].channels;
  for (gsize i = first; i < end; i++) {
    float sum = 0;
    for (gsize part = 0; part < PARTS; part++)
      sum += call->scratch[part * size + i];
    call->d_parameter[0][i] += sum;
  }
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
  if (call->d_parameter[0]) {
    pct_parallel_for(call->pool, PARTS, 1, sum_part, (gpointer)call);
    pct_parallel_for(call->pool, n * (gsize)call->in_shape[0].channels, CHUNK, add_parts, (gpointer)call);
  }
  if (call->d_parameter[1])
    pct_add_column_sums(call->pool, call->d_parameter[1], call->d_out, (gsize)call->batch, n);
  if (call->d_in[0] || call->d_in[1])
    pct_parallel_for(call->pool, (gsize)call->batch, 1, backward_items, (gpointer)call);
}

static const PctOperation point_readout = { .name = "point-readout", .forward = forward, .backward = backward,
                                            .keeps_input = TRUE, .state_size = state_size,
                                            .scratch_size = scratch_size };

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
