// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as a course of trials: how much the population answered in each, its running mean and its drift; and the
// gain of each trial, the share of the image's usual answer that came. Responses are z-scored by the train tier;
// neurons that do not vary there have no part.
#pragma once
#include "base/run.h"
#include "data/recording.h"
#include "data/statistics.h"
#include "measure/trend.h"

typedef struct {
  int n_trials;
  int *order;       // (N,) the trials in order of time: of their times where the recording has them, else of the file
  gboolean timed;   // there are times
  double *mean;     // (N,) by trial: mean z-score over the neurons
  double *running;  // (N,) in order of time: mean over window trials around
  int window;       // odd
  PctTrend trend;   // of the mean, a trial; over all trials it comes to slope (n_trials - 1)
  // (N,) by trial, NAN: unknown. With regression: the slope of the trial's z-scores on the mean of the other trials of
  // its image, over the neurons (images shown once have none). Else the mean z-score.
  double *gain;
  gboolean regression;
  int n_gains;
} PctTrialCourse;

// NULL with PCT_ERROR_CANCELLED.
PctTrialCourse *pct_trial_course_new(const PctRecording *recording, const PctStatistics *statistics, const PctRun *run,
                                     GError **error);
void pct_trial_course_free(PctTrialCourse *course);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctTrialCourse, pct_trial_course_free)

// How far the trend goes from the first trial to the last, in standard deviations of a neuron's responses; and whether
// that is worth a word: surely not nothing, and at least a tenth.
double pct_trial_course_get_drift(const PctTrialCourse *course);
gboolean pct_trial_course_drifts(const PctTrialCourse *course);
