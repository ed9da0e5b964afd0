// SPDX-License-Identifier: GPL-3.0-or-later
// MATLAB's .mat files of versions 4, 5 to 7 and 7.3, by matio. Arrays keep MATLAB's order of indices. The fields of a
// struct are arrays under its name ("stim/resp"); a vector of equal arrays, in a cell or as a field of a struct array,
// is one array with a new first dimension (and without their own, where they are single numbers); texts are an array of
// text, one a cell, or one a row of a char array, or without dimensions where there is only one row. Complex and sparse
// arrays, function handles, objects and tables are left out, by a remark.
#pragma once
#include "base/run.h"
#include "foreign/mat-check.h"
#include "import/array-source.h"

// A file of n_bytes that pct_mat_check has said to be of that version. NULL with PCT_ERROR_FORMAT, _UNSUPPORTED or
// _CANCELLED.
PctArraySource *pct_mat_source_open(const char *path, PctMatVersion version, gsize n_bytes, const PctRun *run,
                                    GError **error);
