// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of the cropped encoder share: its weights in the kernels' order, and a thread's pictures.
#pragma once
#include "base/blas.h"
#include "encode/cropped-encoder.h"

// Of a map (or, for the image, of the frame): rows y .. y + height - 1, columns x .. x + width - 1.
typedef struct {
  int y, x, height, width;
} PctCroppedRect;

// Row products of the input layer's shortcut (cropped-input.c).
#define PCT_CROPPED_PRODUCTS 4

// A layer after the first. There: in, spatial, out of a depth-separable one, or spatial alone of a full one; back: the
// same for the gradient, with channels exchanged and kernels flipped. Panels (panel, tap, channel, 2 lanes) but for a
// depthwise kernel's blocks (block, tap, lane).
typedef struct {
  float *in, *spatial, *out, *bias;
  float *in_back, *spatial_back, *out_back;
} PctCroppedLayer;

struct _PctCroppedEncoder {
  const PctCroppedKernels *kernels;
  PctEncoderDesign design;
  int map_height, map_width;
  int n_panels, n_blocks, channels;  // channels padded to whole panels
  int n_taps[2];                     // of the input layer's shortcut: rows a product, columns
  float *input, *input_back;         // (panel, product, tap, 2 lanes); (product, pairs of vectors, channel, 2 lanes)
  gsize input_size, input_back_size; // floats of one panel's product; of one product
  float *input_sums, *input_bias;    // (channels,): what a constant image of 1 adds to every pixel, and the bias
  PctCroppedLayer *layers;           // (n_layers,), the first unused
  float *features, *bias, *points;   // (M, channels), (M,), (M,2)
  float mean;                        // of the image that the network sees
  GPtrArray *memory;                 // what all of the above points into
};

struct _PctCroppedScratch {
  int neuron;              // whose rectangles these are; -1: nobody's
  PctCroppedRect image, *rects;  // (n_layers,)
  float corner[4];         // weights of the last map's pixels, row by row
  float **maps;            // (n_layers,) values after each layer's ELU, in blocks
  float *gradient, *wide, *narrow;  // by a map, in blocks; a picture with margins; a picture without
  float *rows, *products;  // (product, row, column) of the image; (product, 2 blocks, width, lane)
  float *centred;
  int rows_stride;
  gsize rows_size;         // floats of one product's image
  GPtrArray *memory;
};

// The first layer (cropped-input.c): maps[0] from image; and gradient, by maps[0] before its ELU, to the image.
void pct_cropped_input_forward(const PctCroppedEncoder *e, PctCroppedScratch *s, const float *image);
void pct_cropped_input_backward(const PctCroppedEncoder *e, PctCroppedScratch *s, float *gradient);
// Packs weights (channel, k, k), already folded. FALSE with PCT_ERROR_MEMORY.
gboolean pct_cropped_input_pack(PctCroppedEncoder *e, const float *weights, GError **error);
gboolean pct_cropped_input_reserve(const PctCroppedEncoder *e, PctCroppedScratch *s, GError **error);

// Zeroed memory that lives as long as owner.
float *pct_cropped_new(GPtrArray *owner, gsize n_floats, GError **error);
// The weights (cropped-weights.c).
gboolean pct_cropped_weights_fill(PctCroppedEncoder *e, const PctEncoder *encoder, GError **error);
