// SPDX-License-Identifier: GPL-3.0-or-later
// An encoder prepared for one neuron at a time: its rate at an image and the rate's derivative by the image, computed
// layer by layer only where the neuron's readout sees (22 x 38, 22 x 26, 14 x 14, 2 x 2 pixels of the reference model's
// maps instead of 22 x 50 each), which is exact. Batch norms are folded into weights and biases, which are kept in the
// kernels' order. For readouts that look at points; others see the whole map and have nothing to crop.
// Immutable; any number of threads may evaluate at once, each with a scratch of its own.
#pragma once
#include "encode/cropped-kernels.h"
#include "encode/encoder.h"

typedef struct _PctCroppedEncoder PctCroppedEncoder;
typedef struct _PctCroppedScratch PctCroppedScratch;

// Whether there is anything to crop: PCT_READOUT_POINT with a core.
gboolean pct_cropped_encoder_is_for(const PctEncoderDesign *design);
// Copies what it needs of encoder. kernels NULL: this processor's. NULL with PCT_ERROR_MEMORY.
PctCroppedEncoder *pct_cropped_encoder_new(const PctEncoder *encoder, const PctCroppedKernels *kernels, GError **error);
void pct_cropped_encoder_free(PctCroppedEncoder *encoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctCroppedEncoder, pct_cropped_encoder_free)

// A thread's working memory. NULL with PCT_ERROR_MEMORY.
PctCroppedScratch *pct_cropped_scratch_new(const PctCroppedEncoder *encoder, GError **error);
void pct_cropped_scratch_free(PctCroppedScratch *scratch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctCroppedScratch, pct_cropped_scratch_free)

// The rate of a neuron at image (H,W) in grey levels, in units of its scale; gradient (H,W): its derivative by the
// image, zeros where it does not see; NULL: not wanted.
float pct_cropped_encoder_evaluate(const PctCroppedEncoder *encoder, PctCroppedScratch *scratch, int neuron,
                                   const float *image, float *gradient);

// Multiplications and additions of one evaluation with its gradient, those of the operations' definition (without zeros
// beyond borders, without the input layer's shortcut): what a measured time is compared with.
double pct_cropped_encoder_count_operations(const PctCroppedEncoder *encoder, int neuron);
