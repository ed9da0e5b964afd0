// SPDX-License-Identifier: GPL-3.0-or-later
// What models are told of a recording: statistics over the train tier alone, never over validation or test.
#pragma once
#include "base/run.h"
#include "data/recording.h"

typedef struct {
  int n_neurons, n_pixels;
  float *response_mean;   // (M,) over train trials
  float *response_std;    // (M,) population (ddof 0) over train trials
  float *response_scale;  // (M,) what responses are divided by: response_std, but at least 1 % of its mean over neurons
  float *response_min, *response_max;  // (M,) over all trials, for a slider's range
  float *mean_image;      // (H,W) over train trials
  float image_mean, image_std;  // over all pixels of the train trials' images
} PctStatistics;

// Never NULL without an error (PCT_ERROR_CANCELLED).
PctStatistics *pct_statistics_new(const PctRecording *recording, const PctRun *run, GError **error);
void pct_statistics_free(PctStatistics *statistics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctStatistics, pct_statistics_free)
