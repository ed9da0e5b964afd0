// SPDX-License-Identifier: GPL-3.0-or-later
// The stages of the reference's core, reference-encoder.c's alone: convolutions, batch norms and ELUs over (batch,
// channels, height, width) in double precision.
#pragma once
#include "reference-encoder.h"

typedef enum { STAGE_CONVOLUTION, STAGE_NORM, STAGE_ELU } StageKind;

struct _ReferenceStage {
  StageKind kind;
  int channels_in, channels, height_in, width_in, height, width;
  int kernel, padding;
  gboolean depthwise;
  ReferenceArray *weight, *bias, *running_mean, *running_var;
  double *out, *d_out;    // of the last pass
  double *mean, *scale;   // NORM, (channels,): what the last pass centred by and multiplied with
};

// How a pass treats batch norms.
typedef enum { PASS_RUNNING, PASS_BATCH, PASS_BATCH_UPDATING } PassKind;

void reference_stage_forward(ReferenceStage *stage, const double *in, int batch, PassKind pass);
// From stage->d_out; d_in (may be NULL) is overwritten, gradients of parameters are added to.
void reference_stage_backward(ReferenceStage *stage, const double *in, double *d_in, int batch, PassKind pass);
