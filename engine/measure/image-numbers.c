// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/image-numbers.h"

gsize
pct_number_images(const int *images, gsize n, gsize *out)
{
  g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
  for (gsize i = 0; i < n; i++) {
    gpointer key = GINT_TO_POINTER(images[i]), found;
    if (!g_hash_table_lookup_extended(known, key, NULL, &found)) {
      found = GSIZE_TO_POINTER((gsize)g_hash_table_size(known));
      g_hash_table_insert(known, key, found);
    }
    out[i] = GPOINTER_TO_SIZE(found);
  }
  return g_hash_table_size(known);
}
