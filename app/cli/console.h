// SPDX-License-Identifier: GPL-3.0-or-later
// What an engine call is handed on the command line: all cores, progress on stderr, and Ctrl+C as the wish to stop.
// On a terminal progress is one line that is written over; elsewhere a line a phase; for machines a JSON object a
// report. A report that has an epoch is a line of a table that stays.
#pragma once
#include "base/run.h"

typedef struct _PctConsole PctConsole;

// NULL with PCT_ERROR_UNSUPPORTED (a BLAS that cannot be used). Once a process: it binds the calling thread to a core.
PctConsole *pct_console_new(gboolean json, GError **error);
void pct_console_free(PctConsole *console);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctConsole, pct_console_free)

// Borrowed.
const PctRun *pct_console_get_run(PctConsole *console);
// A sentence on stderr, below whatever progress stands there.
void pct_console_note(PctConsole *console, const char *format, ...) G_GNUC_PRINTF(2, 3);
// The same for why a command ends; returns its exit code. console may be NULL.
int pct_console_fail(PctConsole *console, const GError *error);
// Ends the progress line, before results are printed.
void pct_console_finish(PctConsole *console);
