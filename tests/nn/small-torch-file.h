// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch's file format, written by hand and as wrong as a test wants it: a zip file part by part, a pickle
// instruction by instruction.
#pragma once
#include <glib.h>

// A zip file of unpacked parts in the making.
typedef struct {
  GByteArray *bytes, *directory;
  guint n;
  guint last_start, last_n;  // of the last part: where it is, bytes of content
  guint32 last_crc;
} SmallZip;

void small_zip_init(SmallZip *zip);
void small_zip_add(SmallZip *zip, const char *name, gconstpointer content, gsize n);
// The same with what its directory may lie about: method, packed size, size.
void small_zip_add_lying(SmallZip *zip, const char *name, gconstpointer content, gsize n, guint method,
                         guint32 packed, guint32 size);
// The last part once more under another name of the same length, without being there twice.
void small_zip_add_again(SmallZip *zip, const char *name);
// The file; the zip is used up.
GByteArray *small_zip_end(SmallZip *zip);

// Instructions without operands, one character each.
void small_pickle_add(GByteArray *pickle, const char *instructions);
void small_pickle_name(GByteArray *pickle, const char *module, const char *name);
void small_pickle_text(GByteArray *pickle, const char *text);
void small_pickle_number(GByteArray *pickle, gint64 number);
// A tuple of numbers, by the shortest instructions, as PyTorch does.
void small_pickle_tuple(GByteArray *pickle, const gint64 *numbers, int n);

typedef struct {
  const char *name, *type, *storage;  // type: "FloatStorage" ...
  gint64 n_storage, offset;
  int rank;
  gint64 shape[9], stride[9];
} SmallTensor;

// An array under its name, for SETITEMS.
void small_pickle_tensor(GByteArray *pickle, const SmallTensor *tensor);
// A whole state dict of them, as PyTorch ends it: with versions beside.
GByteArray *small_pickle_state_dict(const SmallTensor *tensors, guint n);
