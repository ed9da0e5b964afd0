// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a file is MATLAB's, and whole: its outermost variables are walked by the sizes they declare ("MAT-File Format",
// The MathWorks), and none may reach beyond the end; what is
// packed is unpacked once to see that it is sound. Only then is matio given the file: it would die of some such damage.
#pragma once
#include <glib.h>

typedef enum {
  PCT_MAT_NONE,
  PCT_MAT_4,
  PCT_MAT_5,   // also what MATLAB 6 and 7 write
  PCT_MAT_73,  // HDF5 inside
} PctMatVersion;

// PCT_MAT_NONE without an error: something else. With PCT_ERROR_IO, or _FORMAT: MATLAB's, but cut short.
PctMatVersion pct_mat_check(const char *path, gsize *n_bytes, GError **error);
