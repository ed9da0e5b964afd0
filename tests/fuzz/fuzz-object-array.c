// SPDX-License-Identifier: GPL-3.0-or-later
// Arbitrary bytes as an .npy file of Python objects: arrays that hold together, or one sentence; never more than data.
#include <string.h>
#include "base/error.h"
#include "foreign/object-array.h"
#include "pickle-mutator.h"
#include "target.h"

// The pickle behind the header, whole instructions at a time.
gsize
LLVMFuzzerCustomMutator(guint8 *bytes, gsize n, gsize max, guint seed)
{
  gsize start = n > 10 ? 10 + (bytes[8] | (gsize)bytes[9] << 8) : n;
  if (seed % 4 == 0 || start >= n)
    return LLVMFuzzerMutate(bytes, n, max);
  return start + pickle_mutate(bytes + start, n - start, max - start, seed);
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
  gboolean is_objects;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) left_out = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) columns = pct_object_array_read(bytes, n, "input", &is_objects, left_out, &error);
  g_assert_true(is_objects ? !columns == !!error : !columns && !error);
  if (error)
    g_assert_true(error->domain == PCT_ERROR && g_utf8_validate(error->message, -1, NULL) &&
                  g_str_has_suffix(error->message, "."));
  for (guint i = 0; columns && i < columns->len; i++) {
    const PctObjectColumn *column = columns->pdata[i];
    g_free(pct_npy_array_describe(column->array));
    gsize size = 1;
    for (guint d = 0; d < column->array->n_dims; d++)
      size *= column->array->shape[d];
    g_assert_true(size == column->array->n_items);
    // Every byte is there to be read.
    guint8 sum = 0;
    for (gsize k = 0; k < size * column->array->item_size; k++)
      sum ^= ((const guint8 *)column->array->data)[k];
    g_assert_cmpuint(sum, <=, G_MAXUINT8);
  }
  return 0;
}
