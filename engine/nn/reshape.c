// SPDX-License-Identifier: GPL-3.0-or-later
// The same numbers under another shape, counted as PyTorch counts them: channels, height, width. In memory the channels
// come last, so that unless one of the two is a single row of numbers this is a permutation.
#include <string.h>
#include "nn/add.h"
#include "nn/operation.h"

// Memory order is PyTorch's order.
static inline gboolean
is_plain(PctShape shape)
{
  return shape.channels == 1 || (gsize)shape.height * shape.width == 1;
}

typedef struct {
  float *out;
  const float *in;
  PctShape out_shape, in_shape;
  gboolean add;
} Task;

static void
permute(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  gsize in_pixels = (gsize)task->in_shape.height * task->in_shape.width, in_channels = (gsize)task->in_shape.channels;
  gsize out_pixels = (gsize)task->out_shape.height * task->out_shape.width;
  gsize out_channels = (gsize)task->out_shape.channels;
  for (gsize b = first; b < end; b++) {
    const float *in = task->in + b * in_pixels * in_channels;
    float *out = task->out + b * in_pixels * in_channels;
    gsize pixel = 0, channel = 0;
    for (gsize c = 0; c < in_channels; c++)
      for (gsize p = 0; p < in_pixels; p++) {
        float *to = &out[pixel * out_channels + channel];
        float value = in[p * in_channels + c];
        *to = task->add ? *to + value : value;
        if (++pixel == out_pixels) {
          pixel = 0;
          channel++;
        }
      }
  }
}

static void
move(const PctCall *call, float *out, PctShape out_shape, const float *in, PctShape in_shape, float beta)
{
  if (is_plain(out_shape) && is_plain(in_shape)) {
    pct_accumulate(call->pool, out, in, pct_shape_count(in_shape) * (gsize)call->batch, beta);
    return;
  }
  Task task = { out, in, out_shape, in_shape, beta != 0 };
  pct_parallel_for(call->pool, (gsize)call->batch, 1, permute, &task);
}

static void
forward(const PctCall *call)
{
  move(call, call->out, call->shape, call->in[0], call->in_shape[0], 0);
}

static void
backward(const PctCall *call)
{
  if (call->d_in[0])
    move(call, call->d_in[0], call->in_shape[0], call->d_out, call->shape, call->beta[0]);
}

static const PctOperation reshape = { .name = "reshape", .forward = forward, .backward = backward };

int
pct_graph_reshape(PctGraph *graph, int x, PctShape shape)
{
  g_return_val_if_fail(pct_shape_count(pct_graph_get_shape(graph, x)) == pct_shape_count(shape), -1);
  return pct_graph_add_node(graph, &(PctNode){ .operation = &reshape, .inputs = { x }, .n_inputs = 1, .shape = shape });
}
