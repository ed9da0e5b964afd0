// SPDX-License-Identifier: GPL-3.0-or-later
// A Gabor: G(x) = cos(2 pi f x.u + psi) exp(-((x.u)^2 + beta (x.v)^2) / (2 alpha^2)), x in pixels from the centre, u
// the direction in which it waves and v its normal. On a screen, orientation is the angle from rightwards to u,
// counter-clockwise, so u = (cos, -sin) in pixels (rows count downwards): 0 has upright bars, 90 level ones. Turning u
// by 180 degrees and changing psi's sign gives the same Gabor; orientation is kept in 0 <= . < 180.
#pragma once
#include <glib.h>

typedef struct {
  double x, y;         // centre, pixels; (0, 0) is the centre of the first pixel
  double orientation;  // degrees, 0 <= . < 180
  double frequency;    // f, cycles a pixel
  double size;         // alpha, pixels: the envelope's standard deviation along u
  double aspect;       // beta: 1 round, less: longer along the bars
  double phase;        // psi, degrees, 0 <= . < 360
} PctGabor;

// Brings orientation and phase into their ranges.
void pct_gabor_normalise(PctGabor *gabor);

// out (height, width) = G, at phase + shift degrees.
void pct_gabor_draw_filter(const PctGabor *gabor, double shift, int height, int width, float *out);

// out (height, width) grey levels: the Gabor as a picture of that mean and that standard deviation, exactly, over the
// frame; flat grey if no part of the Gabor is in the frame.
void pct_gabor_draw(const PctGabor *gabor, double mean, double contrast, int height, int width, float *out);

// G's seven parameters as a fit moves them: lengths and ratios by their logarithms, angles in radians.
enum {
  PCT_GABOR_X,
  PCT_GABOR_Y,
  PCT_GABOR_ANGLE,
  PCT_GABOR_LOG_FREQUENCY,
  PCT_GABOR_LOG_SIZE,
  PCT_GABOR_LOG_ASPECT,
  PCT_GABOR_PHASE,
  PCT_GABOR_N_PARAMETERS
};

void pct_gabor_to_parameters(const PctGabor *gabor, double parameters[PCT_GABOR_N_PARAMETERS]);
void pct_gabor_from_parameters(const double parameters[PCT_GABOR_N_PARAMETERS], PctGabor *gabor);

// G at phase + shift radians at n pixels (columns[i], rows[i]), and its derivatives: filters (1 + n_derivatives, n),
// derivative k by parameter k.
void pct_gabor_differentiate(const double parameters[PCT_GABOR_N_PARAMETERS], double shift, int n_derivatives,
                             const int *columns, const int *rows, gsize n, float *filters);
