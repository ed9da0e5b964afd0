// SPDX-License-Identifier: GPL-3.0-or-later
// Two arrays side by side along channels: with channels last, every pixel's row of numbers is a's followed by b's.
#include <string.h>
#include "nn/operation.h"

static gsize
chunk_of(const PctCall *call)
{
  return MAX(16384 / (gsize)call->shape.channels, 1);
}

static void
join(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  gsize a = (gsize)call->in_shape[0].channels, b = (gsize)call->in_shape[1].channels;
  for (gsize row = first; row < end; row++) {
    float *out = call->out + row * (a + b);
    memcpy(out, call->in[0] + row * a, a * sizeof(float));
    memcpy(out + a, call->in[1] + row * b, b * sizeof(float));
  }
}

static void
split(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  gsize all = (gsize)call->shape.channels, from = 0;
  for (int i = 0; i < 2; from += (gsize)call->in_shape[i++].channels) {
    gsize n = (gsize)call->in_shape[i].channels;
    for (gsize row = first; row < end && call->d_in[i]; row++) {
      float *d_in = call->d_in[i] + row * n;
      const float *d_out = call->d_out + row * all + from;
      if (call->beta[i] == 0)
        memcpy(d_in, d_out, n * sizeof(float));
      else
        for (gsize c = 0; c < n; c++)
          d_in[c] += d_out[c];
    }
  }
}

static void
forward(const PctCall *call)
{
  pct_parallel_for(call->pool, (gsize)call->batch * call->shape.height * call->shape.width, chunk_of(call), join,
                   (gpointer)call);
}

static void
backward(const PctCall *call)
{
  pct_parallel_for(call->pool, (gsize)call->batch * call->shape.height * call->shape.width, chunk_of(call), split,
                   (gpointer)call);
}

static const PctOperation concat = { .name = "concat", .forward = forward, .backward = backward };

int
pct_graph_concat(PctGraph *graph, int a, int b)
{
  PctShape x = pct_graph_get_shape(graph, a), y = pct_graph_get_shape(graph, b);
  g_return_val_if_fail(x.height == y.height && x.width == y.width, -1);
  return pct_graph_add_node(graph, &(PctNode){ .operation = &concat, .inputs = { a, b }, .n_inputs = 2,
                                               .shape = { x.height, x.width, x.channels + y.channels } });
}
