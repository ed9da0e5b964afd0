// SPDX-License-Identifier: GPL-3.0-or-later
// The adjoint of conv2d as an operation of its own: the large picture is the output. See convolution.h.
#include "nn/convolution.h"
#include "nn/operation.h"

static PctConvolution
geometry(const PctNode *node, int batch, PctPool *pool, float *scratch)
{
  return pct_convolution_of(node, node->shape, node->in_shape[0], batch, pool, scratch);
}

static gsize
scratch_size(const PctNode *node, int batch, guint n_threads, gboolean training)
{
  PctConvolution c = geometry(node, batch, NULL, NULL);
  return pct_convolution_scratch(&c, n_threads) + (training ? pct_convolution_weights_size(&c) : 0);
}

static void
forward(const PctCall *call)
{
  PctConvolution c = geometry(call->node, call->batch, call->pool, call->scratch);
  const float *bias = call->node->conv.bias ? call->parameter[1] : NULL;
  // With one output channel the weights (tap, Ci, 1) are at once (tap, 1, Ci).
  if (c.large_channels == 1)
    pct_convolution_scatter(&c, call->out, call->in[0], call->parameter[0], bias, 0);
  else
    pct_convolution_spread(&c, call->out, call->in[0], call->parameter[0], bias, 0);
}

static void
backward(const PctCall *call)
{
  const PctNode *node = call->node;
  PctConvolution c = geometry(node, call->batch, call->pool, call->scratch);
  // The transposed weights come first.
  c.scratch += pct_convolution_weights_size(&c);
  if (call->d_parameter[0])
    pct_convolution_weights(&c, call->d_parameter[0], call->d_out, call->in[0], TRUE);
  if (node->conv.bias && call->d_parameter[1])
    pct_add_column_sums(call->pool, call->d_parameter[1], call->d_out,
                        (gsize)call->batch * node->shape.height * node->shape.width, (gsize)node->shape.channels);
  if (!call->d_in[0])
    return;
  const float *weights = call->parameter[0];
  if (c.large_channels > 1) {
    pct_convolution_transpose(call->pool, call->scratch, weights, node->taps->n_taps, c.small_channels, c.large_channels);
    weights = call->scratch;
  }
  pct_convolution_gather(&c, call->d_in[0], call->d_out, weights, NULL, call->beta[0]);
}

static const PctOperation conv_transpose2d = { .name = "conv-transpose2d", .forward = forward, .backward = backward,
                                               .keeps_input = TRUE, .scratch_size = scratch_size };

int
pct_graph_conv_transpose2d(PctGraph *graph, int x, const char *name, PctConv2d options)
{
  PctShape in = pct_graph_get_shape(graph, x);
  int height = (in.height - 1) * options.stride[0] - 2 * options.padding[0] + options.kernel[0];
  int width = (in.width - 1) * options.stride[1] - 2 * options.padding[1] + options.kernel[1];
  g_return_val_if_fail(height > 0 && width > 0, -1);
  gsize shape[] = { (gsize)in.channels, (gsize)options.channels, (gsize)options.kernel[0], (gsize)options.kernel[1] };
  // PyTorch takes the second axis for the fan-in here, too.
  gsize fan_in = shape[1] * shape[2] * shape[3];
  PctNode node = { .operation = &conv_transpose2d, .inputs = { x }, .n_inputs = 1, .conv = options,
                   .shape = { height, width, options.channels },
                   .taps = pct_taps_new(options.kernel[0], options.kernel[1], options.stride[0], options.stride[1]) };
  node.parameters[node.n_parameters++] =
      pct_graph_add_parameter(graph, name, "weight", 4, shape, PCT_LAYOUT_CONV_TRANSPOSE2D, options.stride, TRUE,
                              pct_graph_get_weight_initial(graph, fan_in));
  if (options.bias)
    node.parameters[node.n_parameters++] = pct_graph_add_parameter(graph, name, "bias", 1, shape + 1, PCT_LAYOUT_PLAIN,
                                                                   NULL, TRUE, (PctInitial){ PCT_INITIAL_ZERO });
  return pct_graph_add_node(graph, &node);
}
