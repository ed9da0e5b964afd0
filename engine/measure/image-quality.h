// SPDX-License-Identifier: GPL-3.0-or-later
// How alike two pictures are. a is the reconstruction, b the original, grey levels 0..255 (a may exceed them).
// Conventions as in the data's README: PixCorr on unclipped pictures, MSE and SSIM after clipping a to 0..255.
#pragma once
#include <glib.h>

// Rows [y0,y1), columns [x0,x1).
typedef struct {
  int y0, y1, x0, x1;
} PctWindow;

PctWindow pct_window_full(int height, int width);
// Rows floor(H/4) .. H - floor(H/4) - 1, columns floor(18 W/64) .. floor(46 W/64) - 1.
PctWindow pct_window_central(int height, int width);

// Mean squared error after clipping a, grey levels squared.
double pct_mse(const float *a, const float *b, int height, int width, PctWindow window);
// Pearson correlation over the window's pixels; 0 where either is flat.
double pct_pixcorr(const float *a, const float *b, int height, int width, PctWindow window);
// Mean structural similarity (Wang et al. 2004): 11x11 Gaussian, sigma 1.5, K = (0.01, 0.03), data range 255, over
// windows wholly inside `window`, after clipping a. NAN where the window is smaller than 11x11.
double pct_ssim(const float *a, const float *b, int height, int width, PctWindow window);
// The same after min-max of each picture to 0..1, data range 1 (MEIcoder's convention).
double pct_ssim_min_max(const float *a, const float *b, int height, int width, PctWindow window);
