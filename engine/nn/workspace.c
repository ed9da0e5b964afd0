// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/workspace.h"
#include <string.h>
#include "base/blas.h"
#include "nn/memory-plan.h"
#include "nn/operation.h"

// What a node has in the block; NULL where it has none.
typedef struct {
  float *value, *gradient, *state;
  gboolean needs_gradient;        // there is a trainable parameter at or above it
  gboolean gradient_written;      // during a backward pass
} Slot;

struct _PctWorkspace {
  const PctGraph *graph;
  PctWorkspaceKind kind;
  int max_batch, batch;
  gboolean training;
  guint64 seed;
  PctPool *pool;
  Slot *slots;
  float *block, *scratch;
};

// Moments: node i runs forward at i and backward at 2 n - 1 - i; 2 n is after everything. Whatever a backward pass reads
// is kept to the end, so that there may be several of them.
static void
plan_node(const PctWorkspace *workspace, int id, PctBuffer *value, PctBuffer *gradient, PctBuffer *state)
{
  const PctGraph *graph = workspace->graph;
  const PctNode *node = pct_graph_get_node(graph, id);
  int n = pct_graph_get_n_nodes(graph), end = 2 * n;
  gboolean backward = workspace->kind == PCT_WORKSPACE_BACKWARD, is_input = !node->operation;
  gboolean lasts = is_input || pct_graph_is_output(graph, id) || (backward && node->operation->keeps_output);
  gsize size = pct_shape_count(node->shape) * workspace->max_batch;
  int last_use = id, last_consumer = id;
  for (int j = id + 1; j < n; j++) {
    const PctNode *consumer = pct_graph_get_node(graph, j);
    for (int k = 0; k < consumer->n_inputs; k++)
      if (consumer->inputs[k] == id) {
        last_use = last_consumer = j;
        lasts |= backward && consumer->operation->keeps_input;
      }
  }
  *value = (PctBuffer){ size, is_input ? 0 : id, lasts ? end : last_use, 0 };
  *gradient = (PctBuffer){ 0 };
  *state = (PctBuffer){ 0 };
  if (node->operation && node->operation->state_size)
    *state = (PctBuffer){ node->operation->state_size(node, workspace->max_batch), id, backward ? end : id, 0 };
  if (backward)
    *gradient = (PctBuffer){ size, pct_graph_is_output(graph, id) ? n - 1 : 2 * n - 1 - last_consumer,
                             is_input ? end : 2 * n - 1 - id, 0 };
}

PctWorkspace *
pct_workspace_new(const PctGraph *graph, PctWorkspaceKind kind, int max_batch, PctPool *pool, GError **error)
{
  g_return_val_if_fail(graph && max_batch > 0, NULL);
  int n = pct_graph_get_n_nodes(graph);
  g_autoptr(PctWorkspace) workspace = g_new0(PctWorkspace, 1);
  *workspace = (PctWorkspace){ .graph = graph, .kind = kind, .max_batch = max_batch, .pool = pool };
  workspace->slots = g_new0(Slot, n);
  g_autofree PctBuffer *buffers = g_new0(PctBuffer, 3 * n);
  gsize scratch = 0;
  for (int i = 0; i < n; i++) {
    const PctNode *node = pct_graph_get_node(graph, i);
    plan_node(workspace, i, &buffers[3 * i], &buffers[3 * i + 1], &buffers[3 * i + 2]);
    if (node->operation && node->operation->scratch_size)
      scratch = MAX(scratch, node->operation->scratch_size(node, max_batch, pct_pool_get_n_threads(pool),
                                                           kind == PCT_WORKSPACE_BACKWARD));
    workspace->slots[i].needs_gradient = FALSE;
    for (int j = 0; j < node->n_parameters; j++)
      workspace->slots[i].needs_gradient |= pct_graph_get_parameters(graph)->items[node->parameters[j]].trainable;
    for (int j = 0; j < node->n_inputs; j++)
      workspace->slots[i].needs_gradient |= workspace->slots[node->inputs[j]].needs_gradient;
  }
  gsize total = pct_memory_plan(buffers, 3 * (guint)n);
  workspace->block = pct_aligned_new(total, error);
  workspace->scratch = workspace->block ? pct_aligned_new(scratch, error) : NULL;
  if (!workspace->scratch)
    return NULL;
  for (int i = 0; i < n; i++) {
    Slot *slot = &workspace->slots[i];
    slot->value = workspace->block + buffers[3 * i].offset;
    slot->gradient = buffers[3 * i + 1].size ? workspace->block + buffers[3 * i + 1].offset : NULL;
    slot->state = buffers[3 * i + 2].size ? workspace->block + buffers[3 * i + 2].offset : NULL;
  }
  return g_steal_pointer(&workspace);
}

void
pct_workspace_free(PctWorkspace *workspace)
{
  if (!workspace)
    return;
  pct_aligned_free(workspace->block);
  pct_aligned_free(workspace->scratch);
  g_free(workspace->slots);
  g_free(workspace);
}

int
pct_workspace_get_max_batch(const PctWorkspace *workspace)
{
  return workspace->max_batch;
}

float *
pct_workspace_get_input(PctWorkspace *workspace, int node)
{
  g_return_val_if_fail(!pct_graph_get_node(workspace->graph, node)->operation, NULL);
  return workspace->slots[node].value;
}

const float *
pct_workspace_get_output(const PctWorkspace *workspace, int node)
{
  g_return_val_if_fail(pct_graph_is_output(workspace->graph, node), NULL);
  return workspace->slots[node].value;
}

float *
pct_workspace_get_gradient(PctWorkspace *workspace, int node)
{
  g_return_val_if_fail(workspace->kind == PCT_WORKSPACE_BACKWARD, NULL);
  g_return_val_if_fail(pct_graph_is_output(workspace->graph, node) ||
                       !pct_graph_get_node(workspace->graph, node)->operation, NULL);
  return workspace->slots[node].gradient;
}

static PctCall
call_of(PctWorkspace *workspace, PctParameters *parameters, const PctNode *node)
{
  PctCall call = { .node = node, .batch = workspace->batch, .training = workspace->training, .seed = workspace->seed,
                   .pool = workspace->pool, .out = workspace->slots[node->id].value, .shape = node->shape,
                   .state = workspace->slots[node->id].state, .scratch = workspace->scratch };
  for (int i = 0; i < node->n_inputs; i++) {
    call.in[i] = workspace->slots[node->inputs[i]].value;
    call.in_shape[i] = node->in_shape[i];
  }
  for (int i = 0; i < node->n_parameters; i++)
    call.parameter[i] = parameters->values + parameters->table->items[node->parameters[i]].offset;
  return call;
}

void
pct_workspace_forward(PctWorkspace *workspace, PctParameters *parameters, int batch, gboolean training, guint64 seed)
{
  g_return_if_fail(batch > 0 && batch <= workspace->max_batch);
  g_return_if_fail(parameters->table == pct_graph_get_parameters(workspace->graph));
  workspace->batch = batch;
  workspace->training = training;
  workspace->seed = seed;
  for (int i = 0; i < pct_graph_get_n_nodes(workspace->graph); i++) {
    const PctNode *node = pct_graph_get_node(workspace->graph, i);
    if (!node->operation)
      continue;
    PctCall call = call_of(workspace, parameters, node);
    node->operation->forward(&call);
  }
}

void
pct_workspace_backward(PctWorkspace *workspace, PctParameters *parameters, float *gradients, gboolean input_gradients)
{
  g_return_if_fail(workspace->kind == PCT_WORKSPACE_BACKWARD && workspace->batch > 0);
  const PctGraph *graph = workspace->graph;
  int n = pct_graph_get_n_nodes(graph);
  for (int i = 0; i < n; i++)
    workspace->slots[i].gradient_written = pct_graph_is_output(graph, i);
  for (int i = n - 1; i >= 0; i--) {
    const PctNode *node = pct_graph_get_node(graph, i);
    Slot *slot = &workspace->slots[i];
    if (!node->operation) {
      // An input that nothing used.
      if (input_gradients && !slot->gradient_written)
        memset(slot->gradient, 0, pct_shape_count(node->shape) * (gsize)workspace->batch * sizeof(float));
      continue;
    }
    if (!slot->gradient_written || (!input_gradients && !(gradients && slot->needs_gradient)))
      continue;
    PctCall call = call_of(workspace, parameters, node);
    call.d_out = slot->gradient;
    for (int j = 0; j < node->n_inputs; j++) {
      Slot *input = &workspace->slots[node->inputs[j]];
      if (!input_gradients && !input->needs_gradient)
        continue;
      call.d_in[j] = input->gradient;
      call.beta[j] = input->gradient_written ? 1 : 0;
      input->gradient_written = TRUE;
    }
    for (int j = 0; j < node->n_parameters && gradients; j++)
      if (parameters->table->items[node->parameters[j]].trainable)
        call.d_parameter[j] = gradients + parameters->table->items[node->parameters[j]].offset;
    node->operation->backward(&call);
  }
}
