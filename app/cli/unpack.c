// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli unpack: what `share` wrote, as a folder of its own, or into the workspace of the recording it belongs to.
#include "config.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "models.h"
#include "work/opened.h"
#include "work/shared-file.h"
#include "work/workspace.h"

typedef struct {
  const char *file, *output, *recording;  // as given; output, recording NULL: not
} Request;

static gboolean
unpack(const Request *request, const PctSharedFile *file, const PctRun *run, GError **error)
{
  if (!pct_shared_file_get_about(file)->has_recording) {
    g_autofree char *wanted = pct_shared_file_dup_wanted(file);
    // Translators: %s is a sentence.
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("%s Say where that is by -r RECORDING."), wanted);
    return FALSE;
  }
  g_autofree char *target = request->output ? g_canonicalize_filename(request->output, NULL) : NULL;
  g_autofree char *folder = pct_shared_file_unpack(file, target, run, error);
  if (folder)
    printf("%s\n", folder);
  return folder != NULL;
}

static gboolean
take_in(const Request *request, const PctSharedFile *file, const PctRun *run, GError **error)
{
  g_auto(PctOpenedRecording) opened = { 0 };
  if (!pct_recording_argument_open(&opened, request->recording, NULL, run, error) ||
      !pct_shared_file_check(file, opened.recording, opened.path == NULL, error))
    return FALSE;
  const char *fingerprint = pct_recording_get_fingerprint(opened.recording);
  g_autofree char *workspace = request->output ? g_canonicalize_filename(request->output, NULL)
                                               : pct_workspace_folder_locate(opened.path, fingerprint);
  g_autoptr(GPtrArray) taken = pct_shared_file_take_in(file, workspace, opened.path == NULL, run, error);
  if (!taken || !pct_workspace_folder_describe(workspace, opened.path, fingerprint, error))
    return FALSE;
  for (guint i = 0; i < taken->len; i++)
    printf("%s\n", (const char *)taken->pdata[i]);
  return TRUE;
}

static int
run_unpack(char **arguments)
{
  g_autofree char *output = NULL, *recording = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      N_("The folder to make (default: beside the file); with -r, the workspace (default: the recording’s own)"), "FOLDER" },
    { "recording", 'r', 0, G_OPTION_ARG_FILENAME, &recording,
      N_("The recording that the models belong to: they are taken into its workspace"), "RECORDING" },
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, "FILE.percept.zip", 1,
                         _("Prints the .percept folder, or with -r the folders of the models that are new. A folder that is\n"
                           "there already is never touched: the new one is called “NAME 2”.")))
    return PCT_EXIT_USAGE;
  Request request = { arguments[1], output, recording };
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  g_autoptr(PctSharedFile) file = console ? pct_shared_file_open(request.file, &error) : NULL;
  if (!file || !(recording ? take_in : unpack)(&request, file, pct_console_get_run(console), &error))
    return pct_console_fail(console, error);
  pct_console_finish(console);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_unpack = { "unpack", N_("unpack what “share” packed"), run_unpack };
