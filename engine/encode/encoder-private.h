// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of the encoder share.
#pragma once
#include "encode/encoder-network.h"
#include "encode/encoder.h"
#include "nn/workspace.h"

struct _PctEncoder {
  gatomicrefcount references;
  PctEncoderDesign design;
  PctEncoderNetwork *network;
  PctParameters *parameters;
  float *response_scale;           // (M,)
  float input_mean, input_scale;   // the network sees (image - mean) / scale
  float *points;                   // (M,2), see pct_encoder_get_readout_points; NULL
};

// With zeroed parameters, scale 1 and the image as it is. NULL with PCT_ERROR_MEMORY or _UNSUPPORTED.
PctEncoder *pct_encoder_new(const PctEncoderDesign *design, const PctEncoderInitial *initial, GError **error);
// After the parameters are as they will stay.
void pct_encoder_find_points(PctEncoder *encoder);

// What a pass needs before it: images (n,H,W) as the network takes them; neurons that look where they look on average.
void pct_encoder_set_images(const PctEncoder *encoder, float *to, const float *images, gsize n);
void pct_encoder_clear_noise(const PctEncoder *encoder, PctWorkspace *workspace, int batch);

// Weights by their names on disk (encoder-state.c). Loading reads the design off names and shapes; where the file's
// metadata do not say whether it is linear, linear does.
void pct_encoder_state_save(const PctEncoder *encoder, PctTensors *tensors);
PctEncoder *pct_encoder_state_load(const PctTensors *tensors, gboolean linear, int height, int width, GError **error);
