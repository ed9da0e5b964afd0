// SPDX-License-Identifier: GPL-3.0-or-later
// A small recording whose test tier shows images unequally often, and the twin, if it is here.
#pragma once
#include "data/recording.h"

enum { REPEATED_K = 40, REPEATED_M = 70 };

// The trials of images 0 .. 29 are test trials (image i shown 1 + i % 5 times, in mixed order), those of the others
// train trials; image 3 is shown in a train trial as well. Neuron 0 never varies, neuron 1 is noise alone.
// With n > 0, image i < 30 is shown n times.
PctRecording *repeated_recording_new(int n);
// What neuron j would answer to image i without noise.
double repeated_rate(int image, int neuron);

// NULL, and the test is marked as skipped, if it is not here.
PctRecording *repeated_open_twin(void);

// The responses of a neuron in the test trials of an image; how many.
int repeated_trials(const PctRecording *recording, int image, int neuron, double *out);
double repeated_mean(const double *values, int n);
// ddof 1
double repeated_variance(const double *values, int n);
double repeated_correlation(const double *a, const double *b, int n);
