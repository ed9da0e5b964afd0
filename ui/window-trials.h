// SPDX-License-Identifier: GPL-3.0-or-later
// How the main window comes to other trials of its recording, and what stays in hand when it does: "win.filter-trials"
// asks for a condition, "win.set-trials" takes one (blank: all trials), a strip says which is on.
#pragma once
#include "main-window.h"
#include "work/project.h"

G_BEGIN_DECLS

// Adds the commands, and the strip to box, after header.
void pct_window_trials_attach(PctMainWindow *window, GtkBox *box, GtkWidget *header);
// What is in hand when project comes in place of old (NULL: none). Of another recording the first held-out image, and no
// neuron or model. Of other trials of the same one all that was, but an image of which no trial is left.
void pct_window_trials_take(PctMainWindow *window, PctProject *old, PctProject *project);

G_END_DECLS
