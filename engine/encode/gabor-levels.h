// SPDX-License-Identifier: GPL-3.0-or-later
// Train images at three resolutions, for Gabors of all sizes: a large one waves slowly and is told as well by means
// over blocks of pixels, at a quarter or a sixteenth of the arithmetic. Pixel by pixel in memory, so that what a window
// of filters answers to all images is one matrix product. Blocks at an edge that the frame does not fill count what is
// missing as the mean image.
#pragma once
#include "encode/gabor.h"
#include "encode/tier-means.h"

#define PCT_GABOR_N_LEVELS 3

typedef struct {
  int step;           // pixels a side of a block: 1, 2, 4
  int height, width;  // in blocks
  float *pixels;      // (height, width, n) mean over the block of the image less the mean image
} PctGaborLevel;

typedef struct {
  gsize n;            // images
  PctGaborLevel level[PCT_GABOR_N_LEVELS];
} PctGaborLevels;

// NULL with PCT_ERROR_MEMORY or _CANCELLED.
PctGaborLevels *pct_gabor_levels_new(const PctTierMeans *means, int height, int width, const PctRun *run,
                                     GError **error);
void pct_gabor_levels_free(PctGaborLevels *levels);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctGaborLevels, pct_gabor_levels_free)

// The coarsest that still tells a Gabor of this size (pixels) and frequency (cycles a pixel).
const PctGaborLevel *pct_gabor_levels_choose(const PctGaborLevels *levels, double size, double frequency);

// The same Gabor in a level's blocks, and back.
void pct_gabor_to_level(PctGabor *gabor, const PctGaborLevel *level);
void pct_gabor_from_level(PctGabor *gabor, const PctGaborLevel *level);
