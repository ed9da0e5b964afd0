// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/archive.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>
#include "base/error.h"

// Bytes between two reports.
#define PIECE ((gsize)4 << 20)

struct _PctArchive {
  char *shown;
  char *folder;  // NULL: zip
  zip_t *zip;
  const PctRun *run;
  double n_read, n_total;  // bytes; total 0: unknown
};

static PctArchive *
open_zip(PctArchive *archive, zip_source_t *source, zip_error_t *reason, GError **error)
{
  archive->zip = source ? zip_open_from_source(source, ZIP_RDONLY, reason) : NULL;
  if (!archive->zip) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” is cut short or damaged: expected a whole zip file, found one that does not open (%s)."),
                archive->shown, zip_error_strerror(reason));
    if (source)
      zip_source_free(source);
    zip_error_fini(reason);
    pct_archive_free(archive);
    return NULL;
  }
  zip_error_fini(reason);
  zip_int64_t n = zip_get_num_entries(archive->zip, 0);
  for (zip_int64_t i = 0; i < n; i++) {
    zip_stat_t stat;
    if (zip_stat_index(archive->zip, (zip_uint64_t)i, 0, &stat) == 0 && stat.valid & ZIP_STAT_SIZE)
      archive->n_total += (double)stat.size;
  }
  return archive;
}

PctArchive *
pct_archive_open_memory(GBytes *bytes, const char *shown, const PctRun *run, GError **error)
{
  PctArchive *archive = g_new0(PctArchive, 1);
  archive->shown = g_strdup(shown);
  archive->run = run;
  zip_error_t reason;
  zip_error_init(&reason);
  return open_zip(archive, zip_source_buffer_create(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), 0, &reason),
                  &reason, error);
}

PctArchive *
pct_archive_open(const char *path, const PctRun *run, GError **error)
{
  PctArchive *archive = g_new0(PctArchive, 1);
  archive->shown = g_filename_display_basename(path);
  archive->run = run;
  if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
    archive->folder = g_strdup(path);
    if (faccessat(AT_FDCWD, path, R_OK | X_OK, AT_EACCESS) == 0)
      return archive;
    // It would look empty.
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), archive->shown, g_strerror(errno));
    pct_archive_free(archive);
    return NULL;
  }
  zip_error_t reason;
  zip_error_init(&reason);
  return open_zip(archive, zip_source_file_create(path, 0, 0, &reason), &reason, error);
}

void
pct_archive_free(PctArchive *archive)
{
  if (!archive)
    return;
  if (archive->zip)
    zip_discard(archive->zip);
  g_free(archive->folder);
  g_free(archive->shown);
  g_free(archive);
}

const char *
pct_archive_get_shown(const PctArchive *archive)
{
  return archive->shown;
}

char *
pct_archive_dup_shown(const PctArchive *archive, const char *name)
{
  return g_strdup_printf("%s/%s", archive->shown, name);
}

gboolean
pct_archive_has(const PctArchive *archive, const char *name)
{
  if (archive->zip)
    return zip_name_locate(archive->zip, name, 0) >= 0;
  g_autofree char *path = g_build_filename(archive->folder, name, NULL);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
pct_archive_list(const PctArchive *archive, const char *folder)
{
  g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (archive->zip) {
    gsize n_prefix = strlen(folder);
    zip_int64_t n = zip_get_num_entries(archive->zip, 0);
    for (zip_int64_t i = 0; i < n; i++) {
      const char *name = zip_get_name(archive->zip, (zip_uint64_t)i, 0);
      if (!name || strncmp(name, folder, n_prefix) != 0 || (n_prefix && name[n_prefix] != '/'))
        continue;
      name += n_prefix ? n_prefix + 1 : 0;
      gsize length = strcspn(name, "/");
      if (length > 0)
        g_hash_table_add(names, g_strndup(name, length));
    }
  } else {
    g_autofree char *path = g_build_filename(archive->folder, folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
      g_hash_table_add(names, g_strdup(name));
  }
  GPtrArray *list = g_ptr_array_new_full(g_hash_table_size(names), g_free);
  GHashTableIter iter;
  gpointer name;
  g_hash_table_iter_init(&iter, names);
  while (g_hash_table_iter_next(&iter, &name, NULL)) {
    g_hash_table_iter_steal(&iter);
    g_ptr_array_add(list, name);
  }
  g_ptr_array_sort(list, compare_names);
  return list;
}

typedef struct {
  PctArchive *archive;
  zip_file_t *file;
  const char *shown;
} Entry;

static gboolean
damaged(const Entry *entry, const char *reason, GError **error)
{
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is cut short or damaged (%s)."), entry->shown, reason);
  return FALSE;
}

static gboolean
read_from_entry(gpointer source, gpointer out, gsize n, GError **error)
{
  Entry *entry = source;
  PctArchive *archive = entry->archive;
  for (guint8 *at = out; n > 0;) {
    zip_int64_t got = zip_fread(entry->file, at, MIN(n, PIECE));
    if (got <= 0)
      return damaged(entry, got < 0 ? zip_file_strerror(entry->file) : _("it ends too early"), error);
    at += got;
    n -= (gsize)got;
    archive->n_read += (double)got;
    if ((gsize)got == PIECE && !pct_run_step(archive->run, archive->n_read, archive->n_total, error))
      return FALSE;
  }
  return TRUE;
}

// An opened entry whose size its packed bytes can hold; FALSE with an error.
static gboolean
open_entry(Entry *entry, const char *name, gsize *n_bytes, GError **error)
{
  PctArchive *archive = entry->archive;
  zip_stat_t stat;
  zip_uint64_t wanted = ZIP_STAT_INDEX | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
  if (zip_stat(archive->zip, name, 0, &stat) != 0 || (stat.valid & wanted) != wanted)
    return damaged(entry, zip_strerror(archive->zip), error);
  if (stat.size / PCT_ARCHIVE_MOST_PACKED > stat.comp_size)
    return damaged(entry, _("it claims to be larger than its packed bytes can hold"), error);
  entry->file = zip_fopen_index(archive->zip, stat.index, 0);
  if (!entry->file)
    return damaged(entry, zip_strerror(archive->zip), error);
  *n_bytes = stat.size;
  return TRUE;
}

// The checksum is compared when the end is met.
static gboolean
check_end(const Entry *entry, GError **error)
{
  guint8 more;
  zip_int64_t got = zip_fread(entry->file, &more, 1);
  return got == 0 ||
         damaged(entry, got < 0 ? zip_file_strerror(entry->file) : _("it is longer than it says"), error);
}

static PctNpyArray *
read_zip(PctArchive *archive, const char *name, const char *shown, GError **error)
{
  Entry entry = { archive, NULL, shown };
  gsize n_bytes;
  if (!open_entry(&entry, name, &n_bytes, error))
    return NULL;
  g_autoptr(PctNpyArray) array = pct_npy_read(read_from_entry, &entry, n_bytes, shown, error);
  if (array && !check_end(&entry, error))
    g_clear_pointer(&array, pct_npy_array_free);
  zip_fclose(entry.file);
  return g_steal_pointer(&array);
}

static gboolean
check_there(PctArchive *archive, const char *name, const char *shown, GError **error)
{
  if (pct_archive_has(archive, name))
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is missing: “%s” is not a whole recording."), shown,
              archive->shown);
  return FALSE;
}

PctNpyArray *
pct_archive_read(PctArchive *archive, const char *name, GError **error)
{
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  if (!check_there(archive, name, shown, error))
    return NULL;
  if (archive->zip)
    return read_zip(archive, name, shown, error);
  g_autofree char *path = g_build_filename(archive->folder, name, NULL);
  return pct_npy_load(path, shown, error);
}

gboolean
pct_archive_read_header(PctArchive *archive, const char *name, PctNpyHeader *header, GError **error)
{
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  if (!check_there(archive, name, shown, error))
    return FALSE;
  if (!archive->zip) {
    g_autofree char *path = g_build_filename(archive->folder, name, NULL);
    return pct_npy_load_header(path, shown, header, error);
  }
  Entry entry = { archive, NULL, shown };
  gsize n_bytes;
  if (!open_entry(&entry, name, &n_bytes, error))
    return FALSE;
  gboolean ok = pct_npy_read_header(read_from_entry, &entry, n_bytes, shown, header, error);
  zip_fclose(entry.file);
  return ok;
}

PctNpyArray *
pct_archive_read_rows(PctArchive *archive, const char *name, gsize first, gsize n, GError **error)
{
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  if (archive->zip) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("“%s” cannot be read in parts."), shown);
    return NULL;
  }
  g_autofree char *path = g_build_filename(archive->folder, name, NULL);
  return pct_npy_load_rows(path, shown, first, n, error);
}

static gboolean
check_length(gsize n_bytes, gsize max, const char *shown, GError **error)
{
  if (n_bytes > max)
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("“%s” has %.1f MB, more than the %.1f MB that are read of such files."),
                shown, (double)n_bytes / 1e6, (double)max / 1e6);
  return n_bytes <= max;
}

GBytes *
pct_archive_read_bytes(PctArchive *archive, const char *name, gsize max, GError **error)
{
  g_autofree char *shown = pct_archive_dup_shown(archive, name);
  gsize n_bytes;
  if (!check_there(archive, name, shown, error))
    return NULL;
  if (!archive->zip) {
    g_autofree char *path = g_build_filename(archive->folder, name, NULL);
    g_autoptr(GError) reason = NULL;
    GStatBuf status;
    char *text;
    if (g_stat(path, &status) == 0 && !check_length((gsize)status.st_size, max, shown, error))
      return NULL;
    if (g_file_get_contents(path, &text, &n_bytes, &reason))
      return g_bytes_new_take(text, n_bytes);
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), shown, reason->message);
    return NULL;
  }
  Entry entry = { archive, NULL, shown };
  if (!open_entry(&entry, name, &n_bytes, error))
    return NULL;
  g_autofree guint8 *bytes = check_length(n_bytes, max, shown, error) ? g_malloc(MAX(n_bytes, 1)) : NULL;
  gboolean ok = bytes && read_from_entry(&entry, bytes, n_bytes, error) && check_end(&entry, error);
  zip_fclose(entry.file);
  return ok ? g_bytes_new_take(g_steal_pointer(&bytes), n_bytes) : NULL;
}
