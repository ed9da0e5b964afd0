// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "import/catalogue.h"
#include <string.h>

static void
entry_free(PctCatalogueEntry *entry)
{
  g_free(entry->name);
  g_free(entry);
}

// The last n parts of a path. Free with g_free.
static char *
dup_tail(const char *path, guint n)
{
  const char *at = path + strlen(path);
  for (guint found = 0; at > path; at--)
    if (at[-1] == G_DIR_SEPARATOR && ++found == n)
      break;
  return g_filename_display_name(at);
}

// As few parts of its path as tell it apart from all others.
static char *
dup_source_name(const GPtrArray *sources, guint i)
{
  const char *path = ((PctArraySource *)sources->pdata[i])->path;
  for (guint n = 1;; n++) {
    g_autofree char *name = dup_tail(path, n);
    gboolean unique = TRUE;
    for (guint j = 0; j < sources->len && unique; j++) {
      g_autofree char *other = dup_tail(((PctArraySource *)sources->pdata[j])->path, n);
      unique = j == i || !g_str_equal(name, other);
    }
    if (unique || n > 64)
      return g_steal_pointer(&name);
  }
}

PctCatalogue *
pct_catalogue_new_take(GPtrArray *sources)
{
  g_return_val_if_fail(sources, NULL);
  PctCatalogue *catalogue = g_new0(PctCatalogue, 1);
  catalogue->sources = sources;
  catalogue->entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
  for (guint i = 0; i < sources->len; i++) {
    PctArraySource *source = sources->pdata[i];
    g_autofree char *prefix = dup_source_name(sources, i);
    for (guint j = 0; j < source->arrays->len; j++) {
      PctForeignArray *array = source->arrays->pdata[j];
      PctCatalogueEntry *entry = g_new0(PctCatalogueEntry, 1);
      g_autofree char *valid = g_utf8_make_valid(array->name, -1);
      entry->name = *valid ? g_strdup_printf("%s/%s", prefix, valid) : g_strdup(prefix);
      entry->source = source;
      entry->number = j;
      entry->array = array;
      g_ptr_array_add(catalogue->entries, entry);
    }
  }
  return catalogue;
}

void
pct_catalogue_free(PctCatalogue *catalogue)
{
  if (!catalogue)
    return;
  g_ptr_array_unref(catalogue->entries);
  g_ptr_array_foreach(catalogue->sources, (GFunc)(void (*)(void))pct_array_source_free, NULL);
  g_ptr_array_set_free_func(catalogue->sources, NULL);
  g_ptr_array_unref(catalogue->sources);
  g_free(catalogue);
}

const PctCatalogueEntry *
pct_catalogue_find(const PctCatalogue *catalogue, const char *name)
{
  for (guint i = 0; i < catalogue->entries->len; i++) {
    const PctCatalogueEntry *entry = catalogue->entries->pdata[i];
    if (g_str_equal(entry->name, name))
      return entry;
  }
  return NULL;
}

PctNpyArray *
pct_catalogue_read_part(const PctCatalogueEntry *entry, gsize first, gsize n, GError **error)
{
  gsize there = entry->array->n_dims ? entry->array->shape[0] : 1;
  first = MIN(first, there);
  return entry->source->class->read(entry->source, entry->number, first, MIN(n, there - first), error);
}

PctNpyArray *
pct_catalogue_read(const PctCatalogueEntry *entry, GError **error)
{
  return pct_catalogue_read_part(entry, 0, G_MAXSIZE, error);
}
