// SPDX-License-Identifier: GPL-3.0-or-later
// y = a + b, value by value.
#include "nn/add.h"
#include <string.h>
#include "nn/operation.h"
#include "nn/simd.h"

#define CHUNK 16384

typedef struct {
  float *out;
  const float *a, *b;  // b NULL: a alone
} Task;

PCT_SIMD static void
add_arrays(float *restrict out, const float *a, const float *b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    out[i] = a[i] + b[i];
}

PCT_SIMD static void
add_to(float *restrict out, const float *restrict a, gsize n)
{
  for (gsize i = 0; i < n; i++)
    out[i] += a[i];
}

static void
work(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  if (task->b)
    add_arrays(task->out + first, task->a + first, task->b + first, end - first);
  else
    add_to(task->out + first, task->a + first, end - first);
}

static void
copy(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  memcpy(task->out + first, task->a + first, (end - first) * sizeof(float));
}

void
pct_accumulate(PctPool *pool, float *out, const float *in, gsize n, float beta)
{
  pct_parallel_for(pool, n, CHUNK, beta != 0 ? work : copy, &(Task){ out, in, NULL });
}

static void
forward(const PctCall *call)
{
  pct_parallel_for(call->pool, pct_shape_count(call->shape) * (gsize)call->batch, CHUNK, work,
                   &(Task){ call->out, call->in[0], call->in[1] });
}

static void
backward(const PctCall *call)
{
  for (int i = 0; i < 2; i++)
    if (call->d_in[i])
      pct_accumulate(call->pool, call->d_in[i], call->d_out, pct_shape_count(call->shape) * (gsize)call->batch,
                     call->beta[i]);
}

static const PctOperation add = { .name = "add", .forward = forward, .backward = backward };

int
pct_graph_add(PctGraph *graph, int a, int b)
{
  PctShape x = pct_graph_get_shape(graph, a), y = pct_graph_get_shape(graph, b);
  g_return_val_if_fail(x.height == y.height && x.width == y.width && x.channels == y.channels, -1);
  return pct_graph_add_node(graph, &(PctNode){ .operation = &add, .inputs = { a, b }, .n_inputs = 2, .shape = x });
}
