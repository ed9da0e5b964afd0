// SPDX-License-Identifier: GPL-3.0-or-later
// The arrays that every layout of a recording has in common, taken from an archive: each function reads one array,
// checks its shape against what is known so far and puts it in the recording's data.
#pragma once
#include "data/archive.h"
#include "data/recording.h"

// FALSE with PCT_ERROR_SHAPE, naming archive/name, what was expected (translated) and what the array is.
gboolean pct_shape_error(const PctArchive *archive, const char *name, const PctNpyArray *array, const char *expected,
                         GError **error);
// A size that must fit an int; FALSE with PCT_ERROR_SHAPE.
gboolean pct_size_to_int(const PctArchive *archive, const char *name, const PctNpyArray *array, guint dimension,
                         int *out, GError **error);

// (N,) names of tiers; sets n_trials if it is 0.
gboolean pct_recording_data_read_tiers(PctRecordingData *data, PctArchive *archive, const char *name, GError **error);
// (M,); n_neurons must be known. Absent: TRUE, nothing is set.
gboolean pct_recording_data_read_unit_ids(PctRecordingData *data, PctArchive *archive, const char *name,
                                          GError **error);
// (M, 2 or 3). Absent: TRUE, nothing is set.
gboolean pct_recording_data_read_positions(PctRecordingData *data, PctArchive *archive, const char *name,
                                           GError **error);
// (n,) or, of more than one column, (n, columns) numbers into *out; expected is for the sentence where the shape is
// another (translated). Absent: TRUE, nothing is set.
gboolean pct_recording_data_read_floats(PctArchive *archive, const char *name, int n, int columns, const char *expected,
                                        float **out, GError **error);
// (N,) whole numbers that fit 32 bits into *out; n_trials must be known. Absent: TRUE, nothing is set.
gboolean pct_recording_data_read_trial_numbers(const PctRecordingData *data, PctArchive *archive, const char *name,
                                               gint32 **out, GError **error);
