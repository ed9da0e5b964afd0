// SPDX-License-Identifier: GPL-3.0-or-later
#include "memory-source.h"
#include <string.h>

typedef struct {
  PctArraySource parent;
  GPtrArray *data;  // of GBytes, one an array
  gsize n_read;
} MemorySource;

static PctNpyArray *
memory_source_read(PctArraySource *self, guint number, gsize first, gsize n, GError **error)
{
  MemorySource *source = (MemorySource *)self;
  const PctForeignArray *what = self->arrays->pdata[number];
  PctNpyArray *array = g_new0(PctNpyArray, 1);
  gsize items = 1;
  array->kind = what->kind;
  array->item_size = what->item_size;
  array->n_dims = what->n_dims;
  memcpy(array->shape, what->shape, sizeof array->shape);
  for (guint d = 1; d < what->n_dims; d++)
    items *= what->shape[d];
  if (what->n_dims > 0) {
    g_assert_cmpuint(first + n, <=, what->shape[0]);
    array->shape[0] = n;
  }
  array->n_items = items * n;
  const guint8 *bytes = g_bytes_get_data(source->data->pdata[number], NULL);
  array->data = g_malloc(MAX(array->n_items * array->item_size, 1));
  if (array->n_items > 0)
    memcpy(array->data, bytes + first * items * array->item_size, array->n_items * array->item_size);
  source->n_read += n;
  return array;
}

static void
memory_source_free(PctArraySource *self)
{
  MemorySource *source = (MemorySource *)self;
  g_ptr_array_unref(source->data);
  pct_array_source_clear(self);
  g_free(source);
}

static const PctArraySourceClass class = { memory_source_read, memory_source_free };

PctArraySource *
memory_source_new(const char *path, const char *format)
{
  MemorySource *source = g_new0(MemorySource, 1);
  pct_array_source_init(&source->parent, &class, path, format);
  source->data = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  return &source->parent;
}

void
memory_source_add(PctArraySource *self, const char *name, PctNpyKind kind, gsize item_size, guint n_dims,
                  const gsize *shape, gconstpointer data)
{
  MemorySource *source = (MemorySource *)self;
  gsize n = item_size;
  for (guint d = 0; d < n_dims; d++)
    n *= shape[d];
  g_ptr_array_add(self->arrays, pct_foreign_array_new(name, kind, item_size, n_dims, shape));
  g_ptr_array_add(source->data, g_bytes_new(data, n));
}

void
memory_source_add_texts(PctArraySource *self, const char *name, const char *const *texts, gsize n)
{
  enum { LONGEST = 32 };
  g_autofree char *data = g_malloc0(MAX(n, 1) * LONGEST);
  for (gsize i = 0; i < n; i++)
    g_strlcpy(data + i * LONGEST, texts[i], LONGEST);
  memory_source_add(self, name, PCT_NPY_BYTES, LONGEST, 1, &n, data);
}

gsize
memory_source_get_n_read(PctArraySource *source)
{
  return ((MemorySource *)source)->n_read;
}

PctCatalogue *
memory_catalogue_new(PctArraySource *source, ...)
{
  GPtrArray *sources = g_ptr_array_new();
  va_list rest;
  va_start(rest, source);
  for (; source; source = va_arg(rest, PctArraySource *))
    g_ptr_array_add(sources, source);
  va_end(rest);
  return pct_catalogue_new_take(sources);
}
