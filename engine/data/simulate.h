// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings that nobody had to make: pictures (procedural, a folder of photographs, or another recording's) shown to
// simulated neurons of primary visual cortex (demo-neurons.h), with noise (demo-noise.h), trials in mixed order.
// Invariant: the same options and pictures give the same bits, on any number of threads. With PCT_NOISE_NONE
// and nothing else changed, the same pictures are shown in the same order: those responses are the others' true rates.
#pragma once
#include "base/run.h"
#include "data/demo-noise.h"
#include "data/recording.h"

// Rates from elsewhere, e.g. a trained encoder: (n,M) >= 0 to images (n,H,W), mean over images about 1; *n_neurons of
// them. Free with pct_aligned_free. NULL with an error.
typedef float *(*PctRatesFunc)(const guint8 *images, int n, int height, int width, int *n_neurons, const PctRun *run,
                               gpointer data, GError **error);

typedef struct {
  const char *images;   // NULL or "procedural"; a folder of PNG or JPEG photographs; or a recording's path
  int height, width;    // of the frame, pixels; a recording brings its own
  int n_neurons;
  int n_trials;         // in all: 10 in 13 show train images, 1 in 13 validation images, 2 in 13 test images
  int n_repeats;        // of each test image
  PctNoise noise;
  guint64 seed;
  PctRatesFunc rates;   // NULL: the simulated cells; else n_neurons is not looked at, and nobody knows where cells lie
  gpointer rates_data;
  const char *name;     // of the recording, for a person; NULL: "simulated"
} PctSimulation;

#define PCT_SIMULATION_DEFAULT \
  { .height = 36, .width = 64, .n_neurons = 512, .n_trials = 2600, .n_repeats = 8, .noise = PCT_NOISE_EVENTS, .seed = 1 }

// "events", "poisson", "none"; FALSE for another name.
gboolean pct_noise_from_name(const char *name, PctNoise *noise);

// Each train and validation image is shown once (a recording with fewer such images shows them again), each test image
// n_repeats times. Photographs are divided between the tiers, then cropped at random, one photograph for several images
// where there are few; a recording's images keep their tiers if it has all three, else they are divided alike.
// NULL with PCT_ERROR_UNSUPPORTED (options out of range), _IO, _FORMAT, _SHAPE, _MEMORY or _CANCELLED.
PctRecording *pct_simulate(const PctSimulation *simulation, const PctRun *run, GError **error);
