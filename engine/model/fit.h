// SPDX-License-Identifier: GPL-3.0-or-later
// What fitting a model is handed, whichever way it goes. All borrowed. A model is fitted on the train tier, tuned on
// validation and never sees test.
#pragma once
#include "base/options.h"
#include "data/recording.h"
#include "data/statistics.h"

// Defined further up (encode/encoder.h, encode/mei.h): who is handed them knows them.
struct _PctEncoder;
struct _PctMeiSet;

typedef struct {
  const PctRecording *recording;
  const PctStatistics *statistics;
  const PctOptionValues *options;  // of the kind's table
  guint64 seed;
  const char *folder;              // for checkpoints and curves.csv; NULL: keep none
  gboolean resume;                 // go on from the folder's checkpoint, exactly
  // Held-out responses (n_preview,M), each the mean of preview_averaged trials, that an iterative decoder decodes now
  // and then for PctProgress.preview (n_preview pictures, same order). For the eye alone: nothing may depend on them.
  const float *preview_responses;
  int n_preview;
  double preview_averaged;
  // What it is made with, where its kind and options ask for it (pct_model_kind_get_needs); otherwise NULL. The encoder
  // fits the recording's neurons and frame; the set is of its frame and may lack neurons, whose rows are not there or not
  // ready (pct_mei_set_is_ready).
  const struct _PctEncoder *encoder;
  const struct _PctMeiSet *meis;
  // A folder of photographs (PNG, JPEG) that pretraining may show the encoder beside the train images; NULL: none.
  const char *photographs;
} PctFit;
