// SPDX-License-Identifier: GPL-3.0-or-later
// A decoder against the number of repeats averaged, and its pictures of one half of the repeats against those of the
// other (decode/repeat-curve.h), by a job of the background lane. Main thread only.
#pragma once
#include "decode/repeat-curve.h"
#include "work/project.h"

G_BEGIN_DECLS

// Whether there is anything to average: the tier repeats images, and the responses are single trials.
gboolean pct_project_has_repeats(PctProject *self, PctTier tier);
// Starts it for a finished decoder of the project. Already submitted; give back with g_object_unref. The job fails with
// the errors of pct_repeat_curve_new.
PctJob *pct_project_measure_repeats(PctProject *self, PctModel *model, PctTier tier);
// NULL before the job is done. Borrowed from it.
const PctRepeatCurve *pct_repeats_job_get_curve(PctJob *job);

G_END_DECLS
