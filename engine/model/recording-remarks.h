// SPDX-License-Identifier: GPL-3.0-or-later
// What whoever made a recording had to say of it: the sentences under "remarks" in its provenance (what import dropped,
// guessed or resized). The text may come from anybody.
#pragma once
#include "data/recording.h"

// At most so many are told.
#define PCT_RECORDING_REMARKS 50

// NULL-terminated, each one line of UTF-8; NULL where there are none. Free with g_strfreev.
char **pct_recording_dup_remarks(const PctRecording *recording);
