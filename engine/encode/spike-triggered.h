// SPDX-License-Identifier: GPL-3.0-or-later
// Linear receptive fields of all neurons at once. The spike-triggered average is the response-weighted mean image; it
// is blurred by the images' own correlations. Decorrelated it is the ridge regression of the responses on the images,
// (Cov(image) + penalty I)^-1 times the average, with one penalty for all neurons.
#pragma once
#include "encode/tier-means.h"

// sta (M,P): mean over trials of (z-scored response x (image - mean image)), grey levels. FALSE with PCT_ERROR_MEMORY
// or _CANCELLED.
gboolean pct_spike_triggered_average(const PctTierMeans *fitted, float *sta, const PctRun *run, GError **error);

// fields (M,P): z-scored response a grey level. The penalty with the largest mean correlation with held's single trials
// is taken, from the mean pixel variance times powers of 4; without held trials a sixteenth of it. penalty (may be
// NULL): what was taken, in squared grey levels. correlations (M,), may be NULL: that correlation, neuron by neuron;
// NAN without held trials. FALSE with PCT_ERROR_MEMORY, _CANCELLED or _DIVERGED.
gboolean pct_spike_triggered_decorrelate(const PctTierMeans *fitted, const PctTierMeans *held, float *fields,
                                         double *penalty, float *correlations, const PctRun *run, GError **error);

// Where fields (M,H,W) look: the centre of mass of their squares (pixels, the first pixel's centre is 0) around their
// strongest spot, and the standard deviation about it a direction. x, y, spread (M,); NAN for a field of zeros.
void pct_receptive_field_locate(const float *fields, gsize n, int height, int width, float *x, float *y,
                                float *spread, PctPool *pool);
