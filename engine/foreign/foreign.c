// SPDX-License-Identifier: GPL-3.0-or-later
// Which reader a file is for is told by its first bytes; its ending only where they cannot tell.
#include "config.h"
#include "foreign/foreign.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/error.h"
#include "foreign/hdf5-source.h"
#include "data/archive.h"
#include "foreign/image-file.h"
#include "foreign/image-source.h"
#include "foreign/mat-source.h"
#include "foreign/npy-source.h"
#include "foreign/table-source.h"
#include "import/tree-source.h"

#define HEAD 4096
#define MOST_FILES 100000  // in a folder
#define MOST_FOLDERS 100   // in a folder, that are looked into for images
#define MOST_SENTENCES 20  // on files of a folder that do not open

typedef enum { KIND_OTHER, KIND_NPY, KIND_ZIP, KIND_MAT, KIND_HDF5, KIND_IMAGE, KIND_TABLE } Kind;

static gboolean
has_ending(const char *path, const char *ending)
{
  gsize n = strlen(path), m = strlen(ending);
  return n > m && g_ascii_strcasecmp(path + n - m, ending) == 0;
}

// The first bytes of a regular file; FALSE with an error if there are none to be had.
static gboolean
read_head(const char *path, guint8 *head, gsize *n, GError **error)
{
  g_autofree char *shown = g_filename_display_basename(path);
  // Not to wait for ever on a named pipe.
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status;
  int code = descriptor < 0 || fstat(descriptor, &status) != 0 ? errno : !S_ISREG(status.st_mode) ? EINVAL : 0;
  gssize got = code == 0 ? read(descriptor, head, HEAD) : -1;
  if (code == 0 && got < 0)
    code = errno;
  if (descriptor >= 0)
    close(descriptor);
  *n = got < 0 ? 0 : (gsize)got;
  if (code != 0)
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), shown, g_strerror(code));
  return code == 0;
}

static gboolean
starts_at(const guint8 *head, gsize n, gsize at, const char *mark, gsize n_mark)
{
  return n >= at + n_mark && memcmp(head + at, mark, n_mark) == 0;
}

// By its ending; of plain text, if its first line has a separator or begins with a number.
static gboolean
looks_like_table(const char *path, const guint8 *head, gsize n)
{
  if (has_ending(path, ".csv") || has_ending(path, ".tsv"))
    return TRUE;
  gsize line = 0;
  while (line < n && head[line] != '\n')
    line++;
  return has_ending(path, ".txt") && (memchr(head, '\t', line) || memchr(head, ';', line) || memchr(head, ',', line) ||
                                      g_ascii_isdigit(head[0]) || head[0] == '-');
}

static Kind
recognise(const char *path, const guint8 *head, gsize n)
{
  if (starts_at(head, n, 0, "\x93NUMPY", 6))
    return KIND_NPY;
  if (starts_at(head, n, 0, "PK\3\4", 4) || starts_at(head, n, 0, "PK\5\6", 4))
    return KIND_ZIP;
  if (starts_at(head, n, 126, "IM", 2) || starts_at(head, n, 126, "MI", 2))
    return KIND_MAT;
  // A user's block may come first; its size is a power of two.
  for (gsize at = 0; at + 8 <= n; at = at == 0 ? 512 : 2 * at)
    if (starts_at(head, n, at, "\x89HDF\r\n\x1a\n", 8))
      return KIND_HDF5;
  if (pct_image_file_recognise(head, n))
    return KIND_IMAGE;
  // Version 4 has no mark, and neither has text.
  if (has_ending(path, ".mat"))
    return KIND_MAT;
  return n > 0 && !memchr(head, 0, n) && looks_like_table(path, head, n) ? KIND_TABLE : KIND_OTHER;
}

static void
refuse(const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_basename(path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
              _("“%s” is none of the files that Percept reads: MATLAB (.mat), HDF5 and NWB, numpy (.npy, .npz), tables "
                "(.csv, .tsv), PNG, JPEG and TIFF images, folders of these, and suite2p’s folders."),
              shown);
}

static PctArraySource *
open_mat(const char *path, const PctRun *run, GError **error)
{
  g_autoptr(GError) reason = NULL;
  gsize n_bytes;
  PctMatVersion version = pct_mat_check(path, &n_bytes, &reason);
  if (version != PCT_MAT_NONE)
    return pct_mat_source_open(path, version, n_bytes, run, error);
  if (reason)
    g_propagate_error(error, g_steal_pointer(&reason));
  else
    refuse(path, error);
  return NULL;
}

static PctArraySource *
open_file(const char *path, Kind kind, const PctRun *run, GError **error)
{
  switch (kind) {
  case KIND_NPY: return pct_npy_source_open_file(path, run, error);
  case KIND_ZIP: return pct_npy_source_open_archive(path, run, error);
  case KIND_MAT: return open_mat(path, run, error);
  case KIND_HDF5: return pct_hdf5_source_open(path, run, error);
  case KIND_IMAGE: return pct_image_source_open(path, NULL, run, error);
  case KIND_TABLE: return pct_table_source_open(path, run, error);
  default: refuse(path, error); return NULL;
  }
}

static gboolean
add_source(GPtrArray *sources, PctArraySource *source)
{
  if (source)
    g_ptr_array_add(sources, source);
  return source != NULL;
}

// Of a folder: names of images, of files that are sources of their own, of numpy's arrays, and of folders, which may have
// arrays or images; how many files are nothing that is read.
typedef struct {
  GPtrArray *images, *files, *arrays, *folders;
  guint n_others;
} Contents;

static void
contents_init(Contents *contents)
{
  *contents = (Contents){ g_ptr_array_new_with_free_func(g_free), g_ptr_array_new_with_free_func(g_free),
                          g_ptr_array_new_with_free_func(g_free), g_ptr_array_new_with_free_func(g_free), 0 };
}

static void
contents_clear(Contents *contents)
{
  g_ptr_array_unref(contents->images);
  g_ptr_array_unref(contents->files);
  g_ptr_array_unref(contents->arrays);
  g_ptr_array_unref(contents->folders);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Contents, contents_clear)

static gboolean
sort_contents(const char *path, Contents *contents, const PctRun *run, GError **error)
{
  g_autofree char *shown = g_filename_display_basename(path);
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  if (!dir) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), shown, g_strerror(errno));
    return FALSE;
  }
  guint n_files = 0;
  for (const char *name; (name = g_dir_read_name(dir)) && n_files < MOST_FILES; n_files++) {
    g_autofree char *file = g_build_filename(path, name, NULL);
    guint8 head[HEAD];
    gsize n;
    if (n_files % 64 == 63 && !pct_run_step(run, n_files, 0, error))
      return FALSE;
    if (name[0] == '.')
      continue;
    if (g_file_test(file, G_FILE_TEST_IS_DIR)) {
      g_ptr_array_add(contents->folders, g_strdup(name));
      continue;
    }
    Kind kind = read_head(file, head, &n, NULL) ? recognise(file, head, n) : KIND_OTHER;
    if (kind == KIND_OTHER)
      contents->n_others++;
    else
      g_ptr_array_add(kind == KIND_IMAGE ? contents->images : kind == KIND_NPY ? contents->arrays : contents->files,
                      g_strdup(name));
  }
  return TRUE;
}

// Where suite2p put its first plane; NULL if the folder is none of its. Free with g_free.
static char *
find_suite2p(const char *path, guint *n_planes)
{
  static const char *const places[] = { "", "plane0", "suite2p/plane0" };
  for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
    g_autofree char *place = *places[i] ? g_build_filename(path, places[i], NULL) : g_strdup(path);
    if (!pct_npy_folder_is_suite2p(place))
      continue;
    gsize n_base = strlen(place) - 1;  // up to the number
    for (*n_planes = 1; *places[i]; (*n_planes)++) {
      g_autofree char *next = g_strdup_printf("%.*s%u", (int)n_base, place, *n_planes);
      if (!pct_npy_folder_is_suite2p(next))
        break;
    }
    return g_steal_pointer(&place);
  }
  return NULL;
}

static PctArraySource *
open_suite2p(const char *place, guint n_planes, const PctRun *run, GError **error)
{
  PctArraySource *source = pct_npy_source_open_archive(place, run, error);
  if (source && n_planes > 1)
    g_ptr_array_add(source->remarks,
                    g_strdup_printf(_("Of %u planes only the first is opened here; give another plane’s folder for its neurons."),
                                    n_planes));
  return source;
}

// Opens what a folder holds. What does not open is said, and hinders nothing else; FALSE if somebody said stop.
static gboolean
try_source(GPtrArray *sources, GPtrArray *failures, PctArraySource *source, GError *reason, GError **error)
{
  if (add_source(sources, source))
    return TRUE;
  if (g_error_matches(reason, PCT_ERROR, PCT_ERROR_CANCELLED)) {
    g_propagate_error(error, reason);
    return FALSE;
  }
  g_ptr_array_add(failures, reason);
  return TRUE;
}

// Whether a file is what an import made of others: beside those it is not wanted again.
static gboolean
is_imported(const char *path, const PctRun *run)
{
  g_autoptr(PctArchive) archive = has_ending(path, ".npz") ? pct_archive_open(path, run, NULL) : NULL;
  return archive && pct_archive_has(archive, "provenance.npy") && pct_archive_has(archive, "responses.npy");
}

static GError *
leave_out_imported(const char *path)
{
  g_autofree char *shown = g_filename_display_basename(path);
  return g_error_new(PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                     _("“%s” is a recording that Percept imported, and is left out here; open it as it is."), shown);
}

static gboolean
open_files(GPtrArray *sources, GPtrArray *failures, const char *path, const GPtrArray *files, const PctRun *run,
           GError **error)
{
  for (guint i = 0; i < files->len; i++) {
    g_autofree char *file = g_build_filename(path, files->pdata[i], NULL);
    guint8 head[HEAD];
    gsize n;
    GError *reason = is_imported(file, run) ? leave_out_imported(file) : NULL;
    PctArraySource *source = !reason && read_head(file, head, &n, &reason)
      ? open_file(file, recognise(file, head, n), run, &reason) : NULL;
    if (!try_source(sources, failures, source, reason, error))
      return FALSE;
  }
  return TRUE;
}

// An experiment's folder often has its pictures in a folder of their own.
static gboolean
open_image_folders(GPtrArray *sources, GPtrArray *failures, const char *path, const GPtrArray *folders, const PctRun *run,
                   GError **error)
{
  for (guint i = 0; i < folders->len && i < MOST_FOLDERS; i++) {
    g_autofree char *folder = g_build_filename(path, folders->pdata[i], NULL);
    g_auto(Contents) contents;
    GError *reason = NULL;
    contents_init(&contents);
    if (!sort_contents(folder, &contents, run, &reason)) {
      if (!try_source(sources, failures, NULL, reason, error))
        return FALSE;
    } else if (contents.images->len > 0 &&
               !try_source(sources, failures, pct_image_source_open(folder, contents.images, run, &reason), reason, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

// Beside what suite2p left, arrays of numpy's are sources each; else they are one, with those of the folders within.
static gboolean
open_contents(GPtrArray *sources, GPtrArray *failures, const char *path, const Contents *contents, const PctRun *run,
              GError **error)
{
  GError *reason = NULL;
  PctArraySource *source;
  if (contents->images->len > 0) {
    source = pct_image_source_open(path, contents->images, run, &reason);
    if (!try_source(sources, failures, source, reason, error))
      return FALSE;
    reason = NULL;
  }
  if (!open_files(sources, failures, path, contents->files, run, error) ||
      !open_image_folders(sources, failures, path, contents->folders, run, error))
    return FALSE;
  guint n_planes;
  g_autofree char *suite2p = find_suite2p(path, &n_planes);
  gboolean beside = suite2p && !g_str_equal(suite2p, path);
  if (!suite2p && contents->arrays->len == 0 && contents->folders->len == 0)
    return TRUE;
  source = suite2p ? open_suite2p(suite2p, n_planes, run, &reason) : pct_npy_source_open_archive(path, run, &reason);
  // That folders hold none of numpy's arrays is no failure.
  if (!source && !suite2p && contents->arrays->len == 0 && !g_error_matches(reason, PCT_ERROR, PCT_ERROR_CANCELLED)) {
    g_error_free(reason);
    return TRUE;
  }
  return try_source(sources, failures, source, reason, error) &&
         (!beside || open_files(sources, failures, path, contents->arrays, run, error));
}

// Remarks on the first source of a folder on what was passed over there; FALSE with an error if there is none.
static gboolean
judge_contents(const char *path, GPtrArray *sources, guint n_before, const GPtrArray *failures, guint n_others,
               GError **error)
{
  if (sources->len == n_before) {
    if (failures->len > 0)
      g_propagate_error(error, g_error_copy(failures->pdata[0]));
    else
      refuse(path, error);
    return FALSE;
  }
  PctArraySource *source = sources->pdata[n_before];
  g_autofree char *shown = g_filename_display_basename(path);
  if (n_others > 0)
    g_ptr_array_add(source->remarks,
                    g_strdup_printf(g_dngettext(GETTEXT_PACKAGE,
                                                "%u file in “%s” is nothing that is read here, and is passed over.",
                                                "%u files in “%s” are nothing that is read here, and are passed over.",
                                                n_others),
                                    n_others, shown));
  for (guint i = 0; i < failures->len && i < MOST_SENTENCES; i++)
    g_ptr_array_add(source->remarks, g_strdup(((const GError *)failures->pdata[i])->message));
  return TRUE;
}

static gboolean
open_folder(GPtrArray *sources, const char *path, const PctRun *run, GError **error)
{
  g_auto(Contents) contents;
  contents_init(&contents);
  g_autoptr(GPtrArray) failures = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
  guint n_before = sources->len;
  gboolean ok = sort_contents(path, &contents, run, error);
  g_ptr_array_sort(contents.files, pct_compare_naturally);
  g_ptr_array_sort(contents.arrays, pct_compare_naturally);
  g_ptr_array_sort(contents.folders, pct_compare_naturally);
  ok = ok && open_contents(sources, failures, path, &contents, run, error) &&
       judge_contents(path, sources, n_before, failures, contents.n_others, error);
  return ok;
}

static gboolean
open_path(GPtrArray *sources, const char *path, const PctRun *run, GError **error)
{
  g_autoptr(GError) reason = NULL;
  guint8 head[HEAD];
  gsize n;
  gboolean folder = g_file_test(path, G_FILE_TEST_IS_DIR);
  if (!folder && !read_head(path, head, &n, error))
    return FALSE;
  if (folder || recognise(path, head, n) == KIND_ZIP) {
    g_autoptr(PctArraySource) tree = pct_tree_source_open(path, run, &reason);
    // A tree that lacks nothing is numbered files as others are.
    if (tree && tree->remarks->len > 0)
      return add_source(sources, g_steal_pointer(&tree));
    if (g_error_matches(reason, PCT_ERROR, PCT_ERROR_CANCELLED)) {
      g_propagate_error(error, g_steal_pointer(&reason));
      return FALSE;
    }
  }
  return folder ? open_folder(sources, path, run, error)
                : add_source(sources, open_file(path, recognise(path, head, n), run, error));
}

GPtrArray *
pct_foreign_open(const char *const *paths, const PctRun *run, GError **error)
{
  g_return_val_if_fail(paths, NULL);
  g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func((GDestroyNotify)pct_array_source_free);
  for (guint i = 0; paths[i]; i++)
    if (!pct_run_step(run, i, 0, error) || !open_path(sources, paths[i], run, error))
      return NULL;
  return g_steal_pointer(&sources);
}
