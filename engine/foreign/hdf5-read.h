// SPDX-License-Identifier: GPL-3.0-or-later
// One dataset of an HDF5 file: what it would be in memory, whether its declared size can be true, and its values.
// Numbers of any byte order become this machine's; truth values are h5py's enumeration of FALSE and TRUE.
#pragma once
#include <hdf5.h>
#include "import/array-source.h"

// NULL if the dataset cannot be listed; fault is then why, the rest of a sentence. n_bytes: of the file. name: of the
// array.
PctForeignArray *pct_hdf5_describe(hid_t dataset, const char *name, gsize n_bytes, const char **fault);

// Items first .. first + n - 1 of the dataset's first dimension, as array describes it. NULL with PCT_ERROR_FORMAT or
// _MEMORY.
PctNpyArray *pct_hdf5_read(hid_t dataset, const PctForeignArray *array, gsize first, gsize n, const char *shown,
                           GError **error);
