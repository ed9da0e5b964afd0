// SPDX-License-Identifier: GPL-3.0-or-later
// A rectangle of every picture; its gradient is zero elsewhere.
#include <string.h>
#include "nn/operation.h"

typedef struct {
  const PctCall *call;
  int top, left;
} Crop;

static void
forward_images(gsize first, gsize end, guint thread, gpointer data)
{
  const Crop *crop = data;
  const PctCall *call = crop->call;
  PctShape in = call->in_shape[0], out = call->shape;
  gsize row = (gsize)out.width * out.channels;
  for (gsize b = first; b < end; b++)
    for (int y = 0; y < out.height; y++)
      memcpy(call->out + (b * out.height + (gsize)y) * row,
             call->in[0] + ((b * in.height + (gsize)(y + crop->top)) * in.width + (gsize)crop->left) * in.channels,
             row * sizeof(float));
}

static void
backward_images(gsize first, gsize end, guint thread, gpointer data)
{
  const Crop *crop = data;
  const PctCall *call = crop->call;
  PctShape in = call->in_shape[0], out = call->shape;
  gsize row = (gsize)out.width * out.channels;
  for (gsize b = first; b < end; b++) {
    float *image = call->d_in[0] + b * pct_shape_count(in);
    if (call->beta[0] == 0)
      memset(image, 0, pct_shape_count(in) * sizeof(float));
    for (int y = 0; y < out.height; y++) {
      float *to = image + ((gsize)(y + crop->top) * in.width + (gsize)crop->left) * in.channels;
      const float *from = call->d_out + (b * out.height + (gsize)y) * row;
      for (gsize i = 0; i < row; i++)
        to[i] += from[i];
    }
  }
}

static void
forward(const PctCall *call)
{
  Crop crop = { call, (int)call->node->number[0], (int)call->node->number[1] };
  pct_parallel_for(call->pool, (gsize)call->batch, 8, forward_images, &crop);
}

static void
backward(const PctCall *call)
{
  Crop crop = { call, (int)call->node->number[0], (int)call->node->number[1] };
  if (call->d_in[0])
    pct_parallel_for(call->pool, (gsize)call->batch, 8, backward_images, &crop);
}

static const PctOperation crop_operation = { .name = "crop", .forward = forward, .backward = backward };

int
pct_graph_crop(PctGraph *graph, int x, int top, int left, int height, int width)
{
  PctShape in = pct_graph_get_shape(graph, x);
  g_return_val_if_fail(top >= 0 && left >= 0 && top + height <= in.height && left + width <= in.width, -1);
  return pct_graph_add_node(graph, &(PctNode){ .operation = &crop_operation, .inputs = { x }, .n_inputs = 1,
                                               .shape = { height, width, in.channels },
                                               .number = { (float)top, (float)left } });
}
