// SPDX-License-Identifier: GPL-3.0-or-later
// A small recording in which all is well, or in which one thing is not: what a first look must find, and must not find
// where it was not planted.
#pragma once
#include "data/recording.h"

enum {
  LOOK_TRAIN = 120, LOOK_VALIDATION = 12, LOOK_TEST = 14,  // images; train and validation shown once
  LOOK_REPEATS = 6,                                        // of a test image
  LOOK_M = 24, LOOK_HEIGHT = 9, LOOK_WIDTH = 11,
  LOOK_IMAGES = LOOK_TRAIN + LOOK_VALIDATION + LOOK_TEST,
  LOOK_TRIALS = LOOK_TRAIN + LOOK_VALIDATION + LOOK_TEST * LOOK_REPEATS,
};

typedef struct {
  // Test images 0 and 1 have the pixels of train images 5 and 7, validation image 0 those of test image 3.
  gboolean copies;
  gboolean same_number;  // one test trial shows train image 9
  gboolean alike;        // test image 2 is train image 11, brighter, with a little noise
  gboolean unshown;      // two more images, at the end, that nobody saw
  gboolean constant;     // neuron 4 answers 2.5 always
  gboolean silent;       // neuron 6 answers 0 in the train tier
  double drift;          // standard deviations from the first trial to the last, all neurons
  double shared;         // standard deviation of noise that all neurons share, in units of their own
  gboolean timed;        // trial times, in which the file's order is reversed
  gboolean running;      // running speed drives the gain; every tenth value is missing
  gboolean pupil;        // pupil size, of nothing
  gboolean scrambled;    // responses are of no image
  gboolean averaged;     // marked as means over repeats
} LookPlant;

// plant NULL: all is well. Images are noise; trials are mixed in time.
PctRecording *look_recording_new(const LookPlant *plant);
