// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "base/atomic-file.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <unistd.h>
#include "base/error.h"

struct _PctAtomicFile {
  char *path, *temporary;
  int descriptor;  // -1 once closed
};

static gboolean
fail(const PctAtomicFile *file, int code, GError **error)
{
  g_autofree char *shown = g_filename_display_name(file->path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not write “%s”: %s."), shown, g_strerror(code));
  return FALSE;
}

PctAtomicFile *
pct_atomic_file_open(const char *path, GError **error)
{
  g_return_val_if_fail(path, NULL);
  g_autoptr(PctAtomicFile) file = g_new0(PctAtomicFile, 1);
  file->path = g_strdup(path);
  file->temporary = g_strdup_printf("%s.XXXXXX", path);
  file->descriptor = g_mkstemp_full(file->temporary, O_WRONLY | O_CLOEXEC, 0644);
  if (file->descriptor < 0) {
    fail(file, errno, error);
    g_clear_pointer(&file->temporary, g_free);
    return NULL;
  }
  return g_steal_pointer(&file);
}

gboolean
pct_atomic_file_write(PctAtomicFile *file, gconstpointer bytes, gsize n, GError **error)
{
  const char *at = bytes;
  while (n > 0) {
    gssize written = write(file->descriptor, at, MIN(n, (gsize)1 << 30));
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return fail(file, written < 0 ? errno : ENOSPC, error);
    at += written;
    n -= (gsize)written;
  }
  return TRUE;
}

const char *
pct_atomic_file_get_temporary(const PctAtomicFile *file)
{
  return file->temporary;
}

gboolean
pct_atomic_file_commit(PctAtomicFile *file, GError **error)
{
  int flushed = fsync(file->descriptor), code = errno;
  int closed = close(file->descriptor);
  file->descriptor = -1;
  if (flushed != 0)
    return fail(file, code, error);
  if (closed != 0 || rename(file->temporary, file->path) != 0)
    return fail(file, errno, error);
  g_clear_pointer(&file->temporary, g_free);
  return TRUE;
}

void
pct_atomic_file_free(PctAtomicFile *file)
{
  if (!file)
    return;
  if (file->descriptor >= 0)
    close(file->descriptor);
  if (file->temporary)
    unlink(file->temporary);
  g_free(file->temporary);
  g_free(file->path);
  g_free(file);
}

gboolean
pct_atomic_file_set(const char *path, gconstpointer bytes, gsize n, GError **error)
{
  g_autoptr(PctAtomicFile) file = pct_atomic_file_open(path, error);
  return file && pct_atomic_file_write(file, bytes, n, error) && pct_atomic_file_commit(file, error);
}
