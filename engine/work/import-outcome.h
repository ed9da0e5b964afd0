// SPDX-License-Identifier: GPL-3.0-or-later
// What would come of an import: what percept-import said of a plan that it carried out for a look. Immutable.
#pragma once
#include <json-glib/json-glib.h>
#include "base/run.h"
#include "data/recording.h"

typedef struct {
  GPtrArray *sentences, *remarks;  // of char *
  int n_neurons, n_images, n_trials, height, width;
  gboolean averaged;
  int n_tier_images[PCT_N_TIERS], n_tier_trials[PCT_N_TIERS];
  GPtrArray *pictures, *full;      // of PctPicture: as the recording has them, and as they came; as many
  // Around the onset, where responses were taken from traces: mean over trials of the best neurons, and its standard
  // deviation over them.
  gsize n_times;                   // 0: none
  double *times, *mean, *low, *high;  // (n_times,) seconds; z-scores
  double delay, window, baseline;  // seconds
} PctImportOutcome;

void pct_import_outcome_free(PctImportOutcome *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctImportOutcome, pct_import_outcome_free)

// result: of percept-import; preview: the file of what is to be looked at, or NULL. NULL with PCT_ERROR_FORMAT or the
// errors of reading the file. Any thread.
PctImportOutcome *pct_import_outcome_new(JsonNode *result, const char *preview, const PctRun *run, GError **error);
