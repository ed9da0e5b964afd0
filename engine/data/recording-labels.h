// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a recording's neurons and of its making beside the numbers: area, layer and depth of each neuron,
// how many degrees of the visual field a pixel covers, and how the file came about. All of it is optional, and none of
// it is part of the recording's identity.
// Invariant: a label is a line of UTF-8 of at most PCT_LABEL_LONGEST characters; "" is "not known", and so is a depth of
// NAN. Provenance is a JSON object.
#pragma once
#include "data/archive.h"
#include "data/npz-writer.h"
#include "data/recording.h"

#define PCT_LABEL_LONGEST 200
// No screen covers more with a pixel.
#define PCT_DEGREES_PER_PIXEL_MOST 90.0f

void pct_recording_data_clear_labels(PctRecordingData *data);

// FALSE with PCT_ERROR_SHAPE (not one label for each neuron) or PCT_ERROR_FORMAT.
gboolean pct_recording_data_check_labels(const PctRecordingData *data, GError **error);

// Of from's neurons (data->n_neurons,), in that order (NULL: all), and of the whole. data has none yet.
void pct_recording_data_copy_labels(PctRecordingData *data, const PctRecordingData *from, const int *neurons);

// One text for each of n_neurons from the array `name` into *out; absent: TRUE, nothing is set. FALSE with
// PCT_ERROR_SHAPE, or PCT_ERROR_FORMAT where it is no sound text.
gboolean pct_recording_data_read_label(const PctRecordingData *data, PctArchive *archive, const char *name, char ***out,
                                       GError **error);
// One depth in micrometres for each neuron; absent: TRUE, nothing is set.
gboolean pct_recording_data_read_depth(PctRecordingData *data, PctArchive *archive, const char *name, GError **error);

// From cell_area.npy, cell_layer.npy, cell_depth.npy, degrees_per_pixel.npy and provenance.npy, each if it is there;
// n_neurons must be known.
gboolean pct_recording_data_read_labels(PctRecordingData *data, PctArchive *archive, GError **error);

// The same arrays. Text is spelled anew as numpy has it and kept in spelled (of g_free'd memory) for as long as the
// writer needs it; numbers are borrowed from data.
void pct_recording_data_write_labels(const PctRecordingData *data, PctNpzWriter *writer, GPtrArray *spelled);
