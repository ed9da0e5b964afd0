// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "import/array-source.h"
#include <string.h>

PctForeignArray *
pct_foreign_array_new(const char *name, PctNpyKind kind, gsize item_size, guint n_dims, const gsize *shape)
{
  g_return_val_if_fail(name && n_dims <= PCT_NPY_MAX_DIMS, NULL);
  PctForeignArray *array = g_new0(PctForeignArray, 1);
  array->name = g_strdup(name);
  array->kind = kind;
  array->item_size = item_size;
  array->n_dims = n_dims;
  for (guint i = 0; i < n_dims; i++)
    array->shape[i] = shape[i];
  return array;
}

void
pct_foreign_array_free(PctForeignArray *array)
{
  if (!array)
    return;
  g_free(array->name);
  g_free(array->note);
  g_free(array);
}

void
pct_array_source_init(PctArraySource *source, const PctArraySourceClass *class, const char *path, const char *format)
{
  source->class = class;
  source->path = g_canonicalize_filename(path, NULL);
  source->shown = g_path_get_basename(source->path);
  source->format = format;
  source->arrays = g_ptr_array_new_with_free_func((GDestroyNotify)pct_foreign_array_free);
  source->remarks = g_ptr_array_new_with_free_func(g_free);
}

void
pct_array_source_clear(PctArraySource *source)
{
  g_clear_pointer(&source->path, g_free);
  g_clear_pointer(&source->shown, g_free);
  g_clear_pointer(&source->arrays, g_ptr_array_unref);
  g_clear_pointer(&source->remarks, g_ptr_array_unref);
}

void
pct_array_source_free(PctArraySource *source)
{
  if (source)
    source->class->free(source);
}
