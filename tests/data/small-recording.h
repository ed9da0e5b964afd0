// SPDX-License-Identifier: GPL-3.0-or-later
// A small recording for tests: random images, responses that are random projections of them plus noise.
#pragma once
#include "data/recording.h"

typedef struct {
  int n_train, n_validation, n_test;  // images
  int n_neurons, height, width;
  double noise;              // standard deviation, in units of the signal's
  guint64 test_seed;         // of the test tier's responses alone
  int repeats;               // trials an image of train and test; 0: one
  gboolean gratings;         // images are sums of four gratings, eight dimensions that a few neurons span; else white noise
  gboolean scrambled_test;   // test images and responses are noise of their own, of nothing else
} SmallRecording;

PctRecording *small_recording_new(const SmallRecording *options);
