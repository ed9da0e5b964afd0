// SPDX-License-Identifier: GPL-3.0-or-later
// y = x + sigma N(0,1) in training, y = x otherwise. The gradient passes as it is.
#include <string.h>
#include "nn/add.h"
#include "nn/chance.h"

static void
work(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  float sigma = call->node->number[0];
  float *out = call->out + first;
  const float *in = call->in[0] + first;
  gsize n = end - first;
  if (!call->training || sigma == 0) {
    memcpy(out, in, n * sizeof(float));
    return;
  }
  pct_random_fill_normal(out, n, call->seed, pct_chance_stream(call, first));
  for (gsize i = 0; i < n; i++)
    out[i] = in[i] + sigma * out[i];
}

static void
forward(const PctCall *call)
{
  pct_parallel_for(call->pool, pct_shape_count(call->shape) * (gsize)call->batch, PCT_CHANCE_PIECE, work,
                   (gpointer)call);
}

static void
backward(const PctCall *call)
{
  if (call->d_in[0])
    pct_accumulate(call->pool, call->d_in[0], call->d_out, pct_shape_count(call->shape) * (gsize)call->batch,
                   call->beta[0]);
}

static const PctOperation noise = { .name = "noise", .forward = forward, .backward = backward };

int
pct_graph_noise(PctGraph *graph, int x, float sigma)
{
  g_return_val_if_fail(sigma >= 0, -1);
  return pct_graph_add_node(graph, &(PctNode){ .operation = &noise, .inputs = { x }, .n_inputs = 1,
                                               .shape = pct_graph_get_shape(graph, x), .number = { sigma } });
}
