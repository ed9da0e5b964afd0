// SPDX-License-Identifier: GPL-3.0-or-later
// Trials as matrices, for decoders that learn from all of them at once: responses z-scored and pictures centred, both
// by the train tier's statistics.
#pragma once
#include "base/run.h"
#include "data/recording.h"
#include "data/statistics.h"

typedef struct {
  gsize n;
  float *z;         // (n,M): (response - mean) / scale; scale 1 where a neuron is silent
  float *pictures;  // (n,P): image - mean image, grey levels
} PctTrialRows;

// Of trials (n,) of the recording, in that order, into rows that are empty. FALSE with PCT_ERROR_MEMORY or _CANCELLED.
gboolean pct_trial_rows_read(PctTrialRows *rows, const PctRecording *recording, const PctStatistics *statistics,
                             const int *trials, gsize n, const PctRun *run, GError **error);
void pct_trial_rows_clear(PctTrialRows *rows);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctTrialRows, pct_trial_rows_clear)

// The trials that something is fitted to and those that it is chosen on: train and validation tier; without a
// validation tier every tenth train image is held out, with all its trials. Test is never among them.
typedef struct {
  PctTrialRows fitted, held;  // held.n may be 0: a train tier of fewer than five images
  gboolean held_out;          // held is a part of the train tier; what was chosen is then fitted to all of it
} PctTuningRows;

// As pct_trial_rows_read, into rows that are empty.
gboolean pct_tuning_rows_read(PctTuningRows *rows, const PctRecording *recording, const PctStatistics *statistics,
                              const PctRun *run, GError **error);
// Once all is chosen, or where nothing is: held is emptied, and fitted is the whole train tier.
gboolean pct_tuning_rows_read_train(PctTuningRows *rows, const PctRecording *recording,
                                    const PctStatistics *statistics, const PctRun *run, GError **error);
void pct_tuning_rows_clear(PctTuningRows *rows);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctTuningRows, pct_tuning_rows_clear)
