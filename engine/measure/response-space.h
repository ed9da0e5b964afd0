// SPDX-License-Identifier: GPL-3.0-or-later
// How far a response vector is from anything that was recorded. A slider can make vectors that no animal has; what a decoder
// draws of them is an extrapolation, and ought to be marked as such. Along the leading principal components of the train
// trials' z-scored responses (all neurons have a say, what is noise of one has little) the distance of Mahalanobis (1936):
// the root mean square of the components in units of their own spread. Immutable.
// Invariant: depends on the train tier alone.
#pragma once
#include "base/run.h"
#include "data/statistics.h"

typedef struct _PctResponseSpace PctResponseSpace;

// n_components: at most; fewer where there are few trials or neurons. NULL with PCT_ERROR_MEMORY or _CANCELLED.
PctResponseSpace *pct_response_space_new(const PctRecording *recording, const PctStatistics *statistics, int n_components,
                                         const PctRun *run, GError **error);
PctResponseSpace *pct_response_space_ref(PctResponseSpace *space);
void pct_response_space_unref(PctResponseSpace *space);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctResponseSpace, pct_response_space_unref)

// Of responses (M,) in the recording's units, to the mean of all: about 1 for a single trial.
double pct_response_space_get_distance(const PctResponseSpace *space, const float *responses);
// The median of the train trials' distances, and what one in a hundred of them exceeds.
double pct_response_space_get_typical(const PctResponseSpace *space);
double pct_response_space_get_far(const PctResponseSpace *space);
