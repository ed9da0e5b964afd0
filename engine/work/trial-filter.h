// SPDX-License-Identifier: GPL-3.0-or-later
// Which trials? A small language over what the animal did in them: `speed < 1 and pupil > 0.4`. Its grammar is
// filter-parser.h's. A comparison with what was not measured in a trial is false, != too.
// The table holds of all trials of a recording what the language asks for, so that the trials of a filtered one can be
// chosen anew. Immutable, shared by reference count; any thread.
#pragma once
#include "data/recording.h"

G_BEGIN_DECLS

typedef enum {
  PCT_TRIAL_SPEED,             // "speed", cm/s
  PCT_TRIAL_PUPIL,             // "pupil", its size
  PCT_TRIAL_PUPIL_X, PCT_TRIAL_PUPIL_Y,  // "pupil_x", "pupil_y", its position
  PCT_TRIAL_TIME,              // "time", seconds
  PCT_TRIAL_NUMBER,            // "trial", in the recording's order, from 0
  PCT_TRIAL_REPEAT,            // "repeat", which showing of its image it is, from 0
} PctTrialVariable;
#define PCT_N_TRIAL_VARIABLES (PCT_TRIAL_REPEAT + 1)

// As a filter has it; translated: one sentence on what it is.
const char *pct_trial_variable_get_name(PctTrialVariable variable);
const char *pct_trial_variable_get_help(PctTrialVariable variable);

typedef struct _PctTrialTable PctTrialTable;

PctTrialTable *pct_trial_table_new(const PctRecording *recording);
PctTrialTable *pct_trial_table_ref(PctTrialTable *self);
void pct_trial_table_unref(PctTrialTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctTrialTable, pct_trial_table_unref)

// (N,) values, NAN where it was not measured; NULL: the recording does not have it in any trial. Trial and repeat are
// always there. Borrowed.
const double *pct_trial_table_get_values(const PctTrialTable *self, PctTrialVariable variable);

// Trials in all and of each tier.
typedef struct {
  int n, of_tier[PCT_N_TIERS];
} PctTrialCount;

PctTrialCount pct_trial_table_count(const PctTrialTable *self);
// Those that a filter keeps: pass (N,) 1 or 0, or NULL. A blank text keeps all. FALSE with PCT_ERROR_FORMAT: the sentence
// of pct_filter_parse, with position (may be NULL) of the error; a variable that the recording does not have is one.
gboolean pct_trial_table_filter(const PctTrialTable *self, const char *text, guint8 *pass, PctTrialCount *count,
                                int *position, GError **error);

// The recording with the trials alone that the filter keeps (pct_recording_filter_trials); a new reference to the same
// where text is NULL or blank. table: of that recording. NULL with PCT_ERROR_FORMAT (of the text), PCT_ERROR_SHAPE (no
// train trial is left) or PCT_ERROR_MEMORY.
PctRecording *pct_trial_table_apply(const PctTrialTable *table, PctRecording *recording, const char *text,
                                    GError **error);

G_END_DECLS
