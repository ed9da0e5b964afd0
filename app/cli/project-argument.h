// SPDX-License-Identifier: GPL-3.0-or-later
// A recording with its workspace as the window has it (work/project.h), for a subcommand that prints what a page shows: the
// objects that the page asks are asked here, so that their numbers are the same. They work by jobs, which are waited for.
#pragma once
#include "work/project.h"

typedef struct {
  PctLanes *lanes;
  PctProject *project;
} PctOpenedProject;

// argument: a path, or "demo". trials: the condition that its trials must meet (work/trial-filter.h); NULL: all.
gboolean pct_project_argument_open(PctOpenedProject *opened, const char *argument, const char *trials, const PctRun *run,
                                   GError **error);
void pct_opened_project_clear(PctOpenedProject *opened);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctOpenedProject, pct_opened_project_clear)

// Turns the main loop until is_so(data). FALSE with PCT_ERROR_CANCELLED.
gboolean pct_project_wait(PctOpenedProject *opened, gboolean (*is_so)(gpointer data), gpointer data, const PctRun *run,
                          GError **error);
