// SPDX-License-Identifier: GPL-3.0-or-later
// The factorized readout of Klindt et al. (2017): a neuron is where (a mask over the picture) times what (a weight a
// channel): y_n = sum_k w_nk sum_p m_np x_pk + b_n. The inner sums are a matrix product an item; they are kept for the
// weights' gradient. Gradients of an item's picture are summed within the item, those of parameters within a piece of
// the neurons, over the batch in order: no two threads write one number.
#include "base/blas.h"
#include "nn/convolution.h"
#include "nn/operation.h"

#define NEURONS 256  // a piece

enum { MASK, WEIGHTS, BIAS };

typedef struct {
  gsize n, pixels, channels;
} Sizes;

static Sizes
sizes_of(const PctNode *node)
{
  PctShape in = node->in_shape[0];
  return (Sizes){ (gsize)node->shape.channels, (gsize)in.height * in.width, (gsize)in.channels };
}

// State: what the masks let through (batch, n, channels).
static gsize
state_size(const PctNode *node, int batch)
{
  Sizes s = sizes_of(node);
  return (gsize)batch * s.n * s.channels;
}

// Scratch: the gradient of that, an item or a piece a thread.
static gsize
scratch_size(const PctNode *node, int batch, guint n_threads, gboolean training)
{
  Sizes s = sizes_of(node);
  return training ? n_threads * s.n * s.channels : 0;
}

static void
forward_items(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  Sizes s = sizes_of(call->node);
  for (gsize b = first; b < end; b++) {
    float *seen = call->state + b * s.n * s.channels;
    pct_gemm_serial(FALSE, FALSE, s.n, s.channels, s.pixels, 1, call->parameter[MASK], s.pixels,
                    call->in[0] + b * s.pixels * s.channels, s.channels, 0, seen, s.channels);
    for (gsize m = 0; m < s.n; m++) {
      const float *w = call->parameter[WEIGHTS] + m * s.channels;
      float sum = 0;
      for (gsize k = 0; k < s.channels; k++)
        sum += w[k] * seen[m * s.channels + k];
      call->out[b * s.n + m] = sum + call->parameter[BIAS][m];
    }
  }
}

static void
forward(const PctCall *call)
{
  pct_parallel_for(call->pool, (gsize)call->batch, 1, forward_items, (gpointer)call);
}

// d (count, channels) = d_out of item b times the weights, for neurons first ..
static void
spread_gradient(const PctCall *call, Sizes s, gsize b, gsize first, gsize count, float *d)
{
  for (gsize m = 0; m < count; m++) {
    const float *w = call->parameter[WEIGHTS] + (first + m) * s.channels;
    float d_out = call->d_out[b * s.n + first + m];
    for (gsize k = 0; k < s.channels; k++)
      d[m * s.channels + k] = d_out * w[k];
  }
}

static void
backward_items(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  Sizes s = sizes_of(call->node);
  float *d = call->scratch + thread * s.n * s.channels;
  for (gsize b = first; b < end; b++) {
    spread_gradient(call, s, b, 0, s.n, d);
    pct_gemm_serial(TRUE, FALSE, s.pixels, s.channels, s.n, 1, call->parameter[MASK], s.pixels, d, s.channels,
                    call->beta[0], call->d_in[0] + b * s.pixels * s.channels, s.channels);
  }
}

static void
backward_neurons(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  Sizes s = sizes_of(call->node);
  float *d = call->scratch + thread * s.n * s.channels;
  for (gsize b = 0; b < (gsize)call->batch; b++) {
    if (call->d_parameter[MASK]) {
      spread_gradient(call, s, b, first, end - first, d);
      pct_gemm_serial(FALSE, TRUE, end - first, s.pixels, s.channels, 1, d, s.channels,
                      call->in[0] + b * s.pixels * s.channels, s.channels, 1, call->d_parameter[MASK] + first * s.pixels,
                      s.pixels);
    }
    if (!call->d_parameter[WEIGHTS])
      continue;
    for (gsize m = first; m < end; m++) {
      const float *seen = call->state + (b * s.n + m) * s.channels;
      float *to = call->d_parameter[WEIGHTS] + m * s.channels, d_out = call->d_out[b * s.n + m];
      for (gsize k = 0; k < s.channels; k++)
        to[k] += d_out * seen[k];
    }
  }
}

static void
backward(const PctCall *call)
{
  Sizes s = sizes_of(call->node);
  if (call->d_parameter[MASK] || call->d_parameter[WEIGHTS])
    pct_parallel_for(call->pool, s.n, NEURONS, backward_neurons, (gpointer)call);
  if (call->d_parameter[BIAS])
    pct_add_column_sums(call->pool, call->d_parameter[BIAS], call->d_out, (gsize)call->batch, s.n);
  if (call->d_in[0])
    pct_parallel_for(call->pool, (gsize)call->batch, 1, backward_items, (gpointer)call);
}

static const PctOperation mask_readout = { .name = "mask-readout", .forward = forward, .backward = backward,
                                           .keeps_input = TRUE, .state_size = state_size, .scratch_size = scratch_size };

int
pct_graph_mask_readout(PctGraph *graph, int x, const char *name, int n)
{
  PctShape in = pct_graph_get_shape(graph, x);
  g_return_val_if_fail(n > 0, -1);
  gsize mask[] = { (gsize)n, (gsize)in.height, (gsize)in.width }, weights[] = { (gsize)n, (gsize)in.channels };
  PctNode node = { .operation = &mask_readout, .inputs = { x }, .n_inputs = 1, .n_parameters = 3, .shape = { 1, 1, n } };
  node.parameters[MASK] = pct_graph_add_parameter(graph, name, "mask", 3, mask, PCT_LAYOUT_PLAIN, NULL, TRUE,
                                                  pct_graph_get_weight_initial(graph, mask[1] * mask[2]));
  node.parameters[WEIGHTS] = pct_graph_add_parameter(graph, name, "weight", 2, weights, PCT_LAYOUT_PLAIN, NULL, TRUE,
                                                     pct_graph_get_weight_initial(graph, weights[1]));
  node.parameters[BIAS] = pct_graph_add_parameter(graph, name, "bias", 1, mask, PCT_LAYOUT_PLAIN, NULL, TRUE,
                                                  (PctInitial){ PCT_INITIAL_ZERO });
  return pct_graph_add_node(graph, &node);
}
