// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/origins.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "model/weights-hash.h"

gboolean
pct_origin_note(PctModelInfo *info, PctModelNeeds which, const char *name, const char *path, gboolean resume,
                const PctRun *run, GError **error)
{
  g_return_val_if_fail(info && name && path, FALSE);
  gboolean encodes = which == PCT_NEEDS_ENCODER;
  char **noted = encodes ? &info->encoder : &info->meis, **noted_hash = encodes ? &info->encoder_hash : &info->meis_hash;
  g_autofree char *hash = pct_weights_hash(path, run, error);
  if (!hash)
    return FALSE;
  if (resume && g_strcmp0(*noted_hash, hash) != 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                encodes ? _("“%s” was begun with another encoder than what “%s” is now, and cannot go on with it.")
                        : _("“%s” was begun with other most exciting inputs than what “%s” holds now, and cannot go on "
                            "with them."),
                info->name, name);
    return FALSE;
  }
  g_free(*noted_hash);
  *noted_hash = g_steal_pointer(&hash);
  char *copy = g_strdup(name);
  g_free(*noted);
  *noted = copy;
  return TRUE;
}

gboolean
pct_origin_note_photographs(PctModelInfo *info, const char *folder, GError **error)
{
  g_return_val_if_fail(info, FALSE);
  if (folder && !g_file_test(folder, G_FILE_TEST_IS_DIR)) {
    g_autofree char *shown = g_filename_display_name(folder);
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("There is no folder of photographs “%s”."), shown);
    return FALSE;
  }
  char *whole = folder ? g_canonicalize_filename(folder, NULL) : NULL;
  g_free(info->photographs);
  info->photographs = whole;
  return TRUE;
}
