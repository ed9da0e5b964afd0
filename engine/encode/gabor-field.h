// SPDX-License-Identifier: GPL-3.0-or-later
// A fitted Gabor cell as a picture with a sign: what is linear of it. A response-weighted sum of pictures needs one a
// neuron, and an energy cell has none: it answers to its Gabor and to the negative alike. Its envelope would be the
// wrong one (contrast there is not brightness there). So the train tier is asked: the field is the Gabor, or the
// mixture of an energy cell's pair, whose linear answer comes nearest to the responses, as large as it tells of them. A
// cell that truly does not mind the sign is then nearly nothing, as it should be.
#pragma once
#include "encode/gabor-fit.h"

// fields (M,H,W), z-scored response a grey level: slope G for a simple cell, a G(0) + b G(-90 degrees) for an energy
// cell, slopes by least squares over the trials of fitted. Zeros for a neuron without a Gabor. fits (M,), as
// pct_gabor_fit makes them. FALSE with PCT_ERROR_MEMORY or _CANCELLED.
gboolean pct_gabor_fields(const PctGaborFit *fits, const PctTierMeans *fitted, int height, int width, float *fields,
                          const PctRun *run, GError **error);
