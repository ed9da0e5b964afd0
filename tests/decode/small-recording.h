// SPDX-License-Identifier: GPL-3.0-or-later
// A small recording for tests: random images, responses that are random projections of them plus noise.
#pragma once
#include "data/recording.h"

typedef struct {
  int n_train, n_validation, n_test;  // trials, each of its own image
  int n_neurons, height, width;
  double noise;          // standard deviation, in units of the signal's
  guint64 test_seed;     // of the test tier's responses alone
} SmallRecording;

PctRecording *small_recording_new(const SmallRecording *options);
