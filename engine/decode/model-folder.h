// SPDX-License-Identifier: GPL-3.0-or-later
// A model on disk: WORKSPACE/models/<kind>-<n>/ with model.json (kind, options, recording's fingerprint, seed, version,
// state, best scores), weights.safetensors, and for a training under way optimizer.safetensors and curves.csv.
// model.json is written last, so a folder with one is whole. A model.json is hostile until it is checked: anything that
// is missing, of another type or out of range is one sentence with the file's name.
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
  char *version;            // of the Percept that wrote it; saving writes this one's
  int n_neurons, height, width;  // what it decodes: responses (M,) to images (H,W); 0 where unknown
} PctModelInfo;

// With the kind's default options and NAN figures; everything else is empty.
PctModelInfo *pct_model_info_new(const PctDecoderClass *klass);
void pct_model_info_free(PctModelInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctModelInfo, pct_model_info_free)

// NULL with PCT_ERROR_IO, _FORMAT or _UNSUPPORTED (a kind or a format that this version does not know).
PctModelInfo *pct_model_info_load(const char *folder, GError **error);
// Atomic. created NULL: now.
gboolean pct_model_info_save(const PctModelInfo *info, const char *folder, GError **error);

// Makes the folder where it is not there; weights first, model.json (with the decoder's own kind and sizes) last.
// FALSE with PCT_ERROR_IO.
gboolean pct_decoder_save(const PctDecoder *decoder, const PctModelInfo *info, const char *folder, GError **error);
// NULL with the errors of pct_model_info_load, or PCT_ERROR_SHAPE or _MEMORY.
PctDecoder *pct_decoder_load(const char *folder, GError **error);
