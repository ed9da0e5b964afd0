// SPDX-License-Identifier: GPL-3.0-or-later
// Models and recordings as they are named on the command line.
#pragma once
#include "data/recording.h"
#include "decode/model-folder.h"
#include "encode/encoder.h"
#include "encode/mei.h"
#include "work/kinds.h"

// A recording with what is computed of it once.
typedef struct {
  PctRecording *recording;
  PctStatistics *statistics;
  char *path;  // absolute; NULL: the demo
  int n_all_trials;  // before any filter
} PctOpenedRecording;

// Whether it can be opened as it is; FALSE with PCT_ERROR_UNSUPPORTED: a shared file, which must be unpacked first.
gboolean pct_recording_argument_check(const char *argument, GError **error);
// argument: a path, or "demo". trials: the condition that its trials must meet (work/trial-filter.h); NULL: all.
gboolean pct_recording_argument_open(PctOpenedRecording *opened, const char *argument, const char *trials,
                                     const PctRun *run, GError **error);
void pct_opened_recording_clear(PctOpenedRecording *opened);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctOpenedRecording, pct_opened_recording_clear)

// The responses to an image into out (M,): those of one of its trials, from 0, or with repeat -1 their mean. FALSE with
// PCT_ERROR_SHAPE (there is no such image, or no such trial of it).
gboolean pct_image_argument_read(const PctRecording *recording, int image, int repeat, float *out, int *n_averaged,
                                 GError **error);

// The model's folder: argument itself, or the model of that name in the workspace (NULL: none) or among those shipped.
// Free with g_free.
char *pct_model_argument_find(const char *argument, const char *workspace);
// The description of a finished model of any role. NULL with the errors of pct_model_info_load, or PCT_ERROR_UNSUPPORTED
// (stopped).
PctModelInfo *pct_model_describe(const char *folder, GError **error);
// A finished decoder with its description. FALSE with the errors of pct_model_describe and pct_decoder_load, or
// PCT_ERROR_UNSUPPORTED (no decoder).
gboolean pct_model_open(const char *folder, PctModelInfo **info, PctDecoder **decoder, GError **error);

// An encoder, from a model's folder or from a file of weights alone.
typedef struct {
  PctEncoder *encoder;
  PctModelInfo *info;  // NULL: weights alone
  char *name;          // for a person; a file's is its absolute path
  char *weights;       // path of the file
} PctOpenedEncoder;

// argument: MODEL or WEIGHTS. linear (of a .pt, which cannot say so), height, width: of weights alone. FALSE with the
// errors of pct_model_describe, pct_encoder_folder_load or pct_encoder_open_weights, or PCT_ERROR_UNSUPPORTED (no
// encoder).
gboolean pct_encoder_argument_open(PctOpenedEncoder *opened, const char *argument, const char *workspace,
                                   gboolean linear, int height, int width, GError **error);
void pct_opened_encoder_clear(PctOpenedEncoder *opened);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctOpenedEncoder, pct_opened_encoder_clear)

// A set of most exciting inputs, from a model's folder or from a file alone.
typedef struct {
  PctMeiSet *set;
  PctModelInfo *info;  // NULL: a file alone
  char *name;          // for a person; a file's is its absolute path
  char *path;          // of the file
} PctOpenedMeis;

// argument: MODEL or MEIS.npz; for a recording of such sizes. FALSE with the errors of pct_model_describe or
// pct_meis_load_set, or PCT_ERROR_UNSUPPORTED (no MEI set).
gboolean pct_meis_argument_open(PctOpenedMeis *opened, const char *argument, const char *workspace, int n_neurons,
                                int height, int width, GError **error);
void pct_opened_meis_clear(PctOpenedMeis *opened);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctOpenedMeis, pct_opened_meis_clear)

// The folder of the best finished encoder, or the newest MEI set (by role), of the workspace that was made of this
// recording (shipped: those that come with Percept are looked at too, for the demo): highest validation correlation, of
// equals the newest. NULL with PCT_ERROR_UNSUPPORTED: the sentence names the command that makes one. Free with g_free.
char *pct_best_source_find(const char *workspace, PctRole role, const char *fingerprint, gboolean shipped,
                           GError **error);
