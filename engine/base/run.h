// SPDX-License-Identifier: GPL-3.0-or-later
// The run contract. Engine functions are synchronous; whoever calls one hands it a PctRun: the threads it may use
// and one callback, told of progress at least every 100 ms at normal sizes (in any case once an operation).
// The callback answers FALSE to stop; the function then returns with PCT_ERROR_CANCELLED and leaves nothing half-written.
// A run may be NULL: one thread, nobody listening. Callbacks come on the calling thread.
#pragma once
#include <glib.h>
#include "base/parallel.h"

// A named number at this moment, e.g. {"validation_pixcorr", 0.41}. Names are stable identifiers, not for display.
typedef struct {
  const char *name;
  double value;
} PctFigure;

// Pictures at this moment: n of height x width grey levels (0..255, unclipped), row-major. Borrowed for the call.
typedef struct {
  const float *pixels;
  int n, height, width;
} PctPreview;

typedef struct {
  const char *phase;          // what is being done, translated; NULL: as before
  double step, total;         // total 0: unknown
  const PctFigure *figures;   // (n_figures,), may be NULL
  guint n_figures;
  const PctPreview *preview;  // NULL: none now
} PctProgress;

typedef gboolean (*PctRunFunc)(const PctProgress *progress, gpointer data);

typedef struct {
  PctRunFunc func;  // NULL: nobody listens
  gpointer data;
  PctPool *pool;    // NULL: the calling thread alone
} PctRun;

// The pool of a run, or NULL.
PctPool *pct_run_get_pool(const PctRun *run);

// Tells the listener; FALSE with PCT_ERROR_CANCELLED in error if it said stop.
gboolean pct_run_report(const PctRun *run, const PctProgress *progress, GError **error);

// The short form: where we are, nothing else.
gboolean pct_run_step(const PctRun *run, double step, double total, GError **error);

// A call that is one part of a whole: the listener hears of its steps as a share of it. `total` 0: only that it goes on.
typedef struct {
  const PctRun *whole;
  double done, share, total;  // in the whole's units: before this part, of this part, of all
  PctRun run;                 // to hand to the call
} PctRunPart;

// What comes before the first step of a training, and is no part of its progress: the listener hears what is being done,
// not how far it is. whole stays where it is while the call runs.
PctRun pct_run_preparation(const PctRun *whole);

// part stays where it is while the call runs. Returns &part->run.
const PctRun *pct_run_part(PctRunPart *part, const PctRun *whole, double done, double share, double total);
