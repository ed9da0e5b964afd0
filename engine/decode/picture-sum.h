// SPDX-License-Identifier: GPL-3.0-or-later
// Decoders that add up one picture a neuron, weighted by its response: S = (1/M) sum_i B_i R_i over all M neurons of
// the recording. A linear decoder (its mean image is here the picture at the mean responses), whose kinds differ in the
// pictures alone. The map to grey levels has two numbers and is fitted on the train tier; literal has none. What is
// mapped is a sum of MEIs less the grey that each is drawn on; literal keeps it.
#pragma once
#include "decode/linear-decoder.h"
#include "decode/neuron-pictures.h"

typedef enum {
  PCT_MAPPING_LITERAL,  // I = S, R in the recording's units
  PCT_MAPPING_AFFINE,   // I = gain S + offset
  PCT_MAPPING_ZSCORED,  // R z-scored; I = mean image + gain S
} PctSumMapping;

// "literal", "affine", "zscored", NULL.
extern const char *const pct_sum_mapping_names[];

// For the functions of a kind's class. NULL with the errors of pct_neuron_pictures and pct_grey_map_fit.
PctDecoder *pct_picture_sum_fit(const PctDecoderClass *klass, PctNeuronBasis basis, PctSumMapping mapping,
                                const PctFit *fit, const PctRun *run, GError **error);
// Beside the linear decoder's tensors: gain, offset, one number each.
void pct_picture_sum_save(const PctDecoder *decoder, PctTensors *tensors);
PctDecoder *pct_picture_sum_load(const PctDecoderClass *klass, const PctTensors *tensors, GError **error);
void pct_picture_sum_free(PctDecoder *decoder);
