// SPDX-License-Identifier: GPL-3.0-or-later
// A convolution of every channel with a kernel of its own, stride 1. Each piece of work is one picture's vector of
// channels, copied into a padded scratch picture for the kernels (depthwise-kernels.h). The input's gradient is the
// same correlation with the flipped kernel. The weights' gradient is summed within PARTS fixed parts of the batch,
// which are then added in order: the bits do not depend on threads.
#include "nn/convolution.h"
#include "nn/depthwise-kernels.h"
#include "nn/operation.h"

#define PARTS 8

typedef struct {
  const PctDepthwiseKernels *kernels;
  PctDepthwiseShape shape;            // of the correlation at hand
  int pad_left;
  int n_taps, channels, batch;
  gsize n_vectors, packed_weights;    // of channels; floats of (vector, tap, lane)
  gsize per_thread;                   // floats of scratch
  float *weights, *parts, *threads;   // scratch: (vector, tap, lane), (PARTS, vector, tap, lane), (thread, per_thread)
  const float *in, *bias, *d_out;
  float *out, *d_weights;
  float beta;
} Task;

static gsize
round_up(gsize n)
{
  return (n + 15) / 16 * 16;
}

static gsize
pixels_of(PctShape shape, int pad)
{
  return (gsize)shape.height * (gsize)(shape.width + 2 * pad);
}

static Task
task_of(const PctNode *node, int batch, float *scratch)
{
  const PctConv2d *conv = &node->conv;
  Task t = { .kernels = pct_depthwise_kernels_get(), .n_taps = conv->kernel[0] * conv->kernel[1], .batch = batch,
             .channels = node->shape.channels };
  gsize lanes = (gsize)t.kernels->lanes;
  t.n_vectors = ((gsize)t.channels + lanes - 1) / lanes;
  t.packed_weights = round_up(t.n_vectors * (gsize)t.n_taps * lanes);
  gsize there = pixels_of(node->in_shape[0], conv->padding[1]);
  gsize back = pixels_of(node->shape, conv->kernel[1] - 1 - conv->padding[1]);
  t.per_thread = round_up(MAX(there + pixels_of(node->shape, 0), back) * lanes);
  t.weights = scratch;
  t.parts = scratch ? scratch + t.packed_weights : NULL;
  t.threads = scratch ? t.parts + PARTS * t.packed_weights : NULL;
  return t;
}

static gsize
scratch_size(const PctNode *node, int batch, guint n_threads, gboolean training)
{
  Task t = task_of(node, batch, NULL);
  return (1 + PARTS) * t.packed_weights + n_threads * t.per_thread;
}

static void
set_shape(Task *t, const PctConv2d *conv, PctShape in, PctShape out, gboolean back)
{
  int top = back ? conv->kernel[0] - 1 - conv->padding[0] : conv->padding[0];
  t->pad_left = back ? conv->kernel[1] - 1 - conv->padding[1] : conv->padding[1];
  t->shape = (PctDepthwiseShape){ in.height, in.width + 2 * t->pad_left, out.height, out.width,
                                  { conv->kernel[0], conv->kernel[1] }, top };
}

static gsize
channels_used(const Task *t, gsize vector)
{
  gsize lanes = (gsize)t->kernels->lanes;
  return MIN(lanes, (gsize)t->channels - vector * lanes);
}

// (vector, tap, lane) from (tap, channel); flipped: the last tap first.
static void
pack_weights(Task *t, const float *weights, gboolean flipped)
{
  gsize lanes = (gsize)t->kernels->lanes, taps = (gsize)t->n_taps;
  for (gsize v = 0; v < t->n_vectors; v++)
    for (gsize tap = 0; tap < taps; tap++) {
      const float *from = weights + (flipped ? taps - 1 - tap : tap) * (gsize)t->channels + v * lanes;
      t->kernels->pack(t->weights + (v * taps + tap) * lanes, from, 1, 1, 0, 0, channels_used(t, v));
    }
}

static void
correlate(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  gsize lanes = (gsize)t->kernels->lanes, channels = (gsize)t->channels;
  const PctDepthwiseShape *s = &t->shape;
  int width = s->in_width - 2 * t->pad_left;
  float *padded = t->threads + thread * t->per_thread;
  for (gsize i = first; i < end; i++) {
    gsize picture = i / t->n_vectors, vector = i % t->n_vectors, c = vector * lanes, used = channels_used(t, vector);
    const float *in = t->in + picture * (gsize)s->in_height * (gsize)width * channels + c;
    float *out = t->out + picture * (gsize)s->out_height * (gsize)s->out_width * channels + c;
    t->kernels->pack(padded, in, s->in_height, width, t->pad_left, channels, used);
    t->kernels->correlate(s, padded, t->weights + vector * (gsize)t->n_taps * lanes, t->bias ? t->bias + c : NULL, out,
                          channels, used, t->beta);
  }
}

static void
correlate_all(PctPool *pool, Task *t)
{
  // Threads do not share a cache line of the output where channels are a multiple of 16.
  gsize chunk = (gsize)(16 / t->kernels->lanes);
  pct_parallel_for(pool, (gsize)t->batch * t->n_vectors, chunk, correlate, t);
}

// Piece i: the gradient of one vector of channels, from one part of the batch.
static void
sum_part(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  gsize lanes = (gsize)t->kernels->lanes, channels = (gsize)t->channels, taps = (gsize)t->n_taps;
  const PctDepthwiseShape *s = &t->shape;
  int width = s->in_width - 2 * t->pad_left;
  float *padded = t->threads + thread * t->per_thread;
  float *d_out = padded + (gsize)s->in_height * (gsize)s->in_width * lanes;
  for (gsize i = first; i < end; i++) {
    gsize part = i / t->n_vectors, vector = i % t->n_vectors, c = vector * lanes, used = channels_used(t, vector);
    float *sums = t->parts + part * t->packed_weights + vector * taps * lanes;
    for (gsize j = 0; j < taps * lanes; j++)
      sums[j] = 0;
    gsize last = (part + 1) * (gsize)t->batch / PARTS;
    for (gsize picture = part * (gsize)t->batch / PARTS; picture < last; picture++) {
      t->kernels->pack(padded, t->in + picture * (gsize)s->in_height * (gsize)width * channels + c, s->in_height, width,
                       t->pad_left, channels, used);
      t->kernels->pack(d_out, t->d_out + picture * (gsize)s->out_height * (gsize)s->out_width * channels + c,
                       s->out_height, s->out_width, 0, channels, used);
      t->kernels->weights(s, padded, d_out, sums);
    }
  }
}

static void
add_parts(const Task *t)
{
  gsize lanes = (gsize)t->kernels->lanes, channels = (gsize)t->channels, taps = (gsize)t->n_taps;
  for (gsize tap = 0; tap < taps; tap++)
    for (gsize c = 0; c < channels; c++) {
      const float *sums = t->parts + (c / lanes * taps + tap) * lanes + c % lanes;
      float sum = 0;
      for (gsize part = 0; part < PARTS; part++)
        sum += sums[part * t->packed_weights];
      t->d_weights[tap * channels + c] += sum;
    }
}

static void
forward(const PctCall *call)
{
  const PctNode *node = call->node;
  Task t = task_of(node, call->batch, call->scratch);
  set_shape(&t, &node->conv, node->in_shape[0], node->shape, FALSE);
  pack_weights(&t, call->parameter[0], FALSE);
  t.in = call->in[0];
  t.out = call->out;
  t.bias = node->conv.bias ? call->parameter[1] : NULL;
  correlate_all(call->pool, &t);
}

static void
backward(const PctCall *call)
{
  const PctNode *node = call->node;
  Task t = task_of(node, call->batch, call->scratch);
  if (call->d_parameter[0]) {
    set_shape(&t, &node->conv, node->in_shape[0], node->shape, FALSE);
    t.in = call->in[0];
    t.d_out = call->d_out;
    t.d_weights = call->d_parameter[0];
    pct_parallel_for(call->pool, PARTS * t.n_vectors, 1, sum_part, &t);
    add_parts(&t);
  }
  if (node->conv.bias && call->d_parameter[1])
    pct_add_column_sums(call->pool, call->d_parameter[1], call->d_out,
                        (gsize)call->batch * pixels_of(node->shape, 0), (gsize)t.channels);
  if (!call->d_in[0])
    return;
  set_shape(&t, &node->conv, node->shape, node->in_shape[0], TRUE);
  pack_weights(&t, call->parameter[0], TRUE);
  t.in = call->d_out;
  t.out = call->d_in[0];
  t.beta = call->beta[0];
  correlate_all(call->pool, &t);
}

static const PctOperation depthwise_conv2d = { .name = "depthwise-conv2d", .forward = forward, .backward = backward,
                                               .keeps_input = TRUE, .scratch_size = scratch_size };

int
pct_graph_depthwise_conv2d(PctGraph *graph, int x, const char *name, PctConv2d options)
{
  PctShape in = pct_graph_get_shape(graph, x);
  int height = in.height + 2 * options.padding[0] - options.kernel[0] + 1;
  int width = in.width + 2 * options.padding[1] - options.kernel[1] + 1;
  g_return_val_if_fail(options.stride[0] == 1 && options.stride[1] == 1, -1);
  g_return_val_if_fail(options.channels == in.channels, -1);
  g_return_val_if_fail(options.padding[0] >= 0 && options.padding[0] < options.kernel[0], -1);
  g_return_val_if_fail(options.padding[1] >= 0 && options.padding[1] < options.kernel[1], -1);
  g_return_val_if_fail(height > 0 && width > 0, -1);
  gsize shape[] = { (gsize)in.channels, 1, (gsize)options.kernel[0], (gsize)options.kernel[1] };
  PctNode node = { .operation = &depthwise_conv2d, .inputs = { x }, .n_inputs = 1, .conv = options,
                   .shape = { height, width, in.channels } };
  // With one channel in, a convolution's order in memory, (tap, in, out), is (tap, channel).
  node.parameters[node.n_parameters++] =
      pct_graph_add_parameter(graph, name, "weight", 4, shape, PCT_LAYOUT_CONV2D, options.stride, TRUE,
                              pct_graph_get_weight_initial(graph, shape[2] * shape[3]));
  if (options.bias)
    node.parameters[node.n_parameters++] =
        pct_graph_add_parameter(graph, name, "bias", 1, shape, PCT_LAYOUT_PLAIN, NULL, TRUE,
                                (PctInitial){ PCT_INITIAL_ZERO });
  return pct_graph_add_node(graph, &node);
}
