// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "base/temporary-folder.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include "base/error.h"

#define MOST_TRIES 1000

struct _PctTemporaryFolder {
  char *path;  // NULL: it has got its name
};

static void
fail(const char *path, int code, GError **error)
{
  g_autofree char *shown = g_filename_display_name(path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not make the folder “%s”: %s."), shown, g_strerror(code));
}

PctTemporaryFolder *
pct_temporary_folder_new(const char *parent, GError **error)
{
  g_return_val_if_fail(parent, NULL);
  char *path = g_build_filename(parent, ".percept-XXXXXX", NULL);
  if (!g_mkdtemp_full(path, 0755)) {
    fail(parent, errno, error);
    g_free(path);
    return NULL;
  }
  PctTemporaryFolder *folder = g_new0(PctTemporaryFolder, 1);
  folder->path = path;
  return folder;
}

const char *
pct_temporary_folder_get_path(const PctTemporaryFolder *folder)
{
  return folder->path;
}

// What lies in it was written by us: no links that could lead elsewhere, and none is followed all the same.
static void
remove_tree(const char *path)
{
  g_autoptr(GDir) directory = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
  for (const char *name; directory && (name = g_dir_read_name(directory));) {
    g_autofree char *inside = g_build_filename(path, name, NULL);
    remove_tree(inside);
  }
  g_remove(path);
}

char *
pct_temporary_folder_commit(PctTemporaryFolder *folder, const char *path, GError **error)
{
  g_return_val_if_fail(folder->path && path, NULL);
  for (int i = 1; i <= MOST_TRIES; i++) {
    g_autofree char *name = i == 1 ? g_strdup(path) : g_strdup_printf("%s %d", path, i);
    // Making it claims the name, and an empty folder may be replaced: a full one that somebody else made never is.
    if (g_mkdir(name, 0755) != 0) {
      if (errno == EEXIST)
        continue;
      fail(name, errno, error);
      return NULL;
    }
    if (g_rename(folder->path, name) == 0) {
      g_clear_pointer(&folder->path, g_free);
      return g_steal_pointer(&name);
    }
    int code = errno;
    g_rmdir(name);
    fail(name, code, error);
    return NULL;
  }
  fail(path, EEXIST, error);
  return NULL;
}

void
pct_temporary_folder_free(PctTemporaryFolder *folder)
{
  if (!folder)
    return;
  if (folder->path)
    remove_tree(folder->path);
  g_free(folder->path);
  g_free(folder);
}
