// SPDX-License-Identifier: GPL-3.0-or-later
// Images by how well one decoder drew them: a bar that chooses the decoder and the measure, goes to its best, median and
// worst image, and says where the image in hand stands. What it knows is what the table of scores knows; until the
// decoder's row is there, it knows no order. Signal "changed" after any of its answers may have changed.
#pragma once
#include <gtk/gtk.h>
#include "work/scores.h"

G_BEGIN_DECLS

#define PCT_TYPE_SCORE_WALK (pct_score_walk_get_type())
G_DECLARE_FINAL_TYPE(PctScoreWalk, pct_score_walk, PCT, SCORE_WALK, GtkWidget)

typedef enum { PCT_PLACE_BEST, PCT_PLACE_MEDIAN, PCT_PLACE_WORST } PctPlace;

// Its buttons activate compare.best, .median, .worst, .decoder, .measure and .order. The decoder is at first the one
// with the highest validation score.
GtkWidget *pct_score_walk_new(PctScoreTable *table);

// "ridge-1"; NULL: the table has no model. FALSE if the table has no such model.
const char *pct_score_walk_get_decoder(PctScoreWalk *self);
gboolean pct_score_walk_set_decoder(PctScoreWalk *self, const char *model);
PctMeasure pct_score_walk_get_measure(PctScoreWalk *self);
void pct_score_walk_set_measure(PctScoreWalk *self, PctMeasure measure);
void pct_score_walk_set_frame(PctScoreWalk *self, PctFrame frame);
// The image whose rank is told; -1: none.
void pct_score_walk_set_image(PctScoreWalk *self, int image);

// -1: no order is known yet.
int pct_score_walk_find(PctScoreWalk *self, PctPlace place);
// The image that is `by` places on from image, best first; stops at the ends, and begins with the best from an image
// that has no score. -1: no order is known yet.
int pct_score_walk_step(PctScoreWalk *self, int image, int by);

G_END_DECLS
