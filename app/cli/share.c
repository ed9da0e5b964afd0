// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli share: a recording's workspace as one file that others open.
#include "config.h"
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include "command.h"
#include "console.h"
#include "models.h"
#include "work/share.h"
#include "work/workspace.h"

typedef struct {
  const char *recording, *workspace, *output;  // as given; workspace NULL: the recording's own
  char **models;                               // NULL: all that are finished
  gboolean without_recording;
} Request;

// The folders of the models wanted.
static GPtrArray *
find_models(const Request *request, const char *workspace, gboolean demo, GError **error)
{
  if (!request->models)
    return pct_share_list_models(workspace, demo);
  g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func(g_free);
  for (char **name = request->models; *name; name++) {
    char *folder = pct_model_argument_find(*name, workspace);
    g_ptr_array_add(folders, folder);
    g_autoptr(PctModelInfo) info = pct_model_describe(folder, error);
    if (!info)
      return NULL;
  }
  return g_steal_pointer(&folders);
}

static gboolean
share(const Request *request, PctConsole *console, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  g_auto(PctOpenedRecording) opened = { 0 };
  if (!pct_command_check_output(request->output, error) ||
      !pct_recording_argument_open(&opened, request->recording, NULL, run, error))
    return FALSE;
  g_autofree char *workspace =
    request->workspace ? g_canonicalize_filename(request->workspace, NULL)
                       : pct_workspace_folder_locate(opened.path, pct_recording_get_fingerprint(opened.recording));
  g_autoptr(GPtrArray) models = find_models(request, workspace, opened.path == NULL, error);
  if (!models)
    return FALSE;
  PctShare what = { opened.recording, opened.path == NULL, workspace, models, !request->without_recording };
  if (!pct_share_write(&what, request->output, run, error))
    return FALSE;
  pct_console_finish(console);
  GStatBuf about;
  g_autofree char *size = g_stat(request->output, &about) == 0 ? g_format_size((guint64)about.st_size) : g_strdup("");
  printf(request->without_recording ? ngettext("%s: %u model, without the recording, %s\n",
                                               "%s: %u models, without the recording, %s\n", models->len)
                                    : ngettext("%s: %u model, with the recording, %s\n",
                                               "%s: %u models, with the recording, %s\n", models->len),
         request->output, models->len, size);
  return TRUE;
}

static int
run_share(char **arguments)
{
  g_autofree char *recording = NULL, *workspace = NULL, *output = NULL;
  g_auto(GStrv) models = NULL;
  gboolean without_recording = FALSE;
  const GOptionEntry entries[] = {
    { "recording", 'r', 0, G_OPTION_ARG_FILENAME, &recording, N_("The recording"), "RECORDING" },
    { "workspace", 'w', 0, G_OPTION_ARG_FILENAME, &workspace, N_("Its workspace (default: the recording’s own)"),
      "WORKSPACE" },
    { "model", 'm', 0, G_OPTION_ARG_FILENAME_ARRAY, &models,
      N_("A model to go along; may be given several times (default: all that are finished)"), "MODEL" },
    { "without-recording", 0, 0, G_OPTION_ARG_NONE, &without_recording,
      N_("The recording stays here: whoever opens the file must have it"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("The file to be given away"), "NAME.percept.zip" },
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, NULL, 0,
                         _("The file is a plain zip: NAME.percept/ as in a workspace, and NAME.npz beside it. It names no\n"
                           "folder of this computer. Trainings that are not finished stay here.")))
    return PCT_EXIT_USAGE;
  if (!recording || !output)
    return pct_command_refuse(_("%s is missing"), !recording ? "-r RECORDING" : "-o NAME" PCT_SHARE_SUFFIX);
  if (!g_str_has_suffix(output, PCT_SHARE_SUFFIX))
    return pct_command_refuse(_("“%s” must end in “%s”, by which it is known"), output, PCT_SHARE_SUFFIX);
  Request request = { recording, workspace, output, models, without_recording };
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || !share(&request, console, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_share = { "share", N_("pack a workspace as one file for others"), run_share };
