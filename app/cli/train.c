// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli train: any kind of encoder, MEI set or decoder into a workspace, by default the one that the window uses for that recording.
#include "config.h"
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "encoder-options.h"
#include "kinds.h"
#include "train-sources.h"
#include "work/fit-model.h"
#include "work/workspace.h"

typedef struct {
  const PctModelKind *kind;
  PctOptionValues *options;
  guint64 seed;
  gboolean resume;
  const char *recording, *workspace;  // as given; workspace NULL: the recording's own
  PctSourceArguments sources;
  const char *trials;  // the condition they must meet; NULL: all
} Request;

// The newest unfinished model of the kind.
static char *
find_unfinished(const Request *request, const char *workspace, PctRecording *recording, PctModelInfo **info,
                GError **error)
{
  g_autoptr(GPtrArray) folders = pct_workspace_folder_list_models(workspace);
  for (guint i = folders->len; i-- > 0;) {
    const char *folder = folders->pdata[i];
    g_autoptr(PctModelInfo) found = pct_model_info_load(folder, pct_model_kinds_find, NULL);
    if (!found || found->finished || found->kind != request->kind ||
        !pct_workspace_folder_has_checkpoint(folder))
      continue;
    if (g_strcmp0(found->fingerprint, pct_recording_get_fingerprint(recording)) != 0) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                  _("“%s” was trained on another recording, “%s”, and can go on with that one only."), found->name,
                  found->recording_name);
      return NULL;
    }
    if (!pct_model_info_check_trials(found, pct_recording_get_trials(recording), error))
      return NULL;
    *info = g_steal_pointer(&found);
    return g_strdup(folder);
  }
  g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("There is no unfinished model of kind “%s” in “%s”."),
              request->kind->kind, workspace);
  return NULL;
}

static char *
begin(const Request *request, const char *workspace, const PctOpenedRecording *opened, PctModelInfo **info,
      GError **error)
{
  const char *fingerprint = pct_recording_get_fingerprint(opened->recording);
  if (!pct_workspace_folder_prepare(workspace, error) ||
      !pct_workspace_folder_describe(workspace, opened->path, fingerprint, error))
    return NULL;
  char *folder = pct_workspace_folder_new_model(workspace, request->kind, error);
  if (!folder)
    return NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  *info = pct_model_info_new(request->kind);
  (*info)->name = g_path_get_basename(folder);
  (*info)->fingerprint = g_strdup(fingerprint);
  (*info)->recording_name = g_strdup(pct_recording_get_name(opened->recording));
  (*info)->trials = g_strdup(pct_recording_get_trials(opened->recording));
  (*info)->created = g_date_time_format_iso8601(now);
  (*info)->seed = request->seed;
  pct_option_values_free((*info)->options);
  (*info)->options = pct_option_values_copy(request->options);
  return folder;
}

static void
tell_outcome(PctConsole *console, const PctModelInfo *info)
{
  if (info->kind->role == PCT_ROLE_MEI_SET)
    pct_console_note(console, _("%s: %.1f s; %d most exciting inputs of “%s”"), info->name, info->seconds,
                     info->n_neurons, info->encoder);
  else if (isfinite(info->validation_correlation))
    pct_console_note(console, _("%s: %.1f s; validation, single trials: correlation %.3f"), info->name, info->seconds,
                     info->validation_correlation);
  else if (isfinite(info->validation_pixcorr))
    pct_console_note(console, _("%s: %.1f s; validation, single trials: PixCorr %.3f, SSIM %.3f"), info->name,
                     info->seconds, info->validation_pixcorr, info->validation_ssim);
  else
    pct_console_note(console, _("%s: %.1f s; the recording has no validation trials"), info->name, info->seconds);
}

static gboolean
fit(const Request *request, const char *workspace, const char *folder, const PctOpenedRecording *opened,
    PctModelInfo *info, const PctRun *run, GError **error)
{
  g_auto(PctOpenedSources) sources = { 0 };
  if (!pct_sources_open(&sources, &request->sources, workspace, opened, info, request->resume, run, error))
    return FALSE;
  PctFit what = { .recording = opened->recording, .statistics = opened->statistics, .options = info->options,
                  .seed = info->seed, .folder = folder, .resume = request->resume, .encoder = sources.encoder.encoder,
                  .meis = sources.meis.set, .photographs = info->photographs };
  if (info->kind->role == PCT_ROLE_MEI_SET) {
    g_autoptr(PctMeis) meis =
      pct_meis_new(folder, pct_recording_get_n_neurons(opened->recording), pct_recording_get_height(opened->recording),
                   pct_recording_get_width(opened->recording));
    return pct_fit_meis(meis, &what, info, run, error);
  }
  g_auto(PctFitted) fitted = { 0 };
  return pct_fit_model(&what, info, &fitted, run, error);
}

static gboolean
train(const Request *request, PctConsole *console, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  g_auto(PctOpenedRecording) opened = { 0 };
  if (!pct_recording_argument_open(&opened, request->recording, request->trials, run, error))
    return FALSE;
  g_autofree char *workspace =
    request->workspace ? g_canonicalize_filename(request->workspace, NULL)
                       : pct_workspace_folder_locate(opened.path, pct_recording_get_fingerprint(opened.recording));
  g_autoptr(PctModelInfo) info = NULL;
  g_autofree char *folder = request->resume ? find_unfinished(request, workspace, opened.recording, &info, error)
                                            : begin(request, workspace, &opened, &info, error);
  if (!folder)
    return FALSE;
  if (!fit(request, workspace, folder, &opened, info, run, error)) {
    if (!pct_workspace_folder_has_checkpoint(folder))
      pct_workspace_folder_remove_model(folder);
    else
      pct_console_note(console,
                       _("the last checkpoint is kept in “%s”; “percept-cli train %s --resume” goes on from it"),
                       folder, info->kind->kind);
    return FALSE;
  }
  tell_outcome(console, info);
  pct_console_finish(console);
  printf("%s\n", folder);
  return TRUE;
}

// "train --help KIND" tells of the kind's options, which GOption knows nothing of.
static gboolean
is_help_on_kind(char **arguments)
{
  const char *const *given = (const char *const *)arguments;
  if (!g_strv_contains(given, "--help") && !g_strv_contains(given, "-h"))
    return FALSE;
  for (int i = 1; arguments[i]; i++) {
    const PctModelKind *kind = pct_model_kinds_find(arguments[i]);
    if (kind) {
      pct_kinds_print(kind);
      return TRUE;
    }
  }
  return FALSE;
}

static int
run_train(char **arguments)
{
  g_autofree char *trials = NULL;
  g_autofree char *recording = NULL, *workspace = NULL, *encoder = NULL, *meis = NULL, *photographs = NULL,
                  *seed = NULL;
  g_auto(GStrv) settings = NULL;
  gboolean resume = FALSE, json = FALSE;
  const GOptionEntry entries[] = {
    { "recording", 'r', 0, G_OPTION_ARG_FILENAME, &recording, N_("The recording to train on"), "RECORDING" },
    { "workspace", 'w', 0, G_OPTION_ARG_FILENAME, &workspace,
      N_("The folder to keep models in (default: the recording’s own, which the window uses)"), "WORKSPACE" },
    { "encoder", 'e', 0, G_OPTION_ARG_FILENAME, &encoder,
      N_("For a kind that needs one: an encoder (default: the best of the workspace)"), PCT_ENCODER_ARGUMENT },
    { "meis", 0, 0, G_OPTION_ARG_FILENAME, &meis,
      N_("For a kind that needs them: most exciting inputs (default: the newest of the workspace)"), "MODEL|MEIS.npz" },
    { "photographs", 0, 0, G_OPTION_ARG_FILENAME, &photographs,
      N_("For a kind that can be pretrained: a folder of photographs (PNG, JPEG) to show the encoder as well"), "DIR" },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &settings, N_("Set an option of the kind; may be repeated"),
      "name=value" },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &seed, N_("Random seed (default: 1)"), "S" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &resume, N_("Go on with the newest unfinished model of this kind"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Report progress as a JSON object a line"), NULL },
    PCT_TRIALS_ENTRY(&trials),
    { NULL },
  };
  if (is_help_on_kind(arguments))
    return PCT_EXIT_DONE;
  if (!pct_command_parse(arguments, entries, "KIND", 1,
                         _("“percept-cli train KIND --help” lists the options of a kind. Prints the model’s folder.\n"
                           "Ctrl+C stops; the last checkpoint is kept, and --resume goes on from it.")))
    return PCT_EXIT_USAGE;
  Request request = { .kind = pct_model_kinds_find(arguments[1]), .seed = 1, .resume = resume,
                      .recording = recording, .workspace = workspace,
                      .sources = { .encoder = encoder, .meis = meis, .photographs = photographs } };
  request.trials = trials;
  if (!request.kind)
    return pct_kinds_refuse(arguments[1]);
  if (!recording)
    return pct_command_refuse(_("%s is missing"), "-r RECORDING");
  // A set goes on with the rows it lacks.
  if (resume && !request.kind->iterative && request.kind->role != PCT_ROLE_MEI_SET)
    return pct_command_refuse(_("“%s” is fitted in one go: there is nothing to resume"), arguments[1]);
  if (resume && (settings || seed || encoder || meis || photographs))
    return pct_command_refuse(_("A resumed training keeps its own options, seed, and what it is made with"));
  if (seed && !g_ascii_string_to_unsigned(seed, 10, 0, G_MAXUINT64, &request.seed, NULL))
    return pct_command_refuse(_("The seed is a whole number from 0 on, not “%s”"), seed);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctOptionValues) options = request.options = pct_option_values_new(request.kind->options);
  if ((request.kind->needs & PCT_NEEDS_ENCODER) && !pct_encoder_settings_take(settings, &request.sources.linear))
    return PCT_EXIT_USAGE;
  for (guint i = 0; settings && settings[i]; i++)
    if (!pct_option_values_parse(options, settings[i], &error))
      return pct_command_refuse("%s", error->message);
  if (!pct_source_arguments_check(&request.sources, request.kind, options))
    return PCT_EXIT_USAGE;
  g_autoptr(PctConsole) console = pct_console_new(json, &error);
  if (!console || !train(&request, console, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_train = { "train", N_("fit an encoder or a decoder to a recording"), run_train };
