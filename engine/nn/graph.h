// SPDX-License-Identifier: GPL-3.0-or-later
// A model is a static graph of operations over named parameters, built once. A node is a number; its value is an array
// (batch, height, width, channels): channels last, a vector is 1 x 1 x C. The batch is a property of a pass, not of the
// graph. Building functions are declared here, one operation a file implements each. A finished graph is immutable and
// may be shared by threads; values live in a workspace (workspace.h).
#pragma once
#include "nn/parameters.h"

typedef struct {
  int height, width, channels;
} PctShape;

static inline gsize
pct_shape_count(PctShape shape)
{
  return (gsize)shape.height * shape.width * shape.channels;
}

typedef struct _PctGraph PctGraph;

PctGraph *pct_graph_new(void);
void pct_graph_free(PctGraph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctGraph, pct_graph_free)

PctShape pct_graph_get_shape(const PctGraph *graph, int node);
const PctParameterTable *pct_graph_get_parameters(const PctGraph *graph);

// A value that is handed in.
int pct_graph_input(PctGraph *graph, PctShape shape);
// Marks a node whose value will be read, and whose gradient may be given, after a pass.
void pct_graph_output(PctGraph *graph, int node);
// Later parameters start as initial says (weights; biases start at 0). Default: uniform +-1/sqrt(fan-in), as PyTorch's.
void pct_graph_set_weight_initial(PctGraph *graph, PctInitial initial);
void pct_graph_set_default_weight_initial(PctGraph *graph);
// Later batch norms' weights start as initial says. Default: at 1.
void pct_graph_set_norm_initial(PctGraph *graph, PctInitial initial);
// Later parameters learn and decay at these multiples of the optimiser's rates. Default 1, 1.
void pct_graph_set_rate(PctGraph *graph, float rate, float decay);

// y (1,1,n) = W x + b over the flattened (1,1,C) input. Parameters name.weight (n,C), name.bias (n,).
int pct_graph_linear(PctGraph *graph, int x, const char *name, int n, gboolean bias);

typedef struct {
  int channels;       // of the output
  int kernel[2];      // height, width
  int stride[2];
  int padding[2];     // zeros on each side; for the transposed one, rows and columns cut off each side
  gboolean bias;
} PctConv2d;

// As torch.nn.Conv2d / ConvTranspose2d (no dilation, no groups). Parameters name.weight, name.bias.
int pct_graph_conv2d(PctGraph *graph, int x, const char *name, PctConv2d options);
int pct_graph_conv_transpose2d(PctGraph *graph, int x, const char *name, PctConv2d options);
// As torch.nn.Conv2d with groups = channels, in and out: name.weight is (C,1,kh,kw). Stride 1, padding less than the
// kernel.
int pct_graph_depthwise_conv2d(PctGraph *graph, int x, const char *name, PctConv2d options);

// Per channel over batch and pixels. momentum as PyTorch's: running = (1 - momentum) old + momentum new. Parameters
// name.weight, name.bias, buffers name.running_mean, name.running_var.
int pct_graph_batch_norm(PctGraph *graph, int x, const char *name, float epsilon, float momentum);

int pct_graph_relu(PctGraph *graph, int x);
int pct_graph_leaky_relu(PctGraph *graph, int x, float slope);
int pct_graph_elu(PctGraph *graph, int x);
int pct_graph_sigmoid(PctGraph *graph, int x);
int pct_graph_tanh(PctGraph *graph, int x);
// In training only: zeroes with probability p and scales the rest by 1/(1-p) / adds N(0, sigma).
int pct_graph_dropout(PctGraph *graph, int x, float p);
int pct_graph_noise(PctGraph *graph, int x, float sigma);
// Along channels; heights and widths alike.
int pct_graph_concat(PctGraph *graph, int a, int b);
int pct_graph_add(PctGraph *graph, int a, int b);
// The same numbers in PyTorch's order (channels, height, width) under another shape.
int pct_graph_reshape(PctGraph *graph, int x, PctShape shape);
// (1,1,n): the channels of x at one point for every neuron, by bilinear interpolation, times its weights, plus its
// bias. positions (1,1,2n): (x, y) of each neuron, -1 .. 1 from the middle of the first pixel to the middle of the
// last; beyond the picture are zeros (torch's grid_sample with align_corners). Parameters name.features (n,C),
// name.bias (n,).
int pct_graph_point_readout(PctGraph *graph, int x, int positions, const char *name, int n);
// (1,1,2n): (x, y) of n neurons, -1 .. 1: mean + Sigma noise, cut to that range; noise (1,1,2n), zeros give the mean.
// Parameters name.sigma (n,2,2), initially even within +-sigma_range, and name.mu (n,2), even within +-mean_range; or,
// from_grid, the buffer name.source_grid (n,2) with name.mu_transform.0.weight (2,2) and .bias (2,): mean = weight grid + bias.
int pct_graph_gaussian_positions(PctGraph *graph, int noise, const char *name, gboolean from_grid, float mean_range,
                                 float sigma_range);
// (1,1,n): y_n = sum over channels of weight times the sum over pixels of mask times x, plus bias. Parameters name.mask
// (n,H,W), name.weight (n,C), name.bias (n,).
int pct_graph_mask_readout(PctGraph *graph, int x, const char *name, int n);
// Means over blocks of size x size; blocks cut by the edge are means of their parts.
int pct_graph_average_pool(PctGraph *graph, int x, int size);
// The largest of each block of size x size, by channel; blocks cut by the edge are left out.
int pct_graph_max_pool(PctGraph *graph, int x, int size);
// The height x width of x that starts at (top, left).
int pct_graph_crop(PctGraph *graph, int x, int top, int left, int height, int width);
