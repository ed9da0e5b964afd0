// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/graph.h"
#include <math.h>
#include "nn/operation.h"

struct _PctGraph {
  GArray *nodes;       // PctNode
  GArray *outputs;     // gboolean a node
  GArray *items;       // PctParameter
  PctParameterTable table;
  gboolean has_weight_initial;
  PctInitial weight_initial, norm_initial;
  float rate, decay;
};

static void
clear_parameter(gpointer item)
{
  g_free(((PctParameter *)item)->name);
}

static void
clear_node(gpointer node)
{
  pct_taps_free(((PctNode *)node)->taps);
}

PctGraph *
pct_graph_new(void)
{
  PctGraph *graph = g_new0(PctGraph, 1);
  graph->rate = graph->decay = 1;
  graph->norm_initial = (PctInitial){ PCT_INITIAL_ONE };
  graph->nodes = g_array_new(FALSE, TRUE, sizeof(PctNode));
  g_array_set_clear_func(graph->nodes, clear_node);
  graph->outputs = g_array_new(FALSE, TRUE, sizeof(gboolean));
  graph->items = g_array_new(FALSE, TRUE, sizeof(PctParameter));
  g_array_set_clear_func(graph->items, clear_parameter);
  return graph;
}

void
pct_graph_free(PctGraph *graph)
{
  if (!graph)
    return;
  g_array_unref(graph->nodes);
  g_array_unref(graph->outputs);
  g_array_unref(graph->items);
  g_free(graph);
}

int
pct_graph_get_n_nodes(const PctGraph *graph)
{
  return (int)graph->nodes->len;
}

const PctNode *
pct_graph_get_node(const PctGraph *graph, int id)
{
  g_return_val_if_fail(id >= 0 && id < pct_graph_get_n_nodes(graph), NULL);
  return &g_array_index(graph->nodes, PctNode, id);
}

PctShape
pct_graph_get_shape(const PctGraph *graph, int node)
{
  return pct_graph_get_node(graph, node)->shape;
}

const PctParameterTable *
pct_graph_get_parameters(const PctGraph *graph)
{
  return &graph->table;
}

gboolean
pct_graph_is_output(const PctGraph *graph, int id)
{
  return g_array_index(graph->outputs, gboolean, id);
}

void
pct_graph_output(PctGraph *graph, int node)
{
  g_return_if_fail(node >= 0 && node < pct_graph_get_n_nodes(graph));
  g_array_index(graph->outputs, gboolean, node) = TRUE;
}

void
pct_graph_set_weight_initial(PctGraph *graph, PctInitial initial)
{
  graph->has_weight_initial = TRUE;
  graph->weight_initial = initial;
}

void
pct_graph_set_default_weight_initial(PctGraph *graph)
{
  graph->has_weight_initial = FALSE;
}

void
pct_graph_set_norm_initial(PctGraph *graph, PctInitial initial)
{
  graph->norm_initial = initial;
}

void
pct_graph_set_rate(PctGraph *graph, float rate, float decay)
{
  graph->rate = rate;
  graph->decay = decay;
}

PctInitial
pct_graph_get_weight_initial(const PctGraph *graph, gsize fan_in)
{
  if (graph->has_weight_initial)
    return graph->weight_initial;
  return (PctInitial){ PCT_INITIAL_UNIFORM, 0, 1 / sqrtf((float)MAX(fan_in, 1)) };
}

PctInitial
pct_graph_get_norm_initial(const PctGraph *graph)
{
  return graph->norm_initial;
}

int
pct_graph_add_node(PctGraph *graph, const PctNode *template)
{
  PctNode node = *template;
  node.id = pct_graph_get_n_nodes(graph);
  for (int i = 0; i < node.n_inputs; i++)
    node.in_shape[i] = pct_graph_get_shape(graph, node.inputs[i]);
  gboolean no = FALSE;
  g_array_append_val(graph->nodes, node);
  g_array_append_val(graph->outputs, no);
  return node.id;
}

int
pct_graph_add_parameter(PctGraph *graph, const char *layer, const char *part, int rank, const gsize *shape,
                        PctLayout layout, const int *stride, gboolean trainable, PctInitial initial)
{
  PctParameter item = { .name = g_strconcat(layer, ".", part, NULL), .rank = rank, .layout = layout,
                        .stride = { stride ? stride[0] : 1, stride ? stride[1] : 1 }, .trainable = trainable,
                        .rate = graph->rate, .decay = graph->decay,
                        .initial = initial, .offset = graph->table.n_values, .count = 1 };
  for (int i = 0; i < rank; i++) {
    item.shape[i] = shape[i];
    item.count *= shape[i];
  }
  g_array_append_val(graph->items, item);
  graph->table.items = (PctParameter *)(gpointer)graph->items->data;
  graph->table.n_items = graph->items->len;
  graph->table.n_values += (item.count + 15) / 16 * 16;
  return (int)graph->items->len - 1;
}

int
pct_graph_input(PctGraph *graph, PctShape shape)
{
  return pct_graph_add_node(graph, &(PctNode){ .shape = shape });
}
