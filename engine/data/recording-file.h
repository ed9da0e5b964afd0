// SPDX-License-Identifier: GPL-3.0-or-later
// Opening and saving recordings: the one door that hides which layout a file has (npz, file tree as folder or zip).
#pragma once
#include "base/run.h"
#include "data/recording.h"

// NULL with PCT_ERROR_IO, _FORMAT, _SHAPE, _MEMORY, _UNSUPPORTED or _CANCELLED, one sentence.
PctRecording *pct_recording_open(const char *path, const PctRun *run, GError **error);
// The same from a zip file in memory; name is the recording's and stands in error messages.
PctRecording *pct_recording_open_memory(GBytes *bytes, const char *name, const PctRun *run, GError **error);
// Writes the npz layout, atomically.
gboolean pct_recording_save(PctRecording *recording, const char *path, const PctRun *run, GError **error);
// The same with another account of how it came about: a JSON object, or NULL for none.
gboolean pct_recording_save_with_provenance(PctRecording *recording, const char *provenance, const char *path,
                                            const PctRun *run, GError **error);
