// SPDX-License-Identifier: GPL-3.0-or-later
// An .npy file of Python objects (|O), such as suite2p's stat.npy and ops.npy, as arrays. Of a dict: an array for each
// member that is a number, a text, a list of these, or a numpy array. Of n dicts: for each member that all have and that
// is of one size, an array with n first. Of n numbers, texts or equal arrays: one array.
#pragma once
#include <glib.h>
#include "data/npy.h"

typedef struct {
  char *name;          // of the member; "" where there is only one array
  PctNpyArray *array;
} PctObjectColumn;

// Of PctObjectColumn, free with g_ptr_array_unref; left_out is given the names (char *) of members that are nothing of
// that. *is_objects FALSE, and NULL without an error: the file is not of objects. NULL with PCT_ERROR_FORMAT,
// _UNSUPPORTED (asks for a program) or _MEMORY.
GPtrArray *pct_object_array_read(const guint8 *bytes, gsize n, const char *shown, gboolean *is_objects,
                                 GPtrArray *left_out, GError **error);
