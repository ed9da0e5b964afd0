// SPDX-License-Identifier: GPL-3.0-or-later
// What two neurons share beyond the image: correlations of their residuals around the mean response to each image, over
// an image's repeats (noise correlations; Cohen & Kohn 2011, Nature Neuroscience 14:811). Residuals are pooled over
// images; each neuron's are divided by their own spread. A population that is driven together, by arousal or by a
// movement of the tissue, shows here first.
#pragma once
#include "base/run.h"
#include "data/recording.h"

typedef struct {
  int n_images, n_trials;  // shown more than once in the tier; the trials of those
  int n_varying;           // neurons whose residuals vary
  int n_neurons;           // of those, compared: all, or as many as were allowed, chosen at random
  gsize n_pairs;           // n_neurons (n_neurons - 1) / 2
  float *pairs;            // (n_pairs,) correlations, -1..1
  double mean, sd;         // over the pairs; NAN without any
} PctNoiseCorrelation;

// Pairs grow with the square of the neurons: from so many their mean is known far better than it differs by animal.
#define PCT_NOISE_NEURONS 1000

// At most most_neurons (2 ..) are compared, a choice that depends on seed alone. A recording of means, or a tier
// without repeats, has no pairs. NULL with PCT_ERROR_MEMORY or _CANCELLED.
PctNoiseCorrelation *pct_noise_correlation_new(const PctRecording *recording, PctTier tier, int most_neurons,
                                               guint64 seed, const PctRun *run, GError **error);
void pct_noise_correlation_free(PctNoiseCorrelation *noise);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctNoiseCorrelation, pct_noise_correlation_free)
