// SPDX-License-Identifier: GPL-3.0-or-later
// What the simulated animal does while it is shown images: an arousal that the shared gain of its neurons follows makes
// it run and widens its pupil, as in mice (Niell & Stryker 2010, Neuron 65:472; Reimer et al. 2014, Neuron 84:355).
// Invariant: a function of (seed, number of trials, gain) alone; responses are not touched.
#pragma once
#include "data/demo-noise.h"
#include "data/recording.h"

// Fills data's running_speed (cm/s, 0 at rest), pupil_size (share of the largest, 0 .. 1; NAN while the eye was shut),
// pupil_position (degrees from the usual place) and trial_time (seconds); data has n_trials and none of them yet.
void pct_demo_behaviour_simulate(PctRecordingData *data, const PctDemoNoise *noise, guint64 seed);
