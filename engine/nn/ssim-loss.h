// SPDX-License-Identifier: GPL-3.0-or-later
// Structural similarity (Wang et al. 2004) as a loss: 11x11 Gaussian window, sigma 1.5, K = (0.01, 0.03), range 255,
// over windows wholly inside the picture, with its exact gradient. Pictures may be in a network's own units.
#pragma once
#include "base/parallel.h"

typedef struct {
  int height, width;
  float scale, offset;  // grey level = scale * value + offset, for both pictures
  gboolean logarithm;   // FALSE: 1 - SSIM; TRUE: -log((SSIM + 1) / 2)
} PctSsimLossOptions;

typedef struct _PctSsimLoss PctSsimLoss;

// pool may be NULL and is borrowed. NULL with PCT_ERROR_SHAPE (a picture smaller than the window) or PCT_ERROR_MEMORY.
PctSsimLoss *pct_ssim_loss_new(const PctSsimLossOptions *options, int max_batch, PctPool *pool, GError **error);
void pct_ssim_loss_free(PctSsimLoss *loss);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctSsimLoss, pct_ssim_loss_free)

// The mean over the batch of each picture's loss. prediction, target (batch, height, width); gradient likewise receives
// d(mean) / d(prediction); NULL: not wanted. Allocates nothing.
double pct_ssim_loss(PctSsimLoss *loss, const float *prediction, const float *target, int batch, float *gradient);
