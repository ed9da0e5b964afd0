// SPDX-License-Identifier: GPL-3.0-or-later
// What images are like before anything is known of one: a Gaussian with the train images' mean and covariance, in its
// principal directions. A picture is mean + a basis, and the coordinates a are N(0,1) each, so that -log p = |a|^2 / 2.
#pragma once
#include "base/run.h"
#include "data/recording.h"
#include "data/statistics.h"
#include "nn/safetensors.h"

typedef struct {
  gsize n_pixels, n_components;
  float *mean;   // (P,) grey levels
  float *basis;  // (n_components,P) a direction times the standard deviation along it
} PctImagePrior;

// Of the train tier's images and, if mirrored, of them seen in a mirror too: of few images the covariance is better for
// it. n_components at most; fewer where there are fewer images or pixels. NULL with PCT_ERROR_MEMORY or _CANCELLED.
PctImagePrior *pct_image_prior_new(const PctRecording *recording, const PctStatistics *statistics, gsize n_components,
                                   gboolean mirrored, const PctRun *run, GError **error);
// A grey image and no direction.
PctImagePrior *pct_image_prior_new_grey(gsize n_pixels, double grey);
void pct_image_prior_free(PctImagePrior *prior);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctImagePrior, pct_image_prior_free)

// images (n,P) of coordinates (n,n_components).
void pct_image_prior_draw(const PctImagePrior *prior, const float *coordinates, gsize n, float *images, PctPool *pool);
// The other way for gradients: by the coordinates, from those by the pixels.
void pct_image_prior_pull_back(const PctImagePrior *prior, const float *by_pixels, gsize n, float *by_coordinates,
                               PctPool *pool);

// Tensors prior.mean (H,W), prior.basis (n_components,P).
void pct_image_prior_save(const PctImagePrior *prior, gsize height, gsize width, PctTensors *tensors);
// NULL with PCT_ERROR_FORMAT or _SHAPE.
PctImagePrior *pct_image_prior_load(const PctTensors *tensors, GError **error);
