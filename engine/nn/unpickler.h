// SPDX-License-Identifier: GPL-3.0-or-later
// What a PyTorch state dict says of its arrays, read from a pickle that is never run: the few instructions that make up
// a state dict are understood, names are compared with six known ones, and every other instruction or name is refused
// by a sentence. Nothing recurses, and memory is bounded by the pickle's length.
#pragma once
#include <glib.h>

typedef enum {
  PCT_STORAGE_FLOAT,   // float32
  PCT_STORAGE_DOUBLE,  // float64
  PCT_STORAGE_HALF,    // float16
  PCT_STORAGE_LONG,    // int64
} PctStorageType;

// A view of a storage, as the pickle claims it: numbers may be negative, enormous or beyond the storage.
typedef struct {
  char *name;          // of the array in the state dict
  char *storage;       // name of the storage, a file of the archive; any UTF-8 text
  PctStorageType type;
  gint64 n_storage;    // elements of the storage
  gint64 offset;       // first element of the view
  int rank;            // 0 .. PCT_TENSOR_MAX_RANK
  gint64 *shape;       // (rank,)
  gint64 *stride;      // (rank,) elements
} PctPickledTensor;

// The arrays in the dict's order, each name once; shown is the file in messages. Free with g_ptr_array_unref.
// NULL with PCT_ERROR_FORMAT (damaged, not a dict of arrays) or PCT_ERROR_UNSUPPORTED (asks for something else).
GPtrArray *pct_unpickle_state_dict(const guint8 *bytes, gsize n, const char *shown, GError **error);
