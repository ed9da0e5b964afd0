// SPDX-License-Identifier: GPL-3.0-or-later
// The question which trials to look at: a condition, what there is to write it with, and how many trials meet it while
// it is written. The answer activates "win.set-trials" of the window that asked.
#pragma once
#include <adwaita.h>
#include "work/project.h"

G_BEGIN_DECLS

#define PCT_TYPE_TRIALS_DIALOG (pct_trials_dialog_get_type())
G_DECLARE_FINAL_TYPE(PctTrialsDialog, pct_trials_dialog, PCT, TRIALS_DIALOG, AdwWindow)

// To be presented; it goes when it is answered.
GtkWidget *pct_trials_dialog_new(GtkWindow *parent, PctProject *project);
// As if it were typed.
void pct_trials_dialog_set_text(PctTrialsDialog *self, const char *text);
// What is said below the condition: how many trials meet it, or what is wrong with it.
const char *pct_trials_dialog_get_answer(PctTrialsDialog *self);

G_END_DECLS
