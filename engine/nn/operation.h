// SPDX-License-Identifier: GPL-3.0-or-later
// For those who write an operation: one file gives its shape rule (in its pct_graph_* function), a forward and a
// backward. Operations cannot fail: shapes are checked when the graph is built. They allocate nothing: scratch and kept
// state are asked for here and planned by the workspace.
#pragma once
#include "base/parallel.h"
#include "nn/graph.h"
#include "nn/taps.h"

#define PCT_MAX_INPUTS 2
#define PCT_MAX_PARAMETERS 4

typedef struct _PctOperation PctOperation;
typedef struct _PctNode PctNode;

// One node at work in one pass. All arrays are 64-byte aligned, batch first, channels last.
typedef struct {
  const PctNode *node;
  int batch;
  gboolean training;        // batch statistics, dropout, noise
  guint64 seed;             // of this pass; an operation that draws uses (seed, node->id) as seed and stream
  PctPool *pool;            // may be NULL

  const float *in[PCT_MAX_INPUTS];
  PctShape in_shape[PCT_MAX_INPUTS];
  float *out;               // forward: to write. backward: as written (only if keeps_output)
  PctShape shape;           // of out

  // backward: d_in[i] = beta[i] * d_in[i] + contribution, beta being 0 (d_in is then not to be read) or 1;
  // NULL: not wanted. d_parameter[i] += contribution; NULL: frozen.
  const float *d_out;
  float *d_in[PCT_MAX_INPUTS];
  float beta[PCT_MAX_INPUTS];

  float *parameter[PCT_MAX_PARAMETERS];    // as in memory; only buffers may be written, only in training's forward
  float *d_parameter[PCT_MAX_PARAMETERS];

  float *state;             // kept from forward to backward, state_size floats
  float *scratch;           // for this call, scratch_size floats
} PctCall;

struct _PctOperation {
  const char *name;
  void (*forward)(const PctCall *call);
  void (*backward)(const PctCall *call);
  gboolean keeps_input;     // backward reads in
  gboolean keeps_output;    // backward reads out
  // Floats of state and scratch at this batch; NULL: none. n_threads for per-thread scratch.
  gsize (*state_size)(const PctNode *node, int batch);
  gsize (*scratch_size)(const PctNode *node, int batch, guint n_threads, gboolean training);
};

struct _PctNode {
  const PctOperation *operation;  // NULL: an input
  int id;
  int inputs[PCT_MAX_INPUTS], n_inputs;
  int parameters[PCT_MAX_PARAMETERS], n_parameters;  // indices into the graph's table
  PctShape in_shape[PCT_MAX_INPUTS], shape;
  float number[2];                // options of simple operations (slope, probability ...)
  PctConv2d conv;                 // of convolutions
  PctTaps *taps;                  // of convolutions; the graph owns it
};

// The template's operation, inputs, n_inputs, shape and options are given; ids and in_shape are filled in here.
int pct_graph_add_node(PctGraph *graph, const PctNode *node);
// A parameter of the node about to be added; returns its index for PctNode.parameters. name is "layer" + "." + "part".
int pct_graph_add_parameter(PctGraph *graph, const char *layer, const char *part, int rank, const gsize *shape,
                            PctLayout layout, const int *stride, gboolean trainable, PctInitial initial);
// What weights start as: the graph's choice, or uniform +-1/sqrt(fan_in).
PctInitial pct_graph_get_weight_initial(const PctGraph *graph, gsize fan_in);
PctInitial pct_graph_get_norm_initial(const PctGraph *graph);

int pct_graph_get_n_nodes(const PctGraph *graph);
const PctNode *pct_graph_get_node(const PctGraph *graph, int id);
gboolean pct_graph_is_output(const PctGraph *graph, int id);
