// SPDX-License-Identifier: GPL-3.0-or-later
// What opening a recording makes in the lane's thread: the recording and all that is computed of it once. Immutable,
// shared by reference count between the project and the jobs that use the recording. For work/ itself.
#pragma once
#include "data/recording.h"
#include "data/statistics.h"
#include "work/responses.h"
#include "work/trial-filter.h"

typedef struct {
  gatomicrefcount references;
  PctRecording *recording;    // with the trials that the filter keeps
  PctTrialTable *trials;      // of all of them
  PctStatistics *statistics;
  char *path;                 // absolute; NULL: the demo
  char *workspace;
  PctResponseRanges ranges;   // points into statistics and averaged
  float *averaged;            // (2,M): least and greatest mean over repeats; NULL: no image was shown twice
  float *image_means;         // (K,) mean response to each image, neurons in units of their standard deviation
} PctOpened;

// path NULL: the demo; a .percept folder: the recording it belongs to. trials: the condition of a filter
// (work/trial-filter.h); NULL: none. NULL with the errors of pct_recording_open and pct_trial_table_apply.
PctOpened *pct_opened_new(const char *path, const char *trials, const PctRun *run, GError **error);
PctOpened *pct_opened_ref(PctOpened *self);
void pct_opened_unref(PctOpened *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctOpened, pct_opened_unref)
