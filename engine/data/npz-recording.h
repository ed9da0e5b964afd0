// SPDX-License-Identifier: GPL-3.0-or-later
// The npz layout, Percept's own: images (K,H,W) or (K,1,H,W); responses (N,M); image_index (N,), absent where trial i
// showed image i; tiers (N,) names; optionally unit_ids (M,), cell_positions (M,2 or 3), trial_repeat (N,), averaged
// (). A file without averaged, image_index and trial_repeat has one row an image, with nothing to tell a trial from a
// mean: it counts as averaged, so that no score is passed off as one of single trials.
#pragma once
#include "data/archive.h"
#include "data/recording.h"

// Whether the archive looks like this layout.
gboolean pct_npz_recording_detect(const PctArchive *archive);
// Errors as pct_recording_open. name is given to the recording.
PctRecording *pct_npz_recording_read(PctArchive *archive, const char *name, GError **error);
// Writes atomically; whole grey levels as bytes, responses as they are held. data: of a recording, so checked.
gboolean pct_npz_recording_write(const PctRecordingData *data, const char *path, const PctRun *run, GError **error);
