// SPDX-License-Identifier: GPL-3.0-or-later
// The largest of each block of size x size pixels, a channel at a time, as torch's max_pool2d: blocks that the picture's
// edge cuts are left out. The gradient goes to the first of the largest.
#include <math.h>
#include <string.h>
#include "nn/operation.h"

// Where in a block (top left pixel given, rows of `row` floats, `channels` apart) the largest is, as an offset. A NaN is
// larger than all, so that a diverged training is seen.
static inline gsize
largest(const float *block, int size, gsize row, gsize channels)
{
  gsize best = 0;
  for (int i = 0; i < size; i++)
    for (int j = 0; j < size; j++) {
      gsize at = (gsize)i * row + (gsize)j * channels;
      if (block[at] > block[best] || isnan(block[at]))
        best = at;
    }
  return best;
}

static void
forward_items(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  PctShape in = call->in_shape[0], out = call->shape;
  int size = (int)call->node->number[0];
  gsize channels = (gsize)in.channels, row = (gsize)in.width * channels;
  for (gsize b = first; b < end; b++) {
    const float *from = call->in[0] + b * pct_shape_count(in);
    float *to = call->out + b * pct_shape_count(out);
    for (gsize y = 0; y < (gsize)out.height; y++)
      for (gsize x = 0; x < (gsize)out.width; x++)
        for (gsize c = 0; c < channels; c++) {
          const float *block = from + y * (gsize)size * row + x * (gsize)size * channels + c;
          *to++ = block[largest(block, size, row, channels)];
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
  int size = (int)call->node->number[0];
  gsize channels = (gsize)in.channels, row = (gsize)in.width * channels;
  for (gsize b = first; b < end; b++) {
    const float *from = call->in[0] + b * pct_shape_count(in), *d_out = call->d_out + b * pct_shape_count(out);
    float *to = call->d_in[0] + b * pct_shape_count(in);
    if (call->beta[0] == 0)
      memset(to, 0, pct_shape_count(in) * sizeof(float));
    for (gsize y = 0; y < (gsize)out.height; y++)
      for (gsize x = 0; x < (gsize)out.width; x++)
        for (gsize c = 0; c < channels; c++) {
          gsize at = y * (gsize)size * row + x * (gsize)size * channels + c;
          to[at + largest(from + at, size, row, channels)] += *d_out++;
        }
  }
}

static void
backward(const PctCall *call)
{
  if (call->d_in[0])
    pct_parallel_for(call->pool, (gsize)call->batch, 1, backward_items, (gpointer)call);
}

static const PctOperation max_pool = { .name = "max-pool", .forward = forward, .backward = backward,
                                       .keeps_input = TRUE };

int
pct_graph_max_pool(PctGraph *graph, int x, int size)
{
  PctShape in = pct_graph_get_shape(graph, x);
  g_return_val_if_fail(size > 0 && in.height >= size && in.width >= size, -1);
  return pct_graph_add_node(graph, &(PctNode){ .operation = &max_pool, .inputs = { x }, .n_inputs = 1,
                                               .shape = { in.height / size, in.width / size, in.channels },
                                               .number = { (float)size } });
}
