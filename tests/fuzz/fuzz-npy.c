// SPDX-License-Identifier: GPL-3.0-or-later
// Arbitrary bytes as an .npy array, and as all that can be made of one.
#include "data/npy.h"
#include "target.h"

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctNpyArray) array = pct_npy_read_memory(bytes, n, "input", &error);
  g_assert_true(!array == !!error);
  if (!array)
    return 0;
  g_free(pct_npy_array_describe(array));
  g_free(pct_npy_array_dup_floats(array, "input", NULL));
  g_free(pct_npy_array_dup_integers(array, "input", NULL));
  if (array->kind == PCT_NPY_UNICODE || array->kind == PCT_NPY_BYTES)
    for (gsize i = 0; i < array->n_items; i++)
      g_free(pct_npy_array_dup_text(array, i));
  // What was read can be written and read again.
  g_autoptr(GBytes) again = pct_npy_encode(array->kind, array->item_size, array->n_dims, array->shape, array->data);
  gsize n_again;
  gconstpointer start = g_bytes_get_data(again, &n_again);
  g_autoptr(PctNpyArray) same = pct_npy_read_memory(start, n_again, "again", NULL);
  g_assert_nonnull(same);
  g_assert_cmpmem(same->data, same->n_items * same->item_size, array->data, array->n_items * array->item_size);
  return 0;
}
