// SPDX-License-Identifier: GPL-3.0-or-later
// A training from its first step to a model on disk: fit, score on validation, save. Invariant: afterwards the folder
// holds a finished model, or one with a checkpoint to go on from, or nothing of use, which the caller removes
// (pct_workspace_folder_has_checkpoint tells). Any thread.
#pragma once
#include "decode/model-folder.h"

// fit->folder is the model's, options and seed are info's. info: what is known of the model before; gains seconds,
// validation figures, sizes and finished. A kind that is not iterative decodes fit's preview once, at the end.
// NULL with the errors of pct_decoder_fit or pct_decoder_save.
PctDecoder *pct_fit_model(const PctDecoderClass *klass, const PctFit *fit, PctModelInfo *info, const PctRun *run,
                          GError **error);
