// SPDX-License-Identifier: GPL-3.0-or-later
// An encoder on disk: WORKSPACE/models/<kind>-<n>/ with weights.safetensors, which PyTorch's load_state_dict takes, and
// the model.json that describes it (model/model-info.h). For work/ and percept-cli. Any thread.
#pragma once
#include "encode/encoder.h"
#include "model/model-info.h"

// Into a folder that is there: weights first, model.json (with the encoder's own sizes) last. info is of an encoder's
// kind. FALSE with PCT_ERROR_IO.
gboolean pct_encoder_folder_save(const PctEncoder *encoder, const PctModelInfo *info, const char *folder,
                                 GError **error);
// The encoder of a folder that info describes. NULL with PCT_ERROR_IO, _FORMAT, _SHAPE or _MEMORY.
PctEncoder *pct_encoder_folder_load(const char *folder, const PctModelInfo *info, GError **error);
// The file of its weights. Free with g_free.
char *pct_encoder_folder_dup_weights_path(const char *folder);
