// SPDX-License-Identifier: GPL-3.0-or-later
// Where foreign arrays come from: one opened file or folder that knows which arrays it holds and reads those it is
// asked for. The readers are engine/foreign's; everything else of an import sees this interface alone. Arrays are
// row-major with their indices in the order in which their own tools show them: MATLAB's as MATLAB indexes them (a
// 36 x 64 x 4500 stack stays that), HDF5's as they are stored. Not for several threads at once.
#pragma once
#include "data/npy.h"

typedef struct {
  char *name;      // within the source, parts separated by '/': "stim/resp"; "" for a source that is one array
  PctNpyKind kind; // UNICODE: text
  gsize item_size; // bytes; of text: of the array that read will give, or 0 where that is not known before
  guint n_dims;
  gsize shape[PCT_NPY_MAX_DIMS];
  char *note;      // what the file says of it (unit, description), for a person; or NULL
} PctForeignArray;

PctForeignArray *pct_foreign_array_new(const char *name, PctNpyKind kind, gsize item_size, guint n_dims,
                                       const gsize *shape);
void pct_foreign_array_free(PctForeignArray *array);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctForeignArray, pct_foreign_array_free)

typedef struct _PctArraySource PctArraySource;

typedef struct {
  // Items first .. first + n - 1 of the first dimension of an array (n_dims > 0), which exist; of an array without
  // dimensions: first 0, n 1. The array's shape is then (n, ...), or () for one without. NULL with PCT_ERROR_FORMAT,
  // _IO, _MEMORY or _UNSUPPORTED.
  PctNpyArray *(*read)(PctArraySource *self, guint array, gsize first, gsize n, GError **error);
  void (*free)(PctArraySource *self);
} PctArraySourceClass;

// A reader's own source begins with this.
struct _PctArraySource {
  const PctArraySourceClass *class;
  char *path;          // absolute
  char *shown;         // base name, for a person
  const char *format;  // what it is: "MATLAB 5", "HDF5", "NWB", "image folder", ...; not translated
  GPtrArray *arrays;   // of PctForeignArray, in the file's order, names unique
  GPtrArray *remarks;  // of char *: sentences on what could not be taken as it is ("3 of 200 images are cropped ...")
};

// For readers: fills in the common part, with empty lists.
void pct_array_source_init(PctArraySource *source, const PctArraySourceClass *class, const char *path,
                           const char *format);
// For readers: frees the common part.
void pct_array_source_clear(PctArraySource *source);
void pct_array_source_free(PctArraySource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctArraySource, pct_array_source_free)
