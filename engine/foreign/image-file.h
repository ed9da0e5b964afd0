// SPDX-License-Identifier: GPL-3.0-or-later
// One file of one or more grey images. PNG and JPEG are read as photographs (data/photograph.h); TIFF files of 8 bits as
// grey levels, and of 16 bits or of floats as the numbers that they hold, page by page. Colours become Rec. 601 luma.
#pragma once
#include <glib.h>

typedef struct _PctImageFile PctImageFile;

// By the first bytes of a file.
gboolean pct_image_file_recognise(const guint8 *head, gsize n);

// NULL with PCT_ERROR_FORMAT or _MEMORY (absurdly large).
PctImageFile *pct_image_file_open(const char *path, GError **error);
void pct_image_file_free(PctImageFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctImageFile, pct_image_file_free)

// Goes to the next page, at first the first; FALSE if there is none. Whole grey levels (of 8 bits) or any numbers.
gboolean pct_image_file_next(PctImageFile *file, int *height, int *width, gboolean *is_whole);
// Goes to a page.
gboolean pct_image_file_go(PctImageFile *file, guint page);
// The page (height, width), free with g_free; a photograph may be turned upright. NULL with PCT_ERROR_FORMAT or _MEMORY.
float *pct_image_file_read(PctImageFile *file, int *height, int *width, GError **error);
