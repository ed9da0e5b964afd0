// SPDX-License-Identifier: GPL-3.0-or-later
// What work/ itself does with kinds and models beyond what views may.
#pragma once
#include "model/model-info.h"
#include "work/meis-private.h"
#include "work/model-decoder.h"
#include "work/model-encoder.h"
#include "work/model.h"

PctKind *pct_kind_new(const PctModelKind *about);
const PctModelKind *pct_kind_get_about(PctKind *self);

// What the recording wants of a model.
typedef struct {
  int n_neurons, height, width;
} PctModelFrame;

// info: taken; NULL with problem set: a broken one. kind and problem may be NULL.
PctModel *pct_model_new(const char *folder, gboolean shipped, PctKind *kind, PctModelInfo *info, const char *problem,
                        const PctModelFrame *frame);
// Borrowed; NULL for another role.
PctModelDecoder *pct_model_get_decoder(PctModel *self);
PctModelEncoder *pct_model_get_encoder(PctModel *self);
const PctModelInfo *pct_model_get_info(PctModel *self);  // NULL for a broken one
// A training has begun: until its "finished" the model is PCT_MODEL_TRAINING.
void pct_model_set_job(PctModel *self, PctJob *job);
// It has ended; info: taken, NULL: as before.
void pct_model_end_job(PctModel *self, PctModelInfo *info);
