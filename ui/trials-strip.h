// SPDX-License-Identifier: GPL-3.0-or-later
// The line below the header bar that says which trials everything in the window is of, while that is not all of them.
// It is there exactly as long as a filter of trials is on.
#pragma once
#include <gtk/gtk.h>
#include "work/project.h"

G_BEGIN_DECLS

// Hidden at first. Its buttons activate "win.filter-trials" and "win.set-trials".
GtkWidget *pct_trials_strip_new(void);
void pct_trials_strip_show(GtkWidget *strip, PctProject *project);

G_END_DECLS
