// SPDX-License-Identifier: GPL-3.0-or-later
// Inverted dropout (Srivastava et al. 2014): in training a value is 0 with probability p and 1/(1-p) times itself
// otherwise. No mask is kept: the backward pass draws the forward's numbers again.
#include "nn/add.h"
#include "nn/chance.h"
#include "nn/simd.h"

typedef struct {
  const PctCall *call;
  const float *in;
  float *out;
  gboolean add;
} Task;

PCT_SIMD static void
drop(float *restrict out, const float *restrict in, const float *restrict draws, gsize n, float p, float scale,
     gboolean add)
{
  if (add)
    for (gsize i = 0; i < n; i++)
      out[i] += draws[i] < p ? 0 : in[i] * scale;
  else
    for (gsize i = 0; i < n; i++)
      out[i] = draws[i] < p ? 0 : in[i] * scale;
}

static void
work(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  const PctCall *call = task->call;
  float p = call->node->number[0], draws[PCT_CHANCE_PIECE];
  gsize n = end - first;
  pct_random_fill_uniform(draws, n, call->seed, pct_chance_stream(call, first));
  drop(task->out + first, task->in + first, draws, n, p, 1 / (1 - p), task->add);
}

// The same linear map takes values forward and gradients back.
static void
apply(const PctCall *call, float *out, const float *in, float beta)
{
  gsize n = pct_shape_count(call->shape) * (gsize)call->batch;
  if (call->training && call->node->number[0] > 0)
    pct_parallel_for(call->pool, n, PCT_CHANCE_PIECE, work, &(Task){ call, in, out, beta != 0 });
  else
    pct_accumulate(call->pool, out, in, n, beta);
}

static void
forward(const PctCall *call)
{
  apply(call, call->out, call->in[0], 0);
}

static void
backward(const PctCall *call)
{
  if (call->d_in[0])
    apply(call, call->d_in[0], call->d_out, call->beta[0]);
}

static const PctOperation dropout = { .name = "dropout", .forward = forward, .backward = backward };

int
pct_graph_dropout(PctGraph *graph, int x, float p)
{
  g_return_val_if_fail(p >= 0 && p < 1, -1);
  return pct_graph_add_node(graph, &(PctNode){ .operation = &dropout, .inputs = { x }, .n_inputs = 1,
                                               .shape = pct_graph_get_shape(graph, x), .number = { p } });
}
