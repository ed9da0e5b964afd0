// SPDX-License-Identifier: GPL-3.0-or-later
// Images as the commands that encode take them: an .npy file, or the array “images” of an .npz file.
#pragma once
#include "base/run.h"

// (*n,*height,*width) grey levels of an array (n,H,W) or (n,1,H,W). NULL with the errors of reading, or PCT_ERROR_SHAPE
// or _FORMAT (a pixel that is not a number). Free with g_free.
float *pct_image_file_read(const char *path, gsize *n, int *height, int *width, const PctRun *run, GError **error);
