// SPDX-License-Identifier: GPL-3.0-or-later
// All that a person sets before a training of one kind: its options (option-rows.h) and what it is made with
// (source-rows.h), which the options decide.
#pragma once
#include <gtk/gtk.h>
#include "work/training.h"

G_BEGIN_DECLS

#define PCT_TYPE_TRAINING_FORM (pct_training_form_get_type())
G_DECLARE_FINAL_TYPE(PctTrainingForm, pct_training_form, PCT, TRAINING_FORM, GtkWidget)

// Signal "changed" (no arguments) after an option changed, and with it perhaps whether a training can start.
GtkWidget *pct_training_form_new(PctProject *project, PctKind *kind);
// After any model of the project changed.
void pct_training_form_update(PctTrainingForm *self);
// Why no training can start, a sentence; NULL: one can. Borrowed until the next change.
const char *pct_training_form_get_problem(PctTrainingForm *self);
// Starts one as it is set, what is being typed included; resume: of its own options (pct_project_train_with).
PctJob *pct_training_form_train(PctTrainingForm *self, PctModel *resume, GError **error);
// The command that does what that does with no model to resume. Free with g_free.
char *pct_training_form_dup_command(PctTrainingForm *self);

G_END_DECLS
