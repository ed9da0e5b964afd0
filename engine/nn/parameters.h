// SPDX-License-Identifier: GPL-3.0-or-later
// A network's named parameters in one block of floats, so that an optimiser, a copy or an average is one loop.
// Names and, on disk, shapes are PyTorch's. In memory a convolution's weights have another order (taps first, channels
// last), which is this file's secret and the kernels'. Buffers (a batch norm's running statistics) live in the same
// block, marked not trainable.
#pragma once
#include "base/run.h"
#include "nn/safetensors.h"

typedef enum {
  PCT_LAYOUT_PLAIN,             // in memory as on disk
  PCT_LAYOUT_CONV2D,            // disk (Co,Ci,kh,kw), memory (tap,Ci,Co)
  PCT_LAYOUT_CONV_TRANSPOSE2D,  // disk (Ci,Co,kh,kw), memory (tap,Ci,Co)
} PctLayout;

typedef enum {
  PCT_INITIAL_ZERO,
  PCT_INITIAL_ONE,
  PCT_INITIAL_NORMAL,   // N(mean, scale)
  PCT_INITIAL_UNIFORM,  // U(-scale, scale)
  PCT_INITIAL_INTERPOLATING,  // of a transposed convolution: N(mean, scale) a pair of channels, times bilinear interpolation
} PctInitialKind;

typedef struct {
  PctInitialKind kind;
  float mean, scale;
} PctInitial;

typedef struct {
  char *name;      // "mlp.0.weight"
  int rank;
  gsize shape[4];  // on disk
  PctLayout layout;
  int stride[2];   // for the order of taps
  gboolean trainable;
  float rate, decay;  // what an optimiser's learning rate and weight decay are multiplied by; 1: as they are
  PctInitial initial;
  gsize offset, count;  // in the block; offsets are multiples of 16 floats
} PctParameter;

typedef struct {
  PctParameter *items;
  guint n_items;
  gsize n_values;  // length of the block, padding included (padding is 0)
} PctParameterTable;

typedef struct {
  const PctParameterTable *table;  // borrowed from the graph, which outlives this
  float *values;                   // (n_values,), 64-byte aligned
} PctParameters;

// Zeroed. NULL with PCT_ERROR_MEMORY.
PctParameters *pct_parameters_new(const PctParameterTable *table, GError **error);
PctParameters *pct_parameters_copy(const PctParameters *parameters, GError **error);
void pct_parameters_free(PctParameters *parameters);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctParameters, pct_parameters_free)

// Draws the initial values; each parameter from a stream of its own, so adding one changes no other.
void pct_parameters_initialise(PctParameters *parameters, guint64 seed);

// NULL if there is none. In memory order.
float *pct_parameters_find(const PctParameters *parameters, const char *name);

// To and from disk order, names prefixed ("generator."). Loading checks every name and shape: PCT_ERROR_FORMAT, _SHAPE.
void pct_parameters_save(const PctParameters *parameters, const char *prefix, PctTensors *tensors);
// The same without copies of what lies on disk as in memory: the parameters must stay as they are until tensors are freed.
void pct_parameters_lend(const PctParameters *parameters, const char *prefix, PctTensors *tensors);
gboolean pct_parameters_load(PctParameters *parameters, const char *prefix, const PctTensors *tensors, GError **error);
