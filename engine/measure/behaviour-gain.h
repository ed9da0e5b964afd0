// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the gain of a trial (measure/trial-course.h) goes with what the animal did in it: running and the pupil tell
// of arousal, which raises responses in mouse V1 (Niell & Stryker 2010, Neuron 65:472).
#pragma once
#include "measure/trial-course.h"

typedef enum { PCT_BEHAVIOUR_RUNNING, PCT_BEHAVIOUR_PUPIL } PctBehaviour;
#define PCT_N_BEHAVIOURS 2
// "running_speed", "pupil_size": as in files. Not translated.
const char *pct_behaviour_get_name(PctBehaviour behaviour);
// (N,) by trial, NAN where it was not measured; NULL: not in the recording. Borrowed.
const float *pct_behaviour_get_values(const PctRecording *recording, PctBehaviour behaviour);

// Pearson's correlation with the gain over the trials that have both, taken in order of time: trend.slope, with its
// interval.
PctTrend pct_behaviour_correlate(const float *values, const PctTrialCourse *course);
