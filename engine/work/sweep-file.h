// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep on disk, for the window and percept-cli: the pictures as X.webp, X.png or X.npy, what each is of as X.csv,
// and what all was made of as X.json (model/provenance.h). Where z was averaged over, X.npy has X-spread.npy beside
// it.
#pragma once
#include "data/animation-file.h"
#include "decode/sweep-pictures.h"
#include "model/model-info.h"

// Everything borrowed.
typedef struct {
  const PctSweepRecipe *recipe;
  const PctSweep *sweep;
  const PctSweepPictures *pictures;  // all there
  PctSweepLatent latent;
  guint64 seed;          // of the draws
  guint64 fixed_seed;    // FIXED: what z was drawn from; 0: z = 0
  const char *recording, *fingerprint, *trials;  // trials NULL: all
  const PctModelInfo *info;
  const char *model_hash;
  // Whose responses it starts from; image -1: none of the recording's; repeat -1: the mean over all.
  int image, repeat;
  const float *recorded, *responses;  // (M,) those, and as they were set: what differs is told
} PctSweepFile;

// Whether the ending is one of the three; else FALSE with PCT_ERROR_UNSUPPORTED.
gboolean pct_sweep_file_check(const char *path, GError **error);
// The pictures first, what tells of them last. animation: of a .webp; its scale also of a .png. FALSE with
// PCT_ERROR_UNSUPPORTED (another ending, too large), _MEMORY, _IO or _CANCELLED.
gboolean pct_sweep_file_save(const PctSweepFile *file, const char *path, const PctAnimationOptions *animation,
                             const PctRun *run, GError **error);
