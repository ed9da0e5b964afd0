// SPDX-License-Identifier: GPL-3.0-or-later
// A thread that runs jobs one after the other, with a pool of its own, at a niceness. It starts with the first job.
// For lanes.c.
#pragma once
#include "work/job.h"

typedef struct _PctLaneThread PctLaneThread;

PctLaneThread *pct_lane_thread_new(int niceness);
// Takes a reference of its own.
void pct_lane_thread_push(PctLaneThread *self, PctJob *job);
// Ends the thread; waiting jobs must have been cancelled, the running one asked to stop. Waits until deadline
// (monotonic microseconds); FALSE if the thread did not end and was left behind. Frees self.
gboolean pct_lane_thread_stop(PctLaneThread *self, gint64 deadline);
