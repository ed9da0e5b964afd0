// SPDX-License-Identifier: GPL-3.0-or-later
// The gaussian encoder once more, as its formulae read: double precision, plain loops, PyTorch's layouts, and not one
// function of the engine's. What the engine's training step and predictions are measured against; its own gradients are
// checked by central differences (test-encoder-step.c).
#pragma once
#include <glib.h>

typedef struct {
  int height, width, n_neurons, n_layers, channels, input_kernel, hidden_kernel;
  gboolean depth_separable, linear, from_grid;
  double smooth_input, sparse_features;  // what the regularisers are multiplied by
} ReferenceDesign;

// A parameter or buffer under its PyTorch name, laid out as PyTorch's.
typedef struct {
  char *name;
  gsize n;
  double *values, *gradients;  // (n,)
  gboolean trainable;
} ReferenceArray;

typedef struct _ReferenceStage ReferenceStage;

typedef struct {
  ReferenceDesign design;
  ReferenceArray *arrays;
  guint n_arrays;
  ReferenceStage *stages;  // of the core, in order
  guint n_stages;
  int map_height, map_width;
} ReferenceEncoder;

// All values 0.
ReferenceEncoder *reference_encoder_new(const ReferenceDesign *design);
void reference_encoder_free(ReferenceEncoder *encoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReferenceEncoder, reference_encoder_free)

// It must be there.
ReferenceArray *reference_encoder_find(const ReferenceEncoder *encoder, const char *name);

// weight times the Poisson loss, plus the regularisers. images (batch,H,W), noise (batch,M,2), targets (batch,M). Batch
// statistics; gradients are overwritten, and the running statistics updated as torch.nn.BatchNorm2d does, momentum 0.9.
double reference_encoder_step(ReferenceEncoder *encoder, const double *images, const double *noise,
                              const double *targets, int batch, double weight);
// The loss alone: nothing of the encoder changes.
double reference_encoder_loss(ReferenceEncoder *encoder, const double *images, const double *noise,
                              const double *targets, int batch, double weight);
// rates (M,) of one image (H,W) by running statistics, and mean positions.
void reference_encoder_rates(ReferenceEncoder *encoder, const double *image, double *rates);
// The derivative of one neuron's rate by the image: gradient (H,W).
void reference_encoder_image_gradient(ReferenceEncoder *encoder, const double *image, int neuron, double *gradient);
// (M,2): where each neuron looks with this noise (M,2), or NULL, before anything is cut off.
void reference_encoder_points(const ReferenceEncoder *encoder, const double *noise, double *points);
