// SPDX-License-Identifier: GPL-3.0-or-later
// A recording of simulated Gabor cells for tests: smooth random images, whose pixels are correlated as those of
// photographs are, and responses by loops of their own, which share nothing with the engine.
#pragma once
#include "data/recording.h"

typedef enum { CELL_SIMPLE, CELL_ENERGY, CELL_LINEAR, CELL_FLAT } CellKind;

// As encode/gabor.h has them: pixels, degrees, cycles a pixel.
typedef struct {
  CellKind kind;
  double x, y, orientation, frequency, size, aspect, phase;
  double amplitude, offset;  // response to a drive of one standard deviation over all images, and to none
} Cell;

typedef struct {
  int height, width, n_train, n_validation;
  int repeats;      // trials an image of the train tier; 0: one
  double noise;     // standard deviation, in units of amplitude
  const Cell *cells;
  int n_cells;
} GaborRecording;

PctRecording *gabor_recording_new(const GaborRecording *options);
// The cell's Gabor at a pixel, phase + shift degrees.
double gabor_recording_filter(const Cell *cell, double shift, int column, int row);
