// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "foreign/npy-source.h"
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "data/archive.h"
#include "foreign/kept-array.h"
#include "foreign/object-array.h"
#include "foreign/source-list.h"
#include "foreign/text-array.h"

#define DEEPEST 5         // folders in folders
#define MOST_FOLDERS 256
#define MOST_OBJECTS ((gsize)1 << 30)  // bytes of a file of Python objects
// Files of their own of which each that cannot be read has a sentence of its own.
#define MOST_SENTENCES 20

typedef struct {
  char *file;          // in the archive; of numbered files: their folder
  gsize n_files;       // 0: one file that is the array
  PctNpyHeader header; // of the file, or of the first of them
  PctNpyArray *made;   // of objects, in memory since they had to be read to be listed; else NULL
} Entry;

typedef struct {
  PctArraySource base;
  PctArchive *archive;
  GPtrArray *entries;  // of Entry, as base.arrays
  PctKeptArray kept;
} NpySource;

typedef struct {
  NpySource *source;
  PctSourceList list;
  const PctRun *run;
  guint n_folders, n_files;
} Listing;

static void
entry_free(gpointer data)
{
  Entry *entry = data;
  g_free(entry->file);
  pct_npy_array_free(entry->made);
  g_free(entry);
}

static void
npy_source_free(PctArraySource *base)
{
  NpySource *self = (NpySource *)base;
  pct_kept_array_clear(&self->kept);
  g_clear_pointer(&self->archive, pct_archive_free);
  g_ptr_array_unref(self->entries);
  pct_array_source_clear(base);
  g_free(self);
}

static PctNpyArray *
read_whole(PctArraySource *base, guint number, GError **error)
{
  NpySource *self = (NpySource *)base;
  const Entry *entry = self->entries->pdata[number];
  return pct_archive_read(self->archive, entry->file, error);
}

// Files first .. first + n - 1, each checked to be as the first was.
static PctNpyArray *
read_numbered(NpySource *self, const Entry *entry, gsize first, gsize n, GError **error)
{
  const PctNpyHeader *header = &entry->header;
  gsize shape[PCT_NPY_MAX_DIMS] = { n }, size = header->n_items * header->item_size;
  if (header->n_dims > 0)
    memcpy(shape + 1, header->shape, header->n_dims * sizeof *shape);
  g_autoptr(PctNpyArray) out = pct_npy_array_new(header->kind, header->item_size, header->n_dims + 1, shape,
                                                 self->base.shown, error);
  for (gsize i = 0; out && i < n; i++) {
    g_autofree char *file = g_strdup_printf("%s%s%zu.npy", entry->file, *entry->file ? "/" : "", first + i);
    g_autoptr(PctNpyArray) one = pct_archive_read(self->archive, file, error);
    if (!one)
      return NULL;
    if (one->kind != header->kind || one->item_size != header->item_size || one->n_dims != header->n_dims ||
        (one->n_dims > 0 && memcmp(one->shape, header->shape, one->n_dims * sizeof *shape) != 0)) {
      g_autofree char *found = pct_npy_array_describe(one);
      g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s/%s” is %s, another shape or type than file 0."),
                  self->base.shown, file, found);
      return NULL;
    }
    if (size > 0)
      memcpy((guint8 *)out->data + i * size, one->data, size);
  }
  return g_steal_pointer(&out);
}

static PctNpyArray *
npy_source_read(PctArraySource *base, guint number, gsize first, gsize n, GError **error)
{
  NpySource *self = (NpySource *)base;
  const Entry *entry = self->entries->pdata[number];
  if (entry->made)
    return pct_array_slice(entry->made, first, n, base->shown, error);
  if (entry->n_files > 0)
    return read_numbered(self, entry, first, n, error);
  gboolean in_parts = entry->header.n_dims > 0 && n < entry->header.shape[0];
  if (in_parts && !(self->kept.array && self->kept.number == number)) {
    g_autoptr(GError) reason = NULL;
    PctNpyArray *part = pct_archive_read_rows(self->archive, entry->file, first, n, &reason);
    if (part || !g_error_matches(reason, PCT_ERROR, PCT_ERROR_UNSUPPORTED)) {
      if (!part)
        g_propagate_error(error, g_steal_pointer(&reason));
      return part;
    }
  }
  return pct_kept_array_read(&self->kept, read_whole, base, number, first, n, error);
}

static const PctArraySourceClass npy_source_class = { npy_source_read, npy_source_free };

static void
add(Listing *listing, const char *name, const char *file, gsize n_files, const PctNpyHeader *header)
{
  gsize shape[PCT_NPY_MAX_DIMS] = { n_files };
  guint extra = n_files > 0;
  if (header->n_dims + extra > PCT_NPY_MAX_DIMS) {
    pct_source_list_leave_out(&listing->list, name, _("it has too many dimensions"));
    return;
  }
  if (header->n_dims > 0)
    memcpy(shape + extra, header->shape, header->n_dims * sizeof *shape);
  if (!pct_source_list_add_take(&listing->list, pct_foreign_array_new(name, header->kind, header->item_size,
                                                                      header->n_dims + extra, shape)))
    return;
  Entry *entry = g_new0(Entry, 1);
  *entry = (Entry){ g_strdup(file), n_files, *header, NULL };
  g_ptr_array_add(listing->source->entries, entry);
}

static void
add_column(Listing *listing, const char *name, PctObjectColumn *column)
{
  const PctNpyArray *array = column->array;
  g_autofree char *path = g_strconcat(name, *name && *column->name ? "/" : "", column->name, NULL);
  if (!pct_source_list_add_take(&listing->list, pct_foreign_array_new(path, array->kind, array->item_size, array->n_dims,
                                                                      array->shape)))
    return;
  Entry *entry = g_new0(Entry, 1);
  entry->made = g_steal_pointer(&column->array);
  g_ptr_array_add(listing->source->entries, entry);
}

// reason is why the file is no plain array: the answer if it is not one of objects either.
static gboolean
add_objects(Listing *listing, const char *name, const char *file, GError *reason, GError **error)
{
  g_autoptr(GError) owned = reason;
  g_autoptr(GBytes) bytes = pct_archive_read_bytes(listing->source->archive, file, MOST_OBJECTS, error);
  if (!bytes)
    return FALSE;
  gsize n;
  gboolean is_objects;
  const guint8 *start = g_bytes_get_data(bytes, &n);
  g_autofree char *shown = g_path_get_basename(file);
  g_autoptr(GPtrArray) left_out = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) columns = pct_object_array_read(start, n, shown, &is_objects, left_out, error);
  if (!is_objects)
    g_propagate_error(error, g_steal_pointer(&owned));
  for (guint i = 0; columns && i < columns->len; i++)
    add_column(listing, name, columns->pdata[i]);
  for (guint i = 0; i < left_out->len; i++) {
    g_autofree char *path = g_strconcat(name, *name ? "/" : "", (const char *)left_out->pdata[i], NULL);
    pct_source_list_leave_out(&listing->list, path, _("it is a Python object, or differs in size from one item to the next"));
  }
  return columns != NULL;
}

// FALSE with an error if nothing is known of the file.
static gboolean
add_file(Listing *listing, const char *name, const char *file, GError **error)
{
  PctNpyHeader header;
  g_autoptr(GError) reason = NULL;
  if (pct_archive_read_header(listing->source->archive, file, &header, &reason)) {
    add(listing, name, file, 0, &header);
    return TRUE;
  }
  if (g_error_matches(reason, PCT_ERROR, PCT_ERROR_UNSUPPORTED))
    return add_objects(listing, name, file, g_steal_pointer(&reason), error);
  g_propagate_error(error, g_steal_pointer(&reason));
  return FALSE;
}

// Number of "<i>.npy", or -1: digits without leading zeros.
static gint64
parse_number(const char *name)
{
  gsize digits = strspn(name, "0123456789");
  return digits == 0 || digits > 9 || strcmp(name + digits, ".npy") != 0 || (digits > 1 && name[0] == '0')
             ? -1
             : g_ascii_strtoll(name, NULL, 10);
}

// Whether all are numbered; then whether from 0 without a gap.
static gboolean
are_numbered(const GPtrArray *names, gboolean *whole)
{
  gint64 greatest = -1;
  for (guint i = 0; i < names->len; i++) {
    gint64 number = parse_number(names->pdata[i]);
    if (number < 0)
      return FALSE;
    greatest = MAX(greatest, number);
  }
  *whole = greatest + 1 == names->len;
  return names->len > 1;
}

static gboolean
report(Listing *listing, GError **error)
{
  return ++listing->n_files % 64 != 0 || pct_run_step(listing->run, listing->n_files, 0, error);
}

static void
remark(Listing *listing, GError *reason)
{
  GPtrArray *remarks = listing->source->base.remarks;
  if (remarks->len < MOST_SENTENCES)
    g_ptr_array_add(remarks, g_strdup(reason->message));
}

static gboolean
list_files(Listing *listing, const char *folder, const GPtrArray *names, GError **error)
{
  gboolean whole = FALSE, numbered = are_numbered(names, &whole);
  if (numbered && !whole)
    pct_source_list_leave_out(&listing->list, folder, _("its files are not numbered from 0 without a gap"));
  for (guint i = 0; i < names->len && !(numbered && (!whole || i > 0)); i++) {
    const char *name = numbered ? "0.npy" : names->pdata[i];
    g_autofree char *file = g_strconcat(folder, *folder ? "/" : "", name, NULL);
    g_autofree char *shown = g_strndup(file, strlen(file) - strlen(".npy"));
    g_autoptr(GError) reason = NULL;
    PctNpyHeader header;
    if (!numbered)
      add_file(listing, shown, file, &reason);
    else if (pct_archive_read_header(listing->source->archive, file, &header, &reason))
      add(listing, folder, folder, names->len, &header);
    if (reason)
      remark(listing, reason);
    if (!report(listing, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
list_folder(Listing *listing, const char *folder, int depth, GError **error)
{
  g_autoptr(GPtrArray) names = pct_archive_list(listing->source->archive, folder);
  g_autoptr(GPtrArray) arrays = g_ptr_array_new(), others = g_ptr_array_new();
  for (guint i = 0; i < names->len; i++) {
    const char *name = names->pdata[i];
    if (g_str_has_suffix(name, ".npy") && name[0] != '.')
      g_ptr_array_add(arrays, names->pdata[i]);
    else if (!strchr(name, '.'))
      g_ptr_array_add(others, names->pdata[i]);
  }
  if (!list_files(listing, folder, arrays, error))
    return FALSE;
  for (guint i = 0; i < others->len && depth < DEEPEST && listing->n_folders < MOST_FOLDERS; i++) {
    g_autofree char *inner = g_strconcat(folder, *folder ? "/" : "", (const char *)others->pdata[i], NULL);
    listing->n_folders++;
    if (!list_folder(listing, inner, depth + 1, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
pct_npy_folder_is_suite2p(const char *path)
{
  static const char *const beside[] = { "iscell.npy", "stat.npy", "ops.npy", "spks.npy" };
  g_autofree char *traces = g_build_filename(path, "F.npy", NULL);
  for (guint i = 0; i < G_N_ELEMENTS(beside); i++) {
    g_autofree char *other = g_build_filename(path, beside[i], NULL);
    if (g_file_test(traces, G_FILE_TEST_IS_REGULAR) && g_file_test(other, G_FILE_TEST_IS_REGULAR))
      return TRUE;
  }
  return FALSE;
}

static PctArraySource *
open_with(const char *path, const char *archive, const char *file, const char *format, const PctRun *run,
          GError **error)
{
  NpySource *self = g_new0(NpySource, 1);
  pct_array_source_init(&self->base, &npy_source_class, path, format);
  g_autoptr(PctArraySource) source = &self->base;
  self->entries = g_ptr_array_new_with_free_func(entry_free);
  self->archive = pct_archive_open(archive, NULL, error);
  if (!self->archive)
    return NULL;
  g_auto(PctSourceList) list = { 0 };
  pct_source_list_init(&list, source);
  Listing listing = { self, list, run, 0, 0 };
  gboolean ok = file ? add_file(&listing, "", file, error) : list_folder(&listing, "", 0, error);
  return ok && pct_source_list_finish(&listing.list, error) ? g_steal_pointer(&source) : NULL;
}

PctArraySource *
pct_npy_source_open_file(const char *path, const PctRun *run, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path);
  return open_with(path, folder, name, "npy", run, error);
}

PctArraySource *
pct_npy_source_open_archive(const char *path, const PctRun *run, GError **error)
{
  gboolean is_folder = g_file_test(path, G_FILE_TEST_IS_DIR);
  return open_with(path, path, NULL, pct_npy_folder_is_suite2p(path) ? "suite2p" : is_folder ? "npy folder" : "npz", run,
                   error);
}
