// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "import/catalogue.h"
#include <string.h>

struct _PctCatalogueIndex {
  GHashTable *entries;  // names, borrowed, to entries
  guint n;              // how many of the catalogue's entries are in it: the first
};

static void
entry_free(PctCatalogueEntry *entry)
{
  g_free(entry->name);
  pct_foreign_array_free(entry->own);
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
  catalogue->index = g_new0(struct _PctCatalogueIndex, 1);
  catalogue->index->entries = g_hash_table_new(g_str_hash, g_str_equal);
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
  g_hash_table_unref(catalogue->index->entries);
  g_free(catalogue->index);
  g_ptr_array_unref(catalogue->entries);
  g_ptr_array_foreach(catalogue->sources, (GFunc)(void (*)(void))pct_array_source_free, NULL);
  g_ptr_array_set_free_func(catalogue->sources, NULL);
  g_ptr_array_unref(catalogue->sources);
  g_free(catalogue);
}

// The first of that name. Names are looked up for every pair of an array and a role, and files may have ten thousand
// arrays.
static const PctCatalogueEntry *
find_entry(const PctCatalogue *catalogue, const char *name)
{
  struct _PctCatalogueIndex *index = catalogue->index;
  for (; index->n < catalogue->entries->len; index->n++) {
    PctCatalogueEntry *entry = catalogue->entries->pdata[index->n];
    if (!g_hash_table_contains(index->entries, entry->name))
      g_hash_table_insert(index->entries, entry->name, entry);
  }
  return g_hash_table_lookup(index->entries, name);
}

// Where "[:,2]" or "[2,:]" ends a name: the length of what stands before it; 0: it does not.
static gsize
parse_part(const char *name, gsize *place, gboolean *is_row)
{
  const char *open = strrchr(name, '[');
  if (!open || open == name)
    return 0;
  const char *digits = g_str_has_prefix(open, "[:,") ? open + 3 : open + 1;
  gsize n = strspn(digits, "0123456789");
  *is_row = digits == open + 1;
  if (n == 0 || n > 9 || !g_str_equal(digits + n, *is_row ? ",:]" : "]"))
    return 0;
  *place = g_ascii_strtoull(digits, NULL, 10);
  return (gsize)(open - name);
}

const PctCatalogueEntry *
pct_catalogue_find(const PctCatalogue *catalogue, const char *name)
{
  const PctCatalogueEntry *found = find_entry(catalogue, name);
  gsize place = 0;
  gboolean is_row = FALSE;
  gsize length = found ? 0 : parse_part(name, &place, &is_row);
  g_autofree char *start = g_strndup(name, length);
  const PctCatalogueEntry *whole = length ? find_entry(catalogue, start) : NULL;
  if (!whole || whole->own || whole->array->n_dims != 2)
    return found;
  if (place >= whole->array->shape[is_row ? 0 : 1])
    return NULL;
  PctCatalogueEntry *entry = g_memdup2(whole, sizeof *whole);
  entry->name = g_strdup(name);
  entry->own = pct_foreign_array_new(whole->array->name, whole->array->kind, whole->array->item_size, 1,
                                     &whole->array->shape[is_row ? 1 : 0]);
  entry->own->note = g_strdup(whole->array->note);
  entry->array = entry->own;
  entry->place = place;
  entry->is_row = is_row;
  g_ptr_array_add(catalogue->entries, entry);
  return entry;
}

// In place: items first .. first + n - 1 of a row (1, columns), or the column of (n, columns), as a vector.
static void
take_part(PctNpyArray *array, const PctCatalogueEntry *entry, gsize first, gsize n)
{
  gsize columns = array->shape[1], size = array->item_size, start = entry->is_row ? first : entry->place;
  gsize step = entry->is_row ? 1 : columns;
  guint8 *to = array->data;
  for (gsize i = 0; i < n; i++)
    memmove(to + i * size, (const guint8 *)array->data + (start + i * step) * size, size);
  array->n_dims = 1;
  array->shape[0] = array->n_items = n;
}

PctNpyArray *
pct_catalogue_read_part(const PctCatalogueEntry *entry, gsize first, gsize n, GError **error)
{
  gsize there = entry->array->n_dims ? entry->array->shape[0] : 1;
  first = MIN(first, there);
  n = MIN(n, there - first);
  PctArraySource *source = entry->source;
  if (!entry->own)
    return source->class->read(source, entry->number, first, n, error);
  PctNpyArray *read = source->class->read(source, entry->number, entry->is_row ? entry->place : first,
                                          entry->is_row ? 1 : n, error);
  if (read)
    take_part(read, entry, first, n);
  return read;
}

PctNpyArray *
pct_catalogue_read(const PctCatalogueEntry *entry, GError **error)
{
  return pct_catalogue_read_part(entry, 0, G_MAXSIZE, error);
}
