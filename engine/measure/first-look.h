// SPDX-License-Identifier: GPL-3.0-or-later
// What one ought to know of a recording before trusting anything made of it, and before anything is trained: who was
// there, what comes back when an image does, what neurons share besides images, what tiers share and should not, and
// whether the population stayed the same. Facts alone; measure/first-look-remarks.h says what they mean.
#pragma once
#include "measure/behaviour-gain.h"
#include "measure/census.h"
#include "measure/duplicates.h"
#include "measure/noise-correlation.h"
#include "measure/reliability.h"
#include "measure/trial-course.h"

typedef struct {
  int n_neurons, n_images, n_trials, height, width;
  gboolean averaged;           // the responses are means over repeats
  gboolean filtered;           // only trials that meet a condition were looked at
  PctCensus *census;
  gboolean repeated;           // some tier shows images more than once, and its responses are single trials: then
  PctTier repeats_tier;
  PctReliability *reliability;  // of that tier; otherwise NULL
  double median_oracle;         // NAN without
  PctNoiseCorrelation *noise;   // of that tier; otherwise NULL
  PctDuplicates *duplicates;
  PctTrialCourse *course;
  PctTrend behaviour[PCT_N_BEHAVIOURS];  // correlations with the gain; n 0 where the recording does not have it
} PctFirstLook;

// statistics: the recording's. NULL with PCT_ERROR_MEMORY or _CANCELLED.
PctFirstLook *pct_first_look_new(const PctRecording *recording, const PctStatistics *statistics, const PctRun *run,
                                 GError **error);
void pct_first_look_free(PctFirstLook *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctFirstLook, pct_first_look_free)
