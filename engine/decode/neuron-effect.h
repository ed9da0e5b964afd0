// SPDX-License-Identifier: GPL-3.0-or-later
// What one neuron's response does to a decoder's picture, and what it says of the images. The two differ: a decoder weighs
// a neuron against all others, and a large weight may only cancel what those share; what the neuron encodes is how images
// and its response vary together (Haufe et al. 2014, NeuroImage 87). So they are shown side by side.
#pragma once
#include "data/statistics.h"
#include "decode/decoder.h"

// filter (H,W): how the picture changes at responses (M,), n_averaged and z while all responses move along direction (M,), in
// grey levels for the whole of it: a central difference over a fifth. FALSE with PCT_ERROR_MEMORY or _CANCELLED.
gboolean pct_direction_filter(const PctDecoder *decoder, const float *responses, double n_averaged, const float *z,
                              const float *direction, float *filter, const PctRun *run, GError **error);
// filter (H,W): the derivative of the picture by the neuron's response at responses (M,), n_averaged and z, all others held;
// grey levels per `scale`, which is in the unit of the responses (a standard deviation, say). A central difference over a
// tenth of it. FALSE with PCT_ERROR_MEMORY or _CANCELLED.
gboolean pct_neuron_filter(const PctDecoder *decoder, const float *responses, double n_averaged, const float *z,
                           int neuron, float scale, float *filter, const PctRun *run, GError **error);

// pattern (H,W): the covariance of image and response over the train tier's trials, over the response's standard deviation:
// how many grey levels brighter than usual each pixel is when the neuron answers one standard deviation more than usual.
// Zeros for a neuron that always answers alike.
gboolean pct_neuron_pattern(const PctRecording *recording, const PctStatistics *statistics, int neuron, float *pattern,
                            const PctRun *run, GError **error);
