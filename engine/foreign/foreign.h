// SPDX-License-Identifier: GPL-3.0-or-later
// The one door to foreign files: opens what it is given, by content and not by ending alone, as sources of arrays
// (import/array-source.h). For percept-import and tests alone: the libraries behind it (matio, HDF5, image readers) were
// not made for hostile files, and whoever calls them must be able to die.
#pragma once
#include "base/run.h"
#include "import/array-source.h"

// A source for each path (a file or a folder; a folder may hold several, of which each becomes a source), of
// PctArraySource; free with g_ptr_array_unref. NULL with PCT_ERROR_IO, _FORMAT, _UNSUPPORTED (nothing readable; the
// sentence says what can be read), _MEMORY or _CANCELLED.
GPtrArray *pct_foreign_open(const char *const *paths, const PctRun *run, GError **error);
