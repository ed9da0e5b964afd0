// SPDX-License-Identifier: GPL-3.0-or-later
// Saving a sweep that is drawn, by a job: an animation takes seconds to compress, and a model's weights to hash.
#pragma once
#include "data/animation-file.h"
#include "work/job.h"
#include "work/slide-sweep-draw.h"

// work: all pictures there; a reference is taken. Not submitted yet; give back with g_object_unref.
PctJob *pct_sweep_work_save(PctSweepWork *work, const char *path, const PctAnimationOptions *animation);
