// SPDX-License-Identifier: GPL-3.0-or-later
// Where work runs, so that nothing blocks the main loop and nothing long keeps something short waiting:
// the heavy lane (training: one job at a time, first come first served, nice +10), the background lane (scores: the
// same, nice +5, so that a table need not wait for a training), the opening lane (a person waits for it) and the
// interactive lane (slot.h: one thread of normal priority, newest wins, never starved by the others). Threads start at
// their first work. Main thread only.
#pragma once
#include <gio/gio.h>
#include "work/job.h"

G_BEGIN_DECLS

typedef enum {
  PCT_LANE_HEAVY,
  PCT_LANE_BACKGROUND,
  PCT_LANE_OPENING,
} PctLane;
#define PCT_N_LANES 3

#define PCT_TYPE_LANES (pct_lanes_get_type())
G_DECLARE_FINAL_TYPE(PctLanes, pct_lanes, PCT, LANES, GObject)

// Sets up BLAS. NULL with PCT_ERROR_UNSUPPORTED (base/blas.h).
PctLanes *pct_lanes_new(GError **error);

// Queues a job; the lanes hold a reference until it is over. After shutdown the job is cancelled at once.
void pct_lanes_submit(PctLanes *self, PctLane lane, PctJob *job);

// A GListModel of PctJob for the popover: running, then queued, then finished (newest first; the last
// few). Borrowed.
GListModel *pct_lanes_get_jobs(PctLanes *self);
// Properties "n-running" (running and queued jobs) and "current": the job to show in the header bar, NULL if none runs.
guint pct_lanes_get_n_running(PctLanes *self);
PctJob *pct_lanes_get_current(PctLanes *self);
// Takes finished jobs off the list.
void pct_lanes_clear_finished(PctLanes *self);

// Cancels everything, waits for the threads (at most 2 s) and tells the jobs' ends. A training keeps its last
// checkpoint. FALSE if a thread did not stop in time and was left behind. Happens once; disposing the lanes does it
// too.
gboolean pct_lanes_shutdown(PctLanes *self);

G_END_DECLS
