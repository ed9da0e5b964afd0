// SPDX-License-Identifier: GPL-3.0-or-later
// How much of a neuron's answer comes back when an image comes back: two figures a neuron, over the images that a tier
// shows more than once. They need no model; they bound what one can reach.
#pragma once
#include "base/run.h"
#include "data/recording.h"

typedef struct {
  int n_neurons;
  int n_images, n_trials;       // shown more than once; the trials of those
  // (M,) Correlation of single trials with the mean over the other repeats of the same image.
  float *oracle;
  // (M,) (total variance - within-image variance) / total variance: the total over the trials, within an image over
  // its repeats (both ddof 1), then averaged over images. Noise can bring it below 0.
  float *explainable_variance;
  double mean_oracle, mean_explainable_variance;  // over the neurons that have one
} PctReliability;

// NAN for a neuron that never varies, and everywhere if no image was repeated (so in a recording of averages).
// NULL with PCT_ERROR_MEMORY or _CANCELLED.
PctReliability *pct_reliability_new(const PctRecording *recording, PctTier tier, const PctRun *run, GError **error);
void pct_reliability_free(PctReliability *reliability);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctReliability, pct_reliability_free)
