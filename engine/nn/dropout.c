// SPDX-License-Identifier: GPL-3.0-or-later
// Inverted dropout (Srivastava et al. 2014): in training a value is 0 with probability p and 1/(1-p) times itself
// otherwise. No mask is kept: the backward pass draws the forward's numbers again.
#include <string.h>
#include "nn/chance.h"

typedef struct {
  const PctCall *call;
  const float *in;
  float *out;
  gboolean add;
} Task;

static void
work(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  const PctCall *call = task->call;
  float p = call->node->number[0], scale = 1 / (1 - p), draws[PCT_CHANCE_PIECE];
  gsize n = end - first;
  const float *in = task->in + first;
  float *out = task->out + first;
  gboolean draw = call->training && p > 0;
  if (draw)
    pct_random_fill_uniform(draws, n, call->seed, pct_chance_stream(call, first));
  if (!draw && !task->add)
    memcpy(out, in, n * sizeof(float));
  else if (!draw)
    for (gsize i = 0; i < n; i++)
      out[i] += in[i];
  else if (!task->add)
    for (gsize i = 0; i < n; i++)
      out[i] = draws[i] < p ? 0 : in[i] * scale;
  else
    for (gsize i = 0; i < n; i++)
      out[i] += draws[i] < p ? 0 : in[i] * scale;
}

static void
forward(const PctCall *call)
{
  pct_parallel_for(call->pool, pct_shape_count(call->shape) * (gsize)call->batch, PCT_CHANCE_PIECE, work,
                   &(Task){ call, call->in[0], call->out, FALSE });
}

static void
backward(const PctCall *call)
{
  if (call->d_in[0])
    pct_parallel_for(call->pool, pct_shape_count(call->shape) * (gsize)call->batch, PCT_CHANCE_PIECE, work,
                     &(Task){ call, call->d_out, call->d_in[0], call->beta[0] != 0 });
}

static const PctOperation dropout = { .name = "dropout", .forward = forward, .backward = backward };

int
pct_graph_dropout(PctGraph *graph, int x, float p)
{
  g_return_val_if_fail(p >= 0 && p < 1, -1);
  return pct_graph_add_node(graph, &(PctNode){ .operation = &dropout, .inputs = { x }, .n_inputs = 1,
                                               .shape = pct_graph_get_shape(graph, x), .number = { p } });
}
