// SPDX-License-Identifier: GPL-3.0-or-later
// The bank of 1,248 Gabor filters of Yoshida & Ohki 2020: four orientations and two phases at every place of four
// square grids, 11 x 11 for the smallest filters, then 5 x 5, 3 x 3, and one for the largest. For frames of any size
// and shape: a grid covers the frame, and a filter's size goes with the distance between places. Each filter has unit
// norm, so that a penalty means the same for all of them.
#pragma once
#include "base/parallel.h"

#define PCT_GABOR_WAVELETS 1248

// filters (PCT_GABOR_WAVELETS, height, width): smallest filters first, by rows and columns of their grid, then by
// orientation (0, 45, 90, 135 degrees), then even and odd.
void pct_gabor_wavelets_draw(int height, int width, float *filters, PctPool *pool);
