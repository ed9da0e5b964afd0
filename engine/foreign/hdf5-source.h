// SPDX-License-Identifier: GPL-3.0-or-later
// HDF5 files, and NWB files, which are HDF5 with names agreed on: every dataset of numbers or text, by its path. An object
// that several links lead to is listed once; links into other files, and datasets whose values lie in other files, are
// not followed. Of an NWB series with a starting time and a rate, "timestamps" is made from them and says so.
#pragma once
#include "base/run.h"
#include "import/array-source.h"

// NULL with PCT_ERROR_FORMAT, _UNSUPPORTED or _CANCELLED.
PctArraySource *pct_hdf5_source_open(const char *path, const PctRun *run, GError **error);
