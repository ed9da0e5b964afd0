// SPDX-License-Identifier: GPL-3.0-or-later
// A photograph as an experiment would show it: grey, in the shape and size of a recording's frames. Grey is Rec. 601 luma
// of the pixel values as stored (gamma-coded, as screens show them); what is transparent is mid-grey.
#pragma once
#include <glib.h>

// Grey levels (height, width) of a PNG or JPEG, upright, at least as large as the frame; free with g_free. NULL with
// PCT_ERROR_FORMAT, _SHAPE (smaller than the frame) or _MEMORY (absurdly large, too).
float *pct_photograph_read(const char *path, int frame_height, int frame_width, int *height, int *width, GError **error);
// out (frame_height, frame_width): the largest part of the frame's shape in the photograph's middle. Errors as above.
gboolean pct_photograph_read_framed(const char *path, int frame_height, int frame_width, float *out, GError **error);
