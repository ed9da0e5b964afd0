// SPDX-License-Identifier: GPL-3.0-or-later
// One synchronous engine call, run in a thread of a lane (lanes.h), watched from the main thread. The job owns copies
// of or references to all its inputs. The worker overwrites a mailbox of one and arms at most one source; every
// property changes, and every signal comes, on the thread that made the job. Whoever loses interest drops the
// reference: a running job keeps itself alive until it has ended, and its last reference is always dropped on that
// thread.
//
// Signal "finished" (no arguments): once, after "state" became done, failed or cancelled.
#pragma once
#include "base/run.h"
#include "work/curves.h"
#include "work/figures.h"
#include "work/previews.h"

G_BEGIN_DECLS

typedef enum {
  PCT_JOB_QUEUED,
  PCT_JOB_RUNNING,
  PCT_JOB_DONE,
  PCT_JOB_FAILED,
  PCT_JOB_CANCELLED,
} PctJobState;
#define PCT_TYPE_JOB_STATE (pct_job_state_get_type())
GType pct_job_state_get_type(void);

#define PCT_TYPE_JOB (pct_job_get_type())
G_DECLARE_FINAL_TYPE(PctJob, pct_job, PCT, JOB, GObject)

// Runs in the lane's thread. run reports to the job and carries the lane's pool; error as any engine function's.
typedef gboolean (*PctJobFunc)(PctJob *job, const PctRun *run, GError **error);

// title: translated. data is destroyed with the job, on the thread that made it.
PctJob *pct_job_new(const char *title, PctJobFunc func, gpointer data, GDestroyNotify destroy);
gpointer pct_job_get_data(PctJob *self);
// For func, before it returns TRUE: what it made. Taken; destroyed with the job unless stolen.
void pct_job_set_result(PctJob *self, gpointer result, GDestroyNotify destroy);
// NULL before the state is PCT_JOB_DONE, and after the result was stolen. Borrowed.
gpointer pct_job_get_result(PctJob *self);
gpointer pct_job_steal_result(PctJob *self);

// Asks the job to stop; harmless at any time. A queued one never starts. The state follows when it has stopped.
void pct_job_cancel(PctJob *self);

// Properties of the same names, all read-only.
const char *pct_job_get_title(PctJob *self);
const char *pct_job_get_phase(PctJob *self);        // translated, what is being done; may be NULL
PctJobState pct_job_get_state(PctJob *self);
gboolean pct_job_is_over(PctJob *self);             // done, failed or cancelled
double pct_job_get_progress(PctJob *self);          // 0..1; negative: unknown
double pct_job_get_step(PctJob *self);              // as reported
double pct_job_get_total(PctJob *self);             // 0: unknown
double pct_job_get_seconds(PctJob *self);           // running for (or, once over, ran for) that long; no notify
PctFigures *pct_job_get_figures(PctJob *self);      // latest; NULL: none yet. Borrowed
GPtrArray *pct_job_get_preview(PctJob *self);       // latest, of PctPicture; NULL: none yet. Borrowed
const GError *pct_job_get_error(PctJob *self);      // of a failed one; NULL else. Borrowed
// "cancelling": somebody asked it to stop and it has not yet.
gboolean pct_job_is_cancelling(PctJob *self);

// Histories, from the first report on; kept if asked for before the job starts, else NULL. Borrowed.
void pct_job_keep_history(PctJob *self);
PctCurves *pct_job_get_curves(PctJob *self);
PctPreviews *pct_job_get_previews(PctJob *self);

// For lanes. Runs func on the calling thread with the pool (may be NULL), then arranges for the end to be told.
// Consumes a reference, which is dropped on the thread that made the job.
void pct_job_run(PctJob *self, PctPool *pool);
// On the thread that made the job: tells now what the mailbox holds, without waiting for the main loop.
void pct_job_deliver(PctJob *self);

G_END_DECLS
