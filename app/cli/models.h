// SPDX-License-Identifier: GPL-3.0-or-later
// Models and recordings as they are named on the command line.
#pragma once
#include "data/recording.h"
#include "decode/model-folder.h"

// A recording with what is computed of it once.
typedef struct {
  PctRecording *recording;
  PctStatistics *statistics;
  char *path;  // absolute; NULL: the demo
} PctOpenedRecording;

// argument: a path, or "demo".
gboolean pct_recording_argument_open(PctOpenedRecording *opened, const char *argument, const PctRun *run,
                                     GError **error);
void pct_opened_recording_clear(PctOpenedRecording *opened);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctOpenedRecording, pct_opened_recording_clear)

// The model's folder: argument itself, or the model of that name in the workspace (NULL: none). Free with g_free.
char *pct_model_argument_find(const char *argument, const char *workspace);
// A finished model with its description. FALSE with the errors of pct_decoder_load, or PCT_ERROR_UNSUPPORTED (stopped).
gboolean pct_model_open(const char *folder, PctModelInfo **info, PctDecoder **decoder, GError **error);
