// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures side by side, as a strip or a grid, in one PNG: every pixel a crisp square, a white gap between pictures.
// All or nothing on disk.
#pragma once
#include <glib.h>

// pictures (n,H,W) grey levels, clipped to 0..255; n_columns in a row; scale: each pixel becomes scale x scale; gap in
// pixels of the file. FALSE with PCT_ERROR_UNSUPPORTED (larger than can be meant), _MEMORY or _IO.
gboolean pct_picture_sheet_save(const char *path, const float *pictures, gsize n, gsize n_columns, int height,
                                int width, int scale, int gap, GError **error);
