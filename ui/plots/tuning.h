// SPDX-License-Identifier: GPL-3.0-or-later
// A neuron's answers to the images shown more than once, sorted by its mean answer: the mean as a line, every single
// trial as a dot. A tuned neuron falls steeply; one that is merely noisy is a cloud. Invariant: image i stands at the
// same x whatever its answers are.
#pragma once
#include "plots/plot.h"

typedef struct {
  const float *means;      // (n,) in descending order
  const float *repeats;    // (first_repeat[n],) single trials, image by image
  const gsize *first_repeat;  // (n + 1,) where each image's trials begin
  gsize n;
  double usual;            // a dashed line: the usual answer; NAN: none
  gsize highlighted;       // index of an image, marked; G_MAXSIZE: none
  const char *x_title, *y_title;  // NULL: not said
} PctTuningPlot;

// A PctPlotDrawFunc.
void pct_tuning_plot_draw(gconstpointer plot, const PctPlotTheme *theme, cairo_t *cr, double width, double height);
// Which image is at x; G_MAXSIZE: none.
gsize pct_tuning_plot_find(const PctTuningPlot *plot, const PctPlotTheme *theme, double width, double x);
