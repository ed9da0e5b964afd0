// SPDX-License-Identifier: GPL-3.0-or-later
// Encoders over a tier, as percept-cli score prints them: how well each predicts every neuron, means over neurons, with
// the floors: the mean training response, and each encoder on other images. Single trials and means over repeats are
// columns of their own, and means that a recording holds already are never called single trials.
#pragma once
#include <json-glib/json-glib.h>
#include "data/statistics.h"
#include "encode/encoder.h"

typedef struct _PctEncoderScores PctEncoderScores;

// With the floor of the mean training response. Both are borrowed. NULL with PCT_ERROR_MEMORY or _CANCELLED.
PctEncoderScores *pct_encoder_scores_new(PctRecording *recording, const PctStatistics *statistics, PctTier tier,
                                         const PctRun *run, GError **error);
void pct_encoder_scores_free(PctEncoderScores *scores);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctEncoderScores, pct_encoder_scores_free)

// Adds the encoder, and the same on shuffled images. name: for a person; folder: the model's. FALSE with PCT_ERROR_SHAPE
// (it is not for this recording) or the errors of pct_encoder_predict.
gboolean pct_encoder_scores_add(PctEncoderScores *scores, const char *name, const char *folder,
                                const PctEncoder *encoder, const PctRun *run, GError **error);

void pct_encoder_scores_print(const PctEncoderScores *scores);
// An array of rows, where the builder expects a value.
void pct_encoder_scores_add_json(const PctEncoderScores *scores, JsonBuilder *builder);
void pct_encoder_scores_print_csv(const PctEncoderScores *scores);
