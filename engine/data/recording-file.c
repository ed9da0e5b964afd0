// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/recording-file.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "data/archive.h"
#include "data/file-tree.h"
#include "data/npz-recording.h"
#include "data/recording-hash.h"

// What a file is by its first bytes, for those who chose the wrong one.
static const struct {
  const char *magic;
  gsize n;
  const char *what;
} kinds[] = {
  { "\x89HDF\r\n\x1a\n", 8, N_("an HDF5 file (NWB and new MAT files are such)") },
  { "MATLAB 5.0 MAT-file", 19, N_("a MAT file") },
  { "MATLAB 7.3 MAT-file", 19, N_("a MAT file") },
  { "\x93NUMPY", 6, N_("a single .npy array") },
  { "\x1f\x8b", 2, N_("a gzip file") },
  { "Rar!", 4, N_("a RAR file") },
  { "7z\xbc\xaf\x27\x1c", 6, N_("a 7z file") },
  { "\x89PNG", 4, N_("a PNG picture") },
  { "\xff\xd8\xff", 3, N_("a JPEG picture") },
};

static gboolean
is_zip(const char *path, const char *shown, GError **error)
{
  char start[32] = "";
  FILE *file = fopen(path, "rbe");
  if (!file) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), shown, g_strerror(errno));
    return FALSE;
  }
  gsize n = fread(start, 1, sizeof start, file);
  fclose(file);
  if (n >= 4 && (memcmp(start, "PK\3\4", 4) == 0 || memcmp(start, "PK\5\6", 4) == 0))
    return TRUE;
  const char *what = n == 0 ? _("an empty file") : _("another kind of file");
  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (n >= kinds[i].n && memcmp(start, kinds[i].magic, kinds[i].n) == 0)
      what = _(kinds[i].what);
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
              _("“%s” is not a recording: expected an .npz file, a file tree in a zip file, or the folder of one; "
                "found %s."), shown, what);
  return FALSE;
}

static PctRecording *
read_archive(PctArchive *archive, const char *shown, const PctRun *run, GError **error)
{
  if (pct_npz_recording_detect(archive))
    return pct_npz_recording_read(archive, shown, error);
  g_autofree char *root = pct_file_tree_find_root(archive);
  if (root)
    return pct_file_tree_read(archive, root, shown, run, error);
  g_autoptr(GPtrArray) names = pct_archive_list(archive, "");
  if (names->len == 0)
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is not a recording: it is empty."), shown);
  else
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” is not a recording: expected “images.npy” and “responses.npy”, or “data/images”, "
                  "“data/responses” and “meta/trials” in it; found “%s”."), shown, (const char *)names->pdata[0]);
  return NULL;
}

PctRecording *
pct_recording_open(const char *path, const PctRun *run, GError **error)
{
  g_return_val_if_fail(path, NULL);
  g_autofree char *shown = g_filename_display_basename(path);
  gboolean folder = g_file_test(path, G_FILE_TEST_IS_DIR);
  if (g_file_test(path, G_FILE_TEST_EXISTS) && !folder && !g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("“%s” is neither a file nor a folder."), shown);
    return NULL;
  }
  if (!folder && !is_zip(path, shown, error))
    return NULL;
  g_autoptr(PctArchive) archive = pct_archive_open(path, run, error);
  return archive ? read_archive(archive, shown, run, error) : NULL;
}

PctRecording *
pct_recording_open_memory(GBytes *bytes, const char *name, const PctRun *run, GError **error)
{
  g_return_val_if_fail(bytes && name, NULL);
  g_autoptr(PctArchive) archive = pct_archive_open_memory(bytes, name, run, error);
  return archive ? read_archive(archive, name, run, error) : NULL;
}

gboolean
pct_recording_save(PctRecording *recording, const char *path, const PctRun *run, GError **error)
{
  g_return_val_if_fail(recording && path, FALSE);
  return pct_npz_recording_write(pct_recording_get_data(recording), path, run, error);
}

gboolean
pct_recording_save_with_provenance(PctRecording *recording, const char *provenance, const char *path, const PctRun *run,
                                   GError **error)
{
  g_return_val_if_fail(recording && path, FALSE);
  PctRecordingData data = *pct_recording_get_data(recording);
  data.provenance = (char *)provenance;
  return pct_npz_recording_write(&data, path, run, error);
}
