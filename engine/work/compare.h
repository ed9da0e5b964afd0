// SPDX-License-Identifier: GPL-3.0-or-later
// One image as every finished model draws it. A GListModel of PctComparison, one a model in the project's order, that
// follows the project's list; after pct_compare_set each redraws on the interactive lane, and the newest request wins.
#pragma once
#include "work/scores.h"

G_BEGIN_DECLS

// Signal "changed" when a picture (or its failure) came.
#define PCT_TYPE_COMPARISON (pct_comparison_get_type())
G_DECLARE_FINAL_TYPE(PctComparison, pct_comparison, PCT, COMPARISON, GObject)

PctModel *pct_comparison_get_model(PctComparison *self);          // borrowed
PctPicture *pct_comparison_get_picture(PctComparison *self);      // of the image chosen last that came; NULL: none yet
PctPictureScore pct_comparison_get_score(PctComparison *self);    // of that picture
gboolean pct_comparison_is_busy(PctComparison *self);             // a newer picture is on its way
const char *pct_comparison_get_problem(PctComparison *self);      // why there is no picture; NULL: no problem

#define PCT_TYPE_COMPARE (pct_compare_get_type())
G_DECLARE_FINAL_TYPE(PctCompare, pct_compare, PCT, COMPARE, GObject)

PctCompare *pct_compare_new(PctProject *project);
// repeat as in pct_project_dup_responses. image -1: none.
void pct_compare_set(PctCompare *self, int image, int repeat);
int pct_compare_get_image(PctCompare *self);
int pct_compare_get_repeat(PctCompare *self);
PctPicture *pct_compare_get_original(PctCompare *self);  // NULL: no image. Borrowed

G_END_DECLS
