// SPDX-License-Identifier: GPL-3.0-or-later
// What work/ itself (and percept-cli) does with a set beyond what views may: the worker that fills it hands it over
// here, and the main thread asks what is new.
#pragma once
#include "encode/mei.h"
#include "work/meis.h"

// folder: of the model, with meis.npz. What the recording wants of it: neurons below n_neurons, height x width pixels.
PctMeis *pct_meis_new(const char *folder, int n_neurons, int height, int width);
const char *pct_meis_get_path(PctMeis *self);  // of meis.npz
// Any thread. The set of the file at path, if it fits such a recording; it may lack neurons. NULL with the errors of
// pct_mei_set_load, or PCT_ERROR_SHAPE where it is of another frame or of neurons that the recording does not have.
PctMeiSet *pct_meis_load_set(const char *path, int n_neurons, int height, int width, GError **error);
// Any thread. The set, which lives as long as self; NULL: not read, not begun.
PctMeiSet *pct_meis_get_set(PctMeis *self);
// Any thread; only where there is none. set: taken.
void pct_meis_take_set(PctMeis *self, PctMeiSet *set);
// Any thread. Reads the file unless there is a set already. FALSE with the errors of pct_mei_set_load, or
// PCT_ERROR_SHAPE where it is not of this recording.
gboolean pct_meis_read(PctMeis *self, GError **error);
// Main thread: tells of the rows that became ready since.
void pct_meis_update(PctMeis *self);
