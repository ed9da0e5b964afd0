// SPDX-License-Identifier: GPL-3.0-or-later
// Encoders with random weights, lively enough that every neuron answers to something.
#pragma once
#include "encode/encoder.h"

// A seed's weights for design, which has a point or a full readout. Positions of points reach beyond the map's borders,
// where they are cut off.
PctEncoder *small_encoder_new(const PctEncoderDesign *design, guint64 seed);
// (H,W) grey levels about mean.
float *small_encoder_image(const PctEncoderDesign *design, double mean, double deviation, guint64 seed);
// options of pct_mei_kind from assignments, ended by NULL; mean 100, contrast 5.
PctOptionValues *small_encoder_options(const char *const *assignments);
