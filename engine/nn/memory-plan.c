// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/memory-plan.h"

static int
by_size(gconstpointer a, gconstpointer b)
{
  const PctBuffer *x = *(PctBuffer *const *)a, *y = *(PctBuffer *const *)b;
  return x->size < y->size ? 1 : x->size > y->size ? -1 : (x > y) - (x < y);
}

static int
by_offset(gconstpointer a, gconstpointer b)
{
  const PctBuffer *x = *(PctBuffer *const *)a, *y = *(PctBuffer *const *)b;
  return (x->offset > y->offset) - (x->offset < y->offset);
}

gsize
pct_memory_plan(PctBuffer *buffers, guint n)
{
  g_autoptr(GPtrArray) order = g_ptr_array_new(), placed = g_ptr_array_new();
  for (guint i = 0; i < n; i++)
    g_ptr_array_add(order, &buffers[i]);
  g_ptr_array_sort(order, by_size);
  gsize total = 0;
  for (guint i = 0; i < n; i++) {
    PctBuffer *buffer = order->pdata[i];
    gsize offset = 0, size = (buffer->size + 15) / 16 * 16;
    // placed is sorted by offset: take the first gap among those alive at the same time.
    for (guint j = 0; j < placed->len; j++) {
      const PctBuffer *other = placed->pdata[j];
      if (other->end < buffer->start || other->start > buffer->end)
        continue;
      if (offset + size <= other->offset)
        break;
      offset = MAX(offset, other->offset + (other->size + 15) / 16 * 16);
    }
    buffer->offset = offset;
    total = MAX(total, offset + size);
    g_ptr_array_add(placed, buffer);
    g_ptr_array_sort(placed, by_offset);
  }
  return total;
}
