// SPDX-License-Identifier: GPL-3.0-or-later
// A decoder on disk: WORKSPACE/models/<kind>-<n>/ with weights.safetensors and the model.json that describes it
// (model/model-info.h).
#pragma once
#include "decode/decoder.h"
#include "model/model-info.h"

// Makes the folder where it is not there; weights first, model.json (with the decoder's own sizes) last. info is of the
// decoder's kind. FALSE with PCT_ERROR_IO.
gboolean pct_decoder_save(const PctDecoder *decoder, const PctModelInfo *info, const char *folder, GError **error);
// NULL with the errors of pct_model_info_load, or PCT_ERROR_SHAPE or _MEMORY.
PctDecoder *pct_decoder_load(const char *folder, GError **error);
// The hash of the decoder's weights (model/weights-hash.h). NULL with PCT_ERROR_IO or _CANCELLED. Free with g_free.
char *pct_decoder_folder_dup_hash(const char *folder, const PctRun *run, GError **error);
