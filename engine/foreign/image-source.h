// SPDX-License-Identifier: GPL-3.0-or-later
// Image files as one stack: the array "" (images, height, width), grey levels as uint8, or float32 where a TIFF file has
// more than 8 bits; and "names" (images,), the files' without their endings. Files are in natural order ("img2" before
// "img10"), a TIFF file's pages after one another. Images of other sizes than most have become the size of most: their
// largest middle part of that shape, averaged over areas; a remark says how many.
#pragma once
#include "base/run.h"
#include "import/array-source.h"

// files: names of image files, (n_files > 0,), in the folder; or path is the one file and files NULL. NULL with
// PCT_ERROR_FORMAT, _UNSUPPORTED or _CANCELLED.
PctArraySource *pct_image_source_open(const char *path, const GPtrArray *files, const PctRun *run, GError **error);

// Names as a person would sort them; for g_ptr_array_sort of char *.
int pct_compare_naturally(gconstpointer a, gconstpointer b);
