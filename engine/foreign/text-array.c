// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "foreign/text-array.h"
#include <string.h>

PctNpyArray *
pct_text_array_new(const char *const *texts, guint n_dims, const gsize *shape, const char *shown, GError **error)
{
  gsize longest = 1, n = 1;
  for (guint d = 0; d < n_dims; d++)
    n *= shape[d];
  for (gsize i = 0; i < n; i++) {
    // Bytes are no fewer than characters.
    gsize length = texts[i] ? strlen(texts[i]) : 0;
    longest = MAX(longest, length);
  }
  longest = MIN(longest, PCT_LONGEST_TEXT);
  PctNpyArray *array = pct_npy_array_new(PCT_NPY_UNICODE, 4 * longest, n_dims, shape, shown, error);
  if (!array)
    return NULL;
  memset(array->data, 0, n * 4 * longest);
  for (gsize i = 0; i < n; i++) {
    g_autofree char *valid = texts[i] ? g_utf8_make_valid(texts[i], -1) : g_strdup("");
    guint32 *out = (guint32 *)array->data + i * longest;
    const char *at = valid;
    for (gsize k = 0; k < longest && *at; k++, at = g_utf8_next_char(at))
      out[k] = g_utf8_get_char(at);
  }
  return array;
}

PctNpyArray *
pct_array_slice(const PctNpyArray *array, gsize first, gsize n, const char *shown, GError **error)
{
  gsize shape[PCT_NPY_MAX_DIMS], row = array->item_size;
  memcpy(shape, array->shape, sizeof shape);
  if (array->n_dims > 0)
    shape[0] = n;
  for (guint d = 1; d < array->n_dims; d++)
    row *= shape[d];
  PctNpyArray *part = pct_npy_array_new(array->kind, array->item_size, array->n_dims, shape, shown, error);
  if (part && part->n_items > 0)
    memcpy(part->data, (const guint8 *)array->data + (array->n_dims > 0 ? first * row : 0),
           part->n_items * part->item_size);
  return part;
}
