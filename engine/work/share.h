// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace as one file that is given away: NAME.percept.zip, a plain zip of NAME.percept/ and, where the recording
// goes along, NAME.npz beside it. Invariant: nothing in it names a folder of this computer; workspace.json says which
// recording it belongs to by name, sizes and fingerprint; trainings that are not finished stay at home. Opened by
// work/shared-file.h. For work/ and percept-cli.
#pragma once
#include "data/recording.h"
#include "base/run.h"

#define PCT_SHARE_SUFFIX ".percept.zip"

typedef struct {
  PctRecording *recording;  // all of it, with its own name
  gboolean demo;            // the one that Percept makes itself
  const char *workspace;    // folder, which need not be there
  GPtrArray *models;        // folders of finished models
  gboolean with_recording;
} PctShare;

// The folders of the finished models of a workspace, and with shipped of those that come with Percept. Free with
// g_ptr_array_unref.
GPtrArray *pct_share_list_models(const char *workspace, gboolean shipped);
// How large the file will be, in bytes, but for some bytes a name.
guint64 pct_share_measure(const PctShare *share);
// Writes the file at path, whose base name gives NAME. FALSE with PCT_ERROR_IO, _CANCELLED, or what pct_model_info_load
// says (_UNSUPPORTED: a model is not finished, or two have one name); path is then as it was.
gboolean pct_share_write(const PctShare *share, const char *path, const PctRun *run, GError **error);
