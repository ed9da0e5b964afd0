// SPDX-License-Identifier: GPL-3.0-or-later
// The scores of every model and floor over the held-out images as a table: all measures with their intervals, and the
// spread of one of them over images, with the image in hand marked in it. Single trials and means over repeats are two tables behind one switch, and the title says
// which one is seen.
#pragma once
#include <gtk/gtk.h>
#include "work/scores.h"

G_BEGIN_DECLS

#define PCT_TYPE_SCORE_GRID (pct_score_grid_get_type())
G_DECLARE_FINAL_TYPE(PctScoreGrid, pct_score_grid, PCT, SCORE_GRID, GtkWidget)

// Its switches activate compare.averaged and compare.central. Scores are computed while it is mapped.
GtkWidget *pct_score_grid_new(PctProject *project);
// The image to mark; -1: none.
void pct_score_grid_set_image(PctScoreGrid *self, int image);
void pct_score_grid_set_averaged(PctScoreGrid *self, gboolean averaged);
gboolean pct_score_grid_get_averaged(PctScoreGrid *self);
void pct_score_grid_set_frame(PctScoreGrid *self, PctFrame frame);
PctFrame pct_score_grid_get_frame(PctScoreGrid *self);
// One of the table's measures (measure-text.h): the one whose spread is drawn. PixCorr at first.
void pct_score_grid_set_measure(PctScoreGrid *self, PctMeasure measure);
// What it shows. Borrowed.
PctScoreTable *pct_score_grid_get_table(PctScoreGrid *self);
// FALSE where there is but one: no image was shown twice, or the recording holds averages only.
gboolean pct_score_grid_has_both(PctScoreGrid *self);

G_END_DECLS
