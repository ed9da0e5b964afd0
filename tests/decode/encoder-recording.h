// SPDX-License-Identifier: GPL-3.0-or-later
// A small recording whose responses are what a given encoder predicts, plus noise: for decoders that are made with one.
#pragma once
#include "data/recording.h"
#include "encode/encoder.h"

typedef struct {
  int n_train, n_validation, n_test;
  double noise;             // standard deviation, in units of each neuron's signal
  gboolean scrambled_test;  // test images and responses are noise of their own, of nothing else
} EncoderRecording;

// 12 x 16 pixels, 40 neurons, random weights.
PctEncoder *encoder_recording_new_encoder(void);
PctRecording *encoder_recording_new(const EncoderRecording *options, const PctEncoder *encoder);
