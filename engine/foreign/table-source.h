// SPDX-License-Identifier: GPL-3.0-or-later
// A table (table.h) as a source: a table of numbers is the array "" (rows, columns), and every column that has a name is
// an array of its own, as are all columns, by their number from 1, of a table of numbers and text without a header.
#pragma once
#include "base/run.h"
#include "import/array-source.h"

// NULL with PCT_ERROR_IO, _FORMAT or _MEMORY.
PctArraySource *pct_table_source_open(const char *path, const PctRun *run, GError **error);
