// SPDX-License-Identifier: GPL-3.0-or-later
// The safetensors format (8 bytes length, a JSON header, raw arrays): named float32 arrays, as PyTorch and numpy read
// them. Files are hostile: lengths, shapes and offsets are checked before they are believed. F16, BF16 and F64 are
// converted to float32 on reading; other types are refused.
#pragma once
#include <glib.h>

#define PCT_TENSOR_MAX_RANK 8

typedef struct {
  char *name;
  int rank;                             // 0: one number
  gsize shape[PCT_TENSOR_MAX_RANK];
  gsize count;                          // product of shape
  float *values;                        // (count,)
  gboolean borrowed;                    // the values are somebody else's
} PctTensor;

typedef struct _PctTensors PctTensors;

PctTensors *pct_tensors_new(void);
void pct_tensors_free(PctTensors *tensors);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctTensors, pct_tensors_free)

// Adds a copy / takes a g_malloc'ed array. A name must be new.
void pct_tensors_add(PctTensors *tensors, const char *name, const float *values, int rank, const gsize *shape);
void pct_tensors_add_take(PctTensors *tensors, const char *name, float *values, int rank, const gsize *shape);
// Neither: values must stay as they are until the collection is freed. For what is large and about to be written.
void pct_tensors_add_borrowed(PctTensors *tensors, const char *name, const float *values, int rank, const gsize *shape);
// Shorthand for a vector.
void pct_tensors_add_vector(PctTensors *tensors, const char *name, const float *values, gsize n);
// Short text kept in the file's __metadata__.
void pct_tensors_set_metadata(PctTensors *tensors, const char *key, const char *value);
const char *pct_tensors_get_metadata(const PctTensors *tensors, const char *key);
// A checkpoint's number that was kept as text, which holds a double exactly. FALSE with PCT_ERROR_FORMAT if it is not there.
gboolean pct_tensors_require_number(const PctTensors *tensors, const char *key, double *number, GError **error);
// The keys, sorted, ended by NULL. Free with g_strfreev.
char **pct_tensors_dup_metadata_keys(const PctTensors *tensors);
// What messages call the file they came from; loading sets it.
void pct_tensors_set_source(PctTensors *tensors, const char *name);
const char *pct_tensors_get_source(const PctTensors *tensors);  // translated, where they came from no file

guint pct_tensors_get_n(const PctTensors *tensors);
const PctTensor *pct_tensors_get(const PctTensors *tensors, guint i);
// NULL if there is none.
const PctTensor *pct_tensors_find(const PctTensors *tensors, const char *name);
// Finds it and checks its shape: NULL with PCT_ERROR_FORMAT (not there) or PCT_ERROR_SHAPE.
const PctTensor *pct_tensors_require(const PctTensors *tensors, const char *name, int rank, const gsize *shape,
                                     GError **error);

// Atomic; flushed to the disk.
gboolean pct_safetensors_save(const PctTensors *tensors, const char *path, GError **error);
PctTensors *pct_safetensors_load(const char *path, GError **error);
// The same of the arrays whose names start with prefix, and the metadata: for files that are to be read in parts.
PctTensors *pct_safetensors_load_part(const char *path, const char *prefix, GError **error);
// From memory; name is for messages.
PctTensors *pct_safetensors_parse(const guint8 *bytes, gsize n, const char *name, GError **error);
