// SPDX-License-Identifier: GPL-3.0-or-later
// A window about one decoder's pictures: its score against the number of repeats, how well it draws coarse and fine
// structure, and what the two players of a GAN came to. One measure and one frame at a time, by the window's own actions
// detail.measure ("s") and detail.central ("b").
#pragma once
#include <adwaita.h>
#include "compare/repeats-card.h"
#include "work/scores.h"

G_BEGIN_DECLS

#define PCT_TYPE_MODEL_DETAIL (pct_model_detail_get_type())
G_DECLARE_FINAL_TYPE(PctModelDetail, pct_model_detail, PCT, MODEL_DETAIL, AdwWindow)

// The model's row of the table is followed as long as the table has it.
GtkWidget *pct_model_detail_new(PctProject *project, PctScoreTable *table, PctModel *model, PctFrame frame,
                                PctMeasure measure);
// Borrowed.
PctModel *pct_model_detail_get_model(PctModelDetail *self);
PctRepeatsCard *pct_model_detail_get_repeats(PctModelDetail *self);

G_END_DECLS
