// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "model/weights-hash.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>
#include "base/error.h"

#define PIECE (1 << 20)

static gboolean
hash_pieces(int file, GChecksum *sum, const char *path, const PctRun *run, GError **error)
{
  g_autofree guint8 *bytes = g_malloc(PIECE);
  for (;;) {
    ssize_t n = read(file, bytes, PIECE);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      int code = errno;
      g_autofree char *shown = g_filename_display_name(path);
      g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), shown, g_strerror(code));
      return FALSE;
    }
    if (n == 0)
      return TRUE;
    g_checksum_update(sum, bytes, n);
    PctProgress progress = { 0 };
    if (!pct_run_report(run, &progress, error))
      return FALSE;
  }
}

char *
pct_weights_hash(const char *path, const PctRun *run, GError **error)
{
  g_return_val_if_fail(path, NULL);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    int code = errno;
    g_autofree char *shown = g_filename_display_name(path);
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not open “%s”: %s."), shown, g_strerror(code));
    return NULL;
  }
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  gboolean done = hash_pieces(file, sum, path, run, error);
  close(file);
  return done ? g_strdup(g_checksum_get_string(sum)) : NULL;
}
