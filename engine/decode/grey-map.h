// SPDX-License-Identifier: GPL-3.0-or-later
// One affine map to grey levels: two numbers, least squares over all pixels of all given trials, that bring sums of
// pictures, in whatever unit they come out, as near to the images as they get without changing their shape.
#pragma once
#include "base/run.h"
#include "decode/trial-rows.h"

typedef struct {
  double gain, offset;  // grey level = gain sum + offset
} PctGreyMap;

// The sums are base + rows->z weight, with weight (M,P) and base (P,). mean_image (P,): what rows->pictures were
// centred by. Without a base (NULL), mean_image is the intercept instead, and a gain all there is: offset is 0. FALSE
// with PCT_ERROR_CANCELLED, _MEMORY, or _DIVERGED where the sums never vary.
gboolean pct_grey_map_fit(PctGreyMap *map, const PctTrialRows *rows, const float *weight, gsize m, gsize p,
                          const float *base, const float *mean_image, const PctRun *run, GError **error);
