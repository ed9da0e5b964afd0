// SPDX-License-Identifier: GPL-3.0-or-later
// A training from its first step to a model on disk: fit, score on validation, save. Invariant: afterwards the folder
// holds a finished model, or one with a checkpoint to go on from, or it is gone.
#pragma once
#include "decode/model-folder.h"

// info: what is known of the model before; gains seconds, validation figures, sizes and finished. resume: goes on from
// the folder's checkpoint. *kept: a checkpoint is there. FALSE with the errors of pct_decoder_fit.
gboolean pct_fit_model(const PctRecording *recording, const PctStatistics *statistics, PctModelInfo *info,
                       const char *folder, gboolean resume, gboolean *kept, const PctRun *run, GError **error);
