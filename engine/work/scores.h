// SPDX-License-Identifier: GPL-3.0-or-later
// Scores as views hold them: of one picture, and of a model (or a floor) over a whole tier. Single trials and means
// over repeats are two figures, never mixed; every table carries its floors.
#pragma once
#include <math.h>
#include "measure/frequency.h"
#include "measure/score-summary.h"
#include "work/project.h"

G_BEGIN_DECLS

// Of one picture against the original, by frame (full, central). Conventions of measure/image-quality.h. NAN: unknown.
typedef struct {
  double pixcorr[PCT_N_FRAMES], ssim[PCT_N_FRAMES], mse[PCT_N_FRAMES];
} PctPictureScore;
#define PCT_PICTURE_SCORE_UNKNOWN \
  ((PctPictureScore){ { NAN, NAN }, { NAN, NAN }, { NAN, NAN } })

PctPictureScore pct_picture_score(const PctPicture *picture, const PctPicture *original);

typedef enum {
  PCT_ROW_MEAN_IMAGE,         // floor: the mean train image
  PCT_ROW_NEAREST_NEIGHBOUR,  // floor: the train image with the most alike responses
  PCT_ROW_MODEL,
  PCT_ROW_SHUFFLED,           // floor: the model of the row before, on other images' responses
} PctRowKind;

// Signal "changed" when its scores came.
#define PCT_TYPE_SCORE_ROW (pct_score_row_get_type())
G_DECLARE_FINAL_TYPE(PctScoreRow, pct_score_row, PCT, SCORE_ROW, GObject)

PctRowKind pct_score_row_get_kind(PctScoreRow *self);
PctModel *pct_score_row_get_model(PctScoreRow *self);  // NULL for the first two kinds. Borrowed
const char *pct_score_row_get_title(PctScoreRow *self);  // translated; a model's name
// FALSE: not computed yet (or failed: then there is an error sentence).
gboolean pct_score_row_is_ready(PctScoreRow *self);
const char *pct_score_row_get_problem(PctScoreRow *self);
// Mean over the tier; NAN before it is ready.
double pct_score_row_get_mean(PctScoreRow *self, PctFrame frame, PctMeasure measure);
// What 95 % of the means that other images of the same sort would give lie between (measure/bootstrap.h); NAN before it
// is ready, and where there are not two images.
PctInterval pct_score_row_get_interval(PctScoreRow *self, PctFrame frame, PctMeasure measure);
// (n,) one a picture, in the recording's order: an image each for means, a trial each for single trials. Borrowed until
// "changed"; NULL before it is ready. images (n,) are their numbers; may be NULL.
const float *pct_score_row_get_values(PctScoreRow *self, PctFrame frame, PctMeasure measure, int *n,
                                      const int **images);
// Of one image (mean over its trials for single trials); NAN if the tier has it not.
double pct_score_row_get_image_value(PctScoreRow *self, PctFrame frame, PctMeasure measure, int image);
// (*n,) the tier's images that have a value, best first (the least squared error, the most of anything else; of equals
// in the order of their numbers): the median is the one at (*n - 1) / 2. NULL before it is ready. Free with g_free.
int *pct_score_row_dup_order(PctScoreRow *self, PctFrame frame, PctMeasure measure, int *n);

// A GListModel of PctScoreRow for one tier and mode: the floors, then every finished model, each followed by its
// shuffled floor. Rows come as models do and fill in, one background job a row; what was computed once is kept by the
// project. Nothing is computed before the table is active.
#define PCT_TYPE_SCORE_TABLE (pct_score_table_get_type())
G_DECLARE_FINAL_TYPE(PctScoreTable, pct_score_table, PCT, SCORE_TABLE, GObject)

// Starts with the test tier, means over repeats, not active.
PctScoreTable *pct_score_table_new(PctProject *project);
void pct_score_table_set_mode(PctScoreTable *self, PctTier tier, gboolean averaged);
PctTier pct_score_table_get_tier(PctScoreTable *self);
gboolean pct_score_table_get_averaged(PctScoreTable *self);
// E.g. while its page is visible. What is under way goes on.
void pct_score_table_set_active(PctScoreTable *self, gboolean active);
// The row of a model (not its floor); NULL if there is none. Borrowed.
PctScoreRow *pct_score_table_find(PctScoreTable *self, PctModel *model);

G_END_DECLS
