// SPDX-License-Identifier: GPL-3.0-or-later
// The mean over blocks of size x size pixels. As torch's avg_pool2d with ceil_mode and without counting what is not
// there: a block that the picture's edge cuts is the mean of its part.
#include <string.h>
#include "nn/operation.h"

static inline int
size_of(const PctNode *node)
{
  return (int)node->number[0];
}

static void
forward_items(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  PctShape in = call->in_shape[0], out = call->shape;
  int size = size_of(call->node);
  for (gsize b = first; b < end; b++) {
    const float *from = call->in[0] + b * pct_shape_count(in);
    float *to = call->out + b * pct_shape_count(out);
    for (int y = 0; y < out.height; y++)
      for (int x = 0; x < out.width; x++, to += out.channels) {
        int rows = MIN(size, in.height - y * size), columns = MIN(size, in.width - x * size);
        memset(to, 0, (gsize)out.channels * sizeof(float));
        for (int i = 0; i < rows; i++)
          for (int j = 0; j < columns; j++) {
            const float *pixel = from + ((gsize)(y * size + i) * (gsize)in.width + (gsize)(x * size + j)) * (gsize)in.channels;
            for (int c = 0; c < in.channels; c++)
              to[c] += pixel[c];
          }
        for (int c = 0; c < out.channels; c++)
          to[c] /= (float)(rows * columns);
      }
  }
}

static void
forward(const PctCall *call)
{
  pct_parallel_for(call->pool, (gsize)call->batch, 1, forward_items, (gpointer)call);
}

static void
backward_items(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  PctShape in = call->in_shape[0], out = call->shape;
  int size = size_of(call->node);
  for (gsize b = first; b < end; b++) {
    const float *d_out = call->d_out + b * pct_shape_count(out);
    float *to = call->d_in[0] + b * pct_shape_count(in);
    for (int y = 0; y < in.height; y++)
      for (int x = 0; x < in.width; x++, to += in.channels) {
        int rows = MIN(size, in.height - y / size * size), columns = MIN(size, in.width - x / size * size);
        const float *from = d_out + ((gsize)(y / size) * (gsize)out.width + (gsize)(x / size)) * (gsize)out.channels;
        float share = 1 / (float)(rows * columns);
        for (int c = 0; c < in.channels; c++)
          to[c] = call->beta[0] != 0 ? to[c] + share * from[c] : share * from[c];
      }
  }
}

static void
backward(const PctCall *call)
{
  if (call->d_in[0])
    pct_parallel_for(call->pool, (gsize)call->batch, 1, backward_items, (gpointer)call);
}

static const PctOperation average_pool = { .name = "average-pool", .forward = forward, .backward = backward };

int
pct_graph_average_pool(PctGraph *graph, int x, int size)
{
  PctShape in = pct_graph_get_shape(graph, x);
  g_return_val_if_fail(size > 0, -1);
  return pct_graph_add_node(graph, &(PctNode){ .operation = &average_pool, .inputs = { x }, .n_inputs = 1,
                                               .shape = { (in.height + size - 1) / size, (in.width + size - 1) / size,
                                                          in.channels }, .number = { (float)size } });
}
