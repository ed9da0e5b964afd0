// SPDX-License-Identifier: GPL-3.0-or-later
// What can be trained (PctKind: a kind of encoder, MEI set or decoder, and its options) and what was (PctModel: a folder
// of the workspace or one shipped with the program). Main thread only, except where said so.
#pragma once
#include "model/model-kind.h"
#include "work/curves.h"
#include "work/job.h"
#include "work/meis.h"
#include "work/options.h"

G_BEGIN_DECLS

#define PCT_TYPE_KIND (pct_kind_get_type())
G_DECLARE_FINAL_TYPE(PctKind, pct_kind, PCT, KIND, GObject)

// All borrowed; title and summary translated.
const char *pct_kind_get_name(PctKind *self);     // "ridge", as on the command line; property "name"
const char *pct_kind_get_title(PctKind *self);    // property "title"
const char *pct_kind_get_summary(PctKind *self);  // one sentence
const char *pct_kind_get_formula(PctKind *self);  // plain text
const char *pct_kind_get_source(PctKind *self);   // citation
const PctOptionTable *pct_kind_get_options(PctKind *self);
PctRole pct_kind_get_role(PctKind *self);
// Trained in steps: has curves and previews, and can be stopped and resumed.
gboolean pct_kind_is_iterative(PctKind *self);
// What a model with these options is made with; options NULL: all that it may come to.
PctModelNeeds pct_kind_get_needs(PctKind *self, const PctOptionValues *options);
// Whether that depends on the options.
gboolean pct_kind_needs_by_options(PctKind *self);
// Whether a model with these options is pretrained, and may be shown photographs; options NULL: whether it can be.
gboolean pct_kind_uses_photographs(PctKind *self, const PctOptionValues *options);

typedef enum {
  PCT_MODEL_TRAINING,    // its job runs or is queued
  PCT_MODEL_UNFINISHED,  // stopped; can be resumed
  PCT_MODEL_FINISHED,    // can be used
  PCT_MODEL_BROKEN,      // cannot be used: pct_model_get_problem says why
} PctModelState;
#define PCT_TYPE_MODEL_STATE (pct_model_state_get_type())
GType pct_model_state_get_type(void);

#define PCT_TYPE_MODEL (pct_model_get_type())
G_DECLARE_FINAL_TYPE(PctModel, pct_model, PCT, MODEL, GObject)

// Signal "changed" (no arguments) after anything below changed; "state" and "job" are also properties that notify,
// "name" a constant one.
const char *pct_model_get_name(PctModel *self);       // "cgan-1": the folder's base name
const char *pct_model_get_folder(PctModel *self);
const char *pct_model_get_kind_name(PctModel *self);  // "cgan"
PctKind *pct_model_get_kind(PctModel *self);          // NULL for a broken one of unknown kind
PctRole pct_model_get_role(PctModel *self);           // that of a decoder for a broken one of unknown kind
PctModelState pct_model_get_state(PctModel *self);
const char *pct_model_get_problem(PctModel *self);    // a sentence; NULL unless broken
gboolean pct_model_is_shipped(PctModel *self);        // read-only, with the program
// The training under way (its curves, previews and progress); NULL else.
PctJob *pct_model_get_job(PctModel *self);
// What it was made with. options are borrowed until "changed"; NULL for a broken one.
const PctOptionValues *pct_model_get_options(PctModel *self);
guint64 pct_model_get_seed(PctModel *self);
const char *pct_model_get_created(PctModel *self);    // ISO 8601, UTC; NULL if unknown
double pct_model_get_seconds(PctModel *self);         // spent fitting; 0 if unknown
// On single trials of the validation tier, full frame; NAN where unknown.
double pct_model_get_validation_pixcorr(PctModel *self);
double pct_model_get_validation_ssim(PctModel *self);
// Of an encoder: mean over neurons of the correlation with single trials of the validation tier; NAN where unknown.
double pct_model_get_validation_correlation(PctModel *self);
// The one that models of its role are chosen by: PixCorr of a decoder, correlation of an encoder; NAN of a MEI set.
double pct_model_get_validation(PctModel *self);
// The name of the encoder it was made with, or the path of its weights; NULL: made with none.
const char *pct_model_get_encoder_name(PctModel *self);
// Of the set of most exciting inputs, likewise; and the folder of photographs it was pretrained on.
const char *pct_model_get_meis_name(PctModel *self);
const char *pct_model_get_photographs(PctModel *self);
// The condition that chose the trials it was trained on; NULL: all.
const char *pct_model_get_trials(PctModel *self);
// Of a MEI set: its images, as far as they are there (the same object as long as the model lives; pct_meis_load reads
// them). NULL for another role. Borrowed.
PctMeis *pct_model_get_meis(PctModel *self);
// The live curves while it trains, else those of its curves.csv; empty for a kind that has none. NULL with an error.
PctCurves *pct_model_dup_curves(PctModel *self, GError **error);

G_END_DECLS
