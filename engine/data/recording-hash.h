// SPDX-License-Identifier: GPL-3.0-or-later
// What makes two recordings the same: the frame, and trial by trial the picture shown, the tier and the responses, as
// values. How a file numbers its images, keeps images no trial showed, or stores a value (byte or float, float16 or
// float32) is not part of it.
#pragma once
#include "data/recording.h"

// SHA-256 in 64 hex digits. data must have been checked (pct_recording_new_take). Free with g_free.
char *pct_recording_data_hash(const PctRecordingData *data);

// Whether all n values are whole grey levels, 0 to 255.
gboolean pct_is_whole_bytes(const float *values, gsize n);

// Makes a recording that nobody else knows yet a part of the one with that fingerprint.
void pct_recording_set_part(PctRecording *recording, const char *fingerprint, const char *trials);

// The arrays of a recording, for those who write them. Borrowed.
const PctRecordingData *pct_recording_get_data(const PctRecording *recording);
