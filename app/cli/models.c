// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "models.h"
#include <glib/gi18n.h>
#include "base/error.h"
#include "command.h"
#include "data/demo.h"
#include "data/recording-file.h"

gboolean
pct_recording_argument_open(PctOpenedRecording *opened, const char *argument, const PctRun *run, GError **error)
{
  const char *path = pct_command_recording_path(argument);
  PctProgress progress = { .phase = _("Opening the recording") };
  if (!pct_run_report(run, &progress, error))
    return FALSE;
  opened->path = path ? g_canonicalize_filename(path, NULL) : NULL;
  opened->recording = path ? pct_recording_open(path, run, error) : pct_demo_open(run, error);
  opened->statistics = opened->recording ? pct_statistics_new(opened->recording, run, error) : NULL;
  return opened->statistics != NULL;
}

void
pct_opened_recording_clear(PctOpenedRecording *opened)
{
  g_clear_pointer(&opened->recording, pct_recording_unref);
  g_clear_pointer(&opened->statistics, pct_statistics_free);
  g_clear_pointer(&opened->path, g_free);
}

char *
pct_model_argument_find(const char *argument, const char *workspace)
{
  if (!workspace || g_path_is_absolute(argument) || g_file_test(argument, G_FILE_TEST_IS_DIR))
    return g_strdup(argument);
  return g_build_filename(workspace, "models", argument, NULL);
}

gboolean
pct_model_open(const char *folder, PctModelInfo **info, PctDecoder **decoder, GError **error)
{
  g_autofree char *description = g_build_filename(folder, "model.json", NULL);
  if (!g_file_test(description, G_FILE_TEST_EXISTS)) {
    g_autofree char *shown = g_filename_display_name(folder);
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("There is no model in “%s”: it has no model.json."), shown);
    return FALSE;
  }
  g_autoptr(PctModelInfo) found = pct_model_info_load(folder, pct_decoder_find_kind, error);
  if (!found)
    return FALSE;
  if (!found->finished) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("The training of “%s” was stopped before its end; “percept-cli train %s --resume” goes on with it."),
                found->name, found->kind->kind);
    return FALSE;
  }
  *decoder = pct_decoder_load(folder, error);
  if (!*decoder)
    return FALSE;
  *info = g_steal_pointer(&found);
  return TRUE;
}
