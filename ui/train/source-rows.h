// SPDX-License-Identifier: GPL-3.0-or-later
// What a model is made with, as rows: an encoder and a set of most exciting inputs of the project, the best and the newest
// unless a person chooses another, and a folder of photographs. Only those show that the present options ask for; where
// there is none to choose, the row says what to train first.
#pragma once
#include <adwaita.h>
#include "work/training.h"

G_BEGIN_DECLS

#define PCT_TYPE_SOURCE_ROWS (pct_source_rows_get_type())
G_DECLARE_FINAL_TYPE(PctSourceRows, pct_source_rows, PCT, SOURCE_ROWS, GtkWidget)

// Hidden until updated.
GtkWidget *pct_source_rows_new(PctProject *project, PctKind *kind);
// After the options or the project's models changed.
void pct_source_rows_update(PctSourceRows *self, const PctOptionValues *options);
// What is chosen, nothing but what shows; borrowed until the next update.
PctTrainingSources pct_source_rows_get_sources(PctSourceRows *self);
// Why no training can start, a sentence; NULL: one can. Borrowed until the next update.
const char *pct_source_rows_get_problem(PctSourceRows *self);
// A path; NULL: none.
void pct_source_rows_set_photographs(PctSourceRows *self, const char *folder);

G_END_DECLS
