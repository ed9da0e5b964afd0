// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/packed-folder.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <zip.h>
#include "base/atomic-file.h"
#include "base/error.h"
#include "data/archive.h"

// Between two reports.
#define PIECE ((gsize)1 << 20)
// No workspace has nearly so many files, nor so deep ones.
#define MOST_ENTRIES 20000
#define MOST_PARTS 6
#define LONGEST_PART 200

typedef struct {
  char *name;
  zip_uint64_t index;
  guint64 size;
} File;

struct _PctPackedFolder {
  char *shown;
  zip_t *zip;
  GArray *files;  // of File
};

static void
file_clear(gpointer data)
{
  g_free(((File *)data)->name);
}

static gboolean
refuse(const PctPackedFolder *folder, const char *name, const char *why, GError **error)
{
  g_autofree char *shown = g_strescape(name, NULL);
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” cannot be unpacked: its entry “%.80s” %s."), folder->shown,
              g_utf8_validate(name, -1, NULL) && !strpbrk(name, "\n\r\t") ? name : shown, why);
  return FALSE;
}

// NULL: it stays inside, and every disk can have it.
static const char *
find_fault(const char *name)
{
  if (!g_utf8_validate(name, -1, NULL))
    return _("has a name that is no text");
  if (*name == '/' || *name == '\0' || strpbrk(name, "\\:"))
    return _("has a name that leads elsewhere");
  for (const char *at = name; *at; at = g_utf8_next_char(at))
    if (g_unichar_iscntrl(g_utf8_get_char(at)))
      return _("has a name that is no text");
  g_auto(GStrv) parts = g_strsplit(name, "/", -1);
  guint n = g_strv_length(parts);
  // A folder's ends with a slash.
  if (n > 1 && *parts[n - 1] == '\0')
    n--;
  for (guint i = 0; i < n; i++)
    if (*parts[i] == '\0' || g_str_equal(parts[i], ".") || g_str_equal(parts[i], ".."))
      return _("has a name that leads elsewhere");
    else if (strlen(parts[i]) > LONGEST_PART)
      return _("has too long a name");
  return n > MOST_PARTS ? _("lies too deep") : NULL;
}

// By its mode, where it was packed on a system that has them.
static gboolean
is_plain(const PctPackedFolder *folder, zip_uint64_t index)
{
  zip_uint8_t system;
  zip_uint32_t attributes;
  if (zip_file_get_external_attributes(folder->zip, index, 0, &system, &attributes) != 0)
    return FALSE;
  mode_t type = (attributes >> 16) & S_IFMT;
  return (system != ZIP_OPSYS_UNIX && system != ZIP_OPSYS_OS_X) || type == 0 || type == S_IFREG || type == S_IFDIR;
}

static gboolean
add_entry(PctPackedFolder *folder, zip_uint64_t index, GHashTable *seen, GError **error)
{
  const char *name = zip_get_name(folder->zip, index, 0);
  if (!name)
    return refuse(folder, "", _("has no name"), error);
  const char *fault = find_fault(name);
  if (!fault && !is_plain(folder, index))
    fault = _("is a link or a device");
  g_autofree char *folded = fault ? NULL : g_utf8_casefold(name, -1);
  // Composed and decomposed letters are one name to some disks, as are small and capital ones.
  char *key = folded ? g_utf8_normalize(folded, -1, G_NORMALIZE_ALL) : NULL;
  if (key && !g_hash_table_add(seen, key))
    fault = _("is there twice, but for small and capital letters");
  zip_stat_t stat;
  zip_uint64_t wanted = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
  if (!fault && (zip_stat_index(folder->zip, index, 0, &stat) != 0 || (stat.valid & wanted) != wanted))
    fault = _("does not say how large it is");
  if (!fault && stat.size / PCT_ARCHIVE_MOST_PACKED > stat.comp_size)
    fault = _("claims to be larger than its packed bytes can hold");
  if (fault)
    return refuse(folder, name, fault, error);
  if (!g_str_has_suffix(name, "/")) {
    File file = { g_strdup(name), index, stat.size };
    g_array_append_val(folder->files, file);
  }
  return TRUE;
}

PctPackedFolder *
pct_packed_folder_open(const char *path, GError **error)
{
  g_return_val_if_fail(path, NULL);
  g_autoptr(PctPackedFolder) folder = g_new0(PctPackedFolder, 1);
  folder->shown = g_filename_display_basename(path);
  folder->files = g_array_new(FALSE, FALSE, sizeof(File));
  g_array_set_clear_func(folder->files, file_clear);
  int code = 0;
  folder->zip = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? zip_open(path, ZIP_RDONLY, &code) : NULL;
  if (!folder->zip) {
    g_set_error(error, PCT_ERROR, code ? PCT_ERROR_FORMAT : PCT_ERROR_IO,
                code ? _("“%s” is not a whole zip file.") : _("There is no file “%s”."), folder->shown);
    return NULL;
  }
  zip_int64_t n = zip_get_num_entries(folder->zip, 0);
  if (n > MOST_ENTRIES) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” cannot be unpacked: expected at most %d entries, found %d."), folder->shown, MOST_ENTRIES,
                (int)MIN(n, G_MAXINT));
    return NULL;
  }
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (zip_int64_t i = 0; i < n; i++)
    if (!add_entry(folder, (zip_uint64_t)i, seen, error))
      return NULL;
  return g_steal_pointer(&folder);
}

void
pct_packed_folder_free(PctPackedFolder *folder)
{
  if (!folder)
    return;
  if (folder->zip)
    zip_discard(folder->zip);
  g_array_unref(folder->files);
  g_free(folder->shown);
  g_free(folder);
}

guint
pct_packed_folder_get_n_files(const PctPackedFolder *folder)
{
  return folder->files->len;
}

const char *
pct_packed_folder_get_name(const PctPackedFolder *folder, guint file)
{
  g_return_val_if_fail(file < folder->files->len, NULL);
  return g_array_index(folder->files, File, file).name;
}

// Where an entry's bytes go, a piece at a time.
typedef gboolean (*Take)(gpointer sink, gconstpointer bytes, gsize n, GError **error);

// Exactly as many bytes as it says, with the right checksum, which libzip compares when it meets the end.
static gboolean
read_entry(const PctPackedFolder *folder, const File *file, Take take, gpointer sink, GError **error)
{
  g_autofree guint8 *piece = g_malloc(PIECE);
  zip_file_t *entry = zip_fopen_index(folder->zip, file->index, 0);
  if (!entry)
    return refuse(folder, file->name, _("is damaged"), error);
  gboolean good = TRUE;
  guint64 n_read = 0;
  for (zip_int64_t n = 1; good && n > 0;) {
    n = zip_fread(entry, piece, PIECE);
    n_read += n > 0 ? (guint64)n : 0;
    if (n < 0 || n_read > file->size || (n == 0 && n_read < file->size))
      good = refuse(folder, file->name, _("is damaged"), error);
    else if (n > 0)
      good = take(sink, piece, (gsize)n, error);
  }
  zip_fclose(entry);
  return good;
}

static gboolean
take_text(gpointer sink, gconstpointer bytes, gsize n, GError **error)
{
  g_byte_array_append(sink, bytes, (guint)n);
  return TRUE;
}

char *
pct_packed_folder_read(const PctPackedFolder *folder, guint file, gsize most, gsize *n, GError **error)
{
  g_return_val_if_fail(file < folder->files->len && most < G_MAXUINT, NULL);
  const File *found = &g_array_index(folder->files, File, file);
  if (found->size > most) {
    refuse(folder, found->name, _("is larger than any file of its kind"), error);
    return NULL;
  }
  g_autoptr(GByteArray) text = g_byte_array_new();
  if (!read_entry(folder, found, take_text, text, error))
    return NULL;
  *n = text->len;
  g_byte_array_append(text, (const guint8 *)"", 1);
  return (char *)g_byte_array_free(g_steal_pointer(&text), FALSE);
}

typedef struct {
  PctAtomicFile *file;
  const PctRun *run;
  double done, total;
} Output;

static gboolean
take_file(gpointer sink, gconstpointer bytes, gsize n, GError **error)
{
  Output *output = sink;
  output->done += (double)n;
  return pct_atomic_file_write(output->file, bytes, n, error) &&
         pct_run_step(output->run, output->done, output->total, error);
}

static gboolean
unpack_file(const PctPackedFolder *folder, const File *file, const char *target, Output *output, GError **error)
{
  g_autofree char *path = g_build_filename(target, file->name, NULL), *inside = g_path_get_dirname(path);
  if (g_mkdir_with_parents(inside, 0755) != 0) {
    int code = errno;
    g_autofree char *shown = g_filename_display_name(inside);
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not make the folder “%s”: %s."), shown, g_strerror(code));
    return FALSE;
  }
  g_autoptr(PctAtomicFile) written = pct_atomic_file_open(path, error);
  output->file = written;
  return written && read_entry(folder, file, take_file, output, error) && pct_atomic_file_commit(written, error);
}

static gboolean
check_room(const PctPackedFolder *folder, const char *target, double n, GError **error)
{
  struct statvfs disk;
  if (statvfs(target, &disk) != 0)
    return TRUE;
  double room = (double)disk.f_bavail * (double)disk.f_frsize;
  if (n <= room)
    return TRUE;
  g_autofree char *wanted = g_format_size((guint64)MIN(n, 1e18)), *there = g_format_size((guint64)room);
  g_autofree char *shown = g_filename_display_name(target);
  g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("“%s” unpacks to %s; there are %s free in “%s”."), folder->shown, wanted,
              there, shown);
  return FALSE;
}

gboolean
pct_packed_folder_unpack(const PctPackedFolder *folder, const char *target, PctPackedFolderChoose choose, gpointer data,
                         const PctRun *run, GError **error)
{
  Output output = { .run = run };
  g_autofree gboolean *wanted = g_new0(gboolean, folder->files->len + 1);
  for (guint i = 0; i < folder->files->len; i++) {
    const File *file = &g_array_index(folder->files, File, i);
    wanted[i] = !choose || choose(file->name, data);
    output.total += wanted[i] ? (double)file->size : 0;
  }
  if (!check_room(folder, target, output.total, error))
    return FALSE;
  for (guint i = 0; i < folder->files->len; i++)
    if (wanted[i] && !unpack_file(folder, &g_array_index(folder->files, File, i), target, &output, error))
      return FALSE;
  return TRUE;
}
