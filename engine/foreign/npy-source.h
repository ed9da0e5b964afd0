// SPDX-License-Identifier: GPL-3.0-or-later
// numpy's arrays: one .npy file (its array is ""), or all of a folder, with the folders in it, or of a zip file (.npz):
// one source, arrays named by their path without ".npy". Where a folder has a file for each trial ("0.npy", "1.npy", ...,
// as sensorium's), these are one array, named as the folder, with the number as a new first dimension. Files of Python
// objects are as in object-array.h ("stat/med"). A folder as suite2p leaves it has the format "suite2p".
#pragma once
#include "base/run.h"
#include "import/array-source.h"

// NULL with PCT_ERROR_IO, _FORMAT, _UNSUPPORTED or _CANCELLED.
PctArraySource *pct_npy_source_open_file(const char *path, const PctRun *run, GError **error);
PctArraySource *pct_npy_source_open_archive(const char *path, const PctRun *run, GError **error);
// Whether a folder holds F.npy and another of suite2p's files.
gboolean pct_npy_folder_is_suite2p(const char *path);
