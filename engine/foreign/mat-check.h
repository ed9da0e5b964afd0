// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a file is MATLAB's, and whole, since matio does not notice damage: its outermost variables are walked by the
// sizes they declare ("MAT-File Format", The MathWorks), and none may reach beyond the end.
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
// Whether the variable of this number, from 0, of a version 5 file, unpacks to what its checksum says; those that are not
// packed do. FALSE with PCT_ERROR_FORMAT or _IO.
gboolean pct_mat_check_packed(const char *path, guint number, GError **error);
