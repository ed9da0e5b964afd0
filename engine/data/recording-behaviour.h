// SPDX-License-Identifier: GPL-3.0-or-later
// What the animal did in each trial: running speed, pupil size and position, and when the trial began. All of it is
// optional and describes trials without being part of the recording's identity (its fingerprint does not change).
// Invariant: NAN is "not measured in that trial", and nothing is infinite.
#pragma once
#include "data/archive.h"
#include "data/npz-writer.h"
#include "data/recording.h"

void pct_recording_data_clear_behaviour(PctRecordingData *data);

// FALSE with PCT_ERROR_FORMAT where a value is infinite: the sentence names what, and which trial.
gboolean pct_recording_data_check_behaviour(const PctRecordingData *data, GError **error);

// The behaviour in from's trials (data->n_trials,), in that order. data has none yet.
void pct_recording_data_copy_behaviour(PctRecordingData *data, const PctRecordingData *from, const int *trials);

// From running_speed.npy, pupil_size.npy, pupil_position.npy and trial_time.npy, each if it is there; n_trials must be
// known. FALSE with PCT_ERROR_SHAPE, or what reading an array says.
gboolean pct_recording_data_read_behaviour(PctRecordingData *data, PctArchive *archive, GError **error);
// The same arrays, borrowed from data until the writer is freed.
void pct_recording_data_write_behaviour(const PctRecordingData *data, PctNpzWriter *writer);
