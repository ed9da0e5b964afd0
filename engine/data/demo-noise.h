// SPDX-License-Identifier: GPL-3.0-or-later
// From expected rates to what a recording of calcium signals holds on one trial: a Poisson number of events of random
// size, rectified measurement noise, and a gain that all neurons share and that drifts, with a few modes that groups of
// them share. Invariant: a trial's responses are a function of (seed, trial number, rates, options) alone.
#pragma once
#include <glib.h>

typedef enum {
  PCT_NOISE_EVENTS,   // all of the above
  PCT_NOISE_POISSON,  // Poisson counts, independent between neurons
  PCT_NOISE_NONE,     // the rates themselves
} PctNoise;

typedef struct _PctDemoNoise PctDemoNoise;

PctDemoNoise *pct_demo_noise_new(PctNoise kind, int n_trials, int n_neurons, guint64 seed);
void pct_demo_noise_free(PctDemoNoise *noise);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctDemoNoise, pct_demo_noise_free)

// What multiplies all neurons' rates in a trial, as a logarithm in units of its own spread (mean 0, standard deviation
// 1); 0 where the kind of noise has no gain.
float pct_demo_noise_get_arousal(const PctDemoNoise *noise, int trial);

// responses (M,) >= 0 to trial number trial, in time order; rates (M,). Any number of threads at once.
void pct_demo_noise_record(const PctDemoNoise *noise, int trial, const float *rates, float *responses);
