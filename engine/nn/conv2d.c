// SPDX-License-Identifier: GPL-3.0-or-later
// y = W * x + b: the small picture is the output. See convolution.h.
#include "nn/convolution.h"
#include "nn/operation.h"

// Below this many input channels the input's gradient is cheaper by scattering.
#define FEW_CHANNELS 8

static PctConvolution
geometry(const PctNode *node, int batch, PctPool *pool, float *scratch)
{
  return pct_convolution_of(node, node->in_shape[0], node->shape, batch, pool, scratch);
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
  pct_convolution_gather(&c, call->out, call->in[0], call->parameter[0],
                         call->node->conv.bias ? call->parameter[1] : NULL, 0);
}

static void
backward(const PctCall *call)
{
  const PctNode *node = call->node;
  PctConvolution c = geometry(node, call->batch, call->pool, call->scratch);
  // The transposed weights come first.
  c.scratch += pct_convolution_weights_size(&c);
  if (call->d_parameter[0])
    pct_convolution_weights(&c, call->d_parameter[0], call->in[0], call->d_out, FALSE);
  if (node->conv.bias && call->d_parameter[1])
    pct_add_column_sums(call->pool, call->d_parameter[1], call->d_out,
                        (gsize)call->batch * node->shape.height * node->shape.width, (gsize)node->shape.channels);
  if (!call->d_in[0])
    return;
  if (c.large_channels < FEW_CHANNELS) {
    pct_convolution_scatter(&c, call->d_in[0], call->d_out, call->parameter[0], NULL, call->beta[0]);
    return;
  }
  pct_convolution_transpose(call->pool, call->scratch, call->parameter[0], node->taps->n_taps, c.large_channels,
                            c.small_channels);
  pct_convolution_spread(&c, call->d_in[0], call->d_out, call->scratch, NULL, call->beta[0]);
}

static const PctOperation conv2d = { .name = "conv2d", .forward = forward, .backward = backward, .keeps_input = TRUE,
                                     .scratch_size = scratch_size };

int
pct_graph_conv2d(PctGraph *graph, int x, const char *name, PctConv2d options)
{
  PctShape in = pct_graph_get_shape(graph, x);
  int height = (in.height + 2 * options.padding[0] - options.kernel[0]) / options.stride[0] + 1;
  int width = (in.width + 2 * options.padding[1] - options.kernel[1]) / options.stride[1] + 1;
  g_return_val_if_fail(in.height + 2 * options.padding[0] >= options.kernel[0] &&
                       in.width + 2 * options.padding[1] >= options.kernel[1], -1);
  gsize shape[] = { (gsize)options.channels, (gsize)in.channels, (gsize)options.kernel[0], (gsize)options.kernel[1] };
  gsize fan_in = shape[1] * shape[2] * shape[3];
  PctNode node = { .operation = &conv2d, .inputs = { x }, .n_inputs = 1, .conv = options,
                   .shape = { height, width, options.channels },
                   .taps = pct_taps_new(options.kernel[0], options.kernel[1], options.stride[0], options.stride[1]) };
  node.parameters[node.n_parameters++] = pct_graph_add_parameter(
      graph, name, "weight", 4, shape, PCT_LAYOUT_CONV2D, options.stride, TRUE, pct_graph_get_weight_initial(graph, fan_in));
  if (options.bias)
    node.parameters[node.n_parameters++] = pct_graph_add_parameter(graph, name, "bias", 1, shape, PCT_LAYOUT_PLAIN, NULL,
                                                                   TRUE, (PctInitial){ PCT_INITIAL_ZERO });
  return pct_graph_add_node(graph, &node);
}
