// SPDX-License-Identifier: GPL-3.0-or-later
// A model on disk: WORKSPACE/models/<kind>-<n>/ with model.json (kind, options, recording's fingerprint, seed, versions,
// state, best scores), weights.safetensors, and for a training under way optimizer.safetensors and curves.csv.
// model.json is written last, so a folder with one is whole.
#pragma once
#include "decode/decoder.h"

typedef struct {
  char *kind, *name;        // "cgan", "cgan-1" (the folder's base name)
  char *fingerprint;        // of the recording it was fitted on
  char *recording_name;
  PctOptionValues *options;
  guint64 seed;
  gboolean finished;        // FALSE: stopped, can be resumed
  char *created;            // ISO 8601, UTC
  double seconds;           // spent fitting
  double validation_pixcorr, validation_ssim;  // NAN where unknown
} PctModelInfo;

void pct_model_info_free(PctModelInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctModelInfo, pct_model_info_free)

PctModelInfo *pct_model_info_load(const char *folder, GError **error);
gboolean pct_model_info_save(const PctModelInfo *info, const char *folder, GError **error);

gboolean pct_decoder_save(const PctDecoder *decoder, const PctModelInfo *info, const char *folder, GError **error);
PctDecoder *pct_decoder_load(const char *folder, GError **error);
