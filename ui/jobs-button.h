// SPDX-License-Identifier: GPL-3.0-or-later
// The one indicator of everything that runs: the current job's progress in the header bar, the list of all with cancel
// behind it. Hidden while nothing runs, unless it is asked for.
#pragma once
#include <gtk/gtk.h>
#include "work/lanes.h"

G_BEGIN_DECLS

#define PCT_TYPE_JOBS_BUTTON (pct_jobs_button_get_type())
G_DECLARE_FINAL_TYPE(PctJobsButton, pct_jobs_button, PCT, JOBS_BUTTON, GtkWidget)

// Once.
void pct_jobs_button_set_lanes(PctJobsButton *self, PctLanes *lanes);
void pct_jobs_button_popup(PctJobsButton *self);

G_END_DECLS
