// SPDX-License-Identifier: GPL-3.0-or-later
// What a model's folder says of it: model.json with kind, options, recording's fingerprint, what it was made with, seed,
// version, state and best scores. The weights lie beside it, for a training under way with its checkpoint and curves.csv.
// model.json is written last, so a folder with one is whole. A model.json is hostile until it is checked: anything that
// is missing, of another type or out of range is one sentence with the file's name.
#pragma once
#include "model/model-kind.h"

typedef struct {
  const PctModelKind *kind;
  char *name;               // "cgan-1" (the folder's base name)
  char *fingerprint;        // of the recording it was fitted on
  char *recording_name;
  char *trials;             // the condition that chose the trials it was fitted on; NULL: all
  PctOptionValues *options;  // of the kind's table
  // What it was made with: a model's name, or the path of a file of weights, and the SHA-256 of its weights in hex
  // digits (of a set, of its images). NULL: nothing.
  char *encoder, *encoder_hash, *meis, *meis_hash;
  char *photographs;        // the folder that pretraining showed the encoder, an absolute path; NULL: none
  guint64 seed;
  gboolean finished;        // FALSE: stopped, can be resumed
  char *created;            // ISO 8601, UTC
  double seconds;           // spent fitting
  double validation_pixcorr, validation_ssim;  // of a decoder; NAN where unknown
  double validation_correlation;  // of an encoder: single trials, mean over neurons; NAN where unknown
  char *version;            // of the Percept that wrote it; saving writes this one's
  int n_neurons, height, width;  // responses (M,), images (H,W); 0 where unknown
} PctModelInfo;

// NULL for a name that is no kind's.
typedef const PctModelKind *(*PctModelKindFind)(const char *name);

// With the kind's default options and NAN figures; everything else is empty.
PctModelInfo *pct_model_info_new(const PctModelKind *kind);
PctModelInfo *pct_model_info_copy(const PctModelInfo *info);
void pct_model_info_free(PctModelInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctModelInfo, pct_model_info_free)

// find: the kinds that the caller knows. NULL with PCT_ERROR_IO, _FORMAT or _UNSUPPORTED (a kind that find does not
// know, or a format that this version does not).
PctModelInfo *pct_model_info_load(const char *folder, PctModelKindFind find, GError **error);
// Whether a stopped training may go on with the trials that this condition chose (NULL: all). FALSE with
// PCT_ERROR_UNSUPPORTED: it began with others.
gboolean pct_model_info_check_trials(const PctModelInfo *info, const char *trials, GError **error);
// Into a folder that is there. Atomic. created NULL: now. FALSE with PCT_ERROR_IO.
gboolean pct_model_info_save(const PctModelInfo *info, const char *folder, GError **error);
