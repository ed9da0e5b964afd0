// SPDX-License-Identifier: GPL-3.0-or-later
// Where a graph's values live: memory for one pass at a time at up to a given batch, planned once; passes allocate
// nothing. Several workspaces may run one set of parameters at once, each in its own thread, as long as nobody trains.
#pragma once
#include "nn/graph.h"

typedef struct _PctWorkspace PctWorkspace;

typedef enum {
  PCT_WORKSPACE_FORWARD,   // values are dropped as soon as nobody needs them
  PCT_WORKSPACE_BACKWARD,  // a backward pass may follow a forward one
} PctWorkspaceKind;

// pool may be NULL and is borrowed. NULL with PCT_ERROR_MEMORY.
PctWorkspace *pct_workspace_new(const PctGraph *graph, PctWorkspaceKind kind, int max_batch, PctPool *pool,
                                GError **error);
void pct_workspace_free(PctWorkspace *workspace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctWorkspace, pct_workspace_free)

int pct_workspace_get_max_batch(const PctWorkspace *workspace);
// (batch, H, W, C). An input's, to write before a forward pass (it stays until written again);
float *pct_workspace_get_input(PctWorkspace *workspace, int node);
// an output's value, valid from a forward pass to the next pass;
const float *pct_workspace_get_output(const PctWorkspace *workspace, int node);
// an output's gradient, to write before a backward pass; an input's, to read after one.
float *pct_workspace_get_gradient(PctWorkspace *workspace, int node);

// training: batch statistics (and their running averages in parameters updated), dropout and noise drawn from seed.
void pct_workspace_forward(PctWorkspace *workspace, PctParameters *parameters, int batch, gboolean training,
                           guint64 seed);
// From the gradients of all outputs. gradients (n_values,) laid out as the parameters; added to; NULL: parameters are
// frozen. input_gradients FALSE: those of the inputs are not computed. After the forward pass with the same batch;
// may be called more than once.
void pct_workspace_backward(PctWorkspace *workspace, PctParameters *parameters, float *gradients,
                            gboolean input_gradients);
