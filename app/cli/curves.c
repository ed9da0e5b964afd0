// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli curves: how good a kind of decoder is with ever more neurons, or learned from ever more images.
#include "config.h"
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "curves-report.h"
#include "encoder-options.h"
#include "kinds.h"
#include "train-sources.h"
#include "work/data-curve-file.h"
#include "work/workspace.h"

typedef struct {
  const PctModelKind *kind;
  PctOptionValues *options;
  guint64 seed;
  PctCurveAgainst against;
  PctTier tier;
  GArray *points;                             // of double: a share up to 1, or a number; NULL: as usual
  const char *recording, *workspace, *model;  // as given; workspace NULL: the recording's own, model NULL: fit one
  const char *out;                            // NULL: in the workspace
  PctSourceArguments sources;
  gboolean json;
  const char *trials;  // the condition they must meet; NULL: all
} Request;

// "1/32,0.5,1,200".
static GArray *
parse_points(const char *text)
{
  g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(double));
  // An empty text has no parts at all.
  g_auto(GStrv) parts = g_strsplit(*text ? text : " ", ",", -1);
  for (guint i = 0; parts[i]; i++) {
    char *end;
    double value = g_ascii_strtod(parts[i], &end), below = 1;
    if (end != parts[i] && *end == '/') {
      char *from = end + 1;
      below = g_ascii_strtod(from, &end);
      value = end != from ? value / below : NAN;
    }
    gboolean number = value > 1 && value == floor(value) && value <= G_MAXINT;
    if (end == parts[i] || *end != '\0' || !(number || (value > 0 && value <= 1))) {
      pct_command_refuse(_("“%s” is neither a share of all, as “1/4” or “0.25”, nor a number of them"), parts[i]);
      return NULL;
    }
    g_array_append_val(points, value);
  }
  return g_steal_pointer(&points);
}

static int
compare(gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// Shares of all, ascending.
static GArray *
make_shares(const Request *request, const PctDataCurve *curve, GError **error)
{
  GArray *shares = g_array_new(FALSE, FALSE, sizeof(double));
  if (!request->points)
    return g_array_append_vals(shares, pct_data_curve_shares, PCT_DATA_CURVE_N_SHARES);
  int total = pct_data_curve_get_total(curve);
  for (guint i = 0; i < request->points->len; i++) {
    double value = g_array_index(request->points, double, i), share = value > 1 ? value / total : value;
    if (share > 1) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                  request->against == PCT_AGAINST_IMAGES
                    ? _("There are no %.0f training images in “%s”; it has %d.")
                    : _("There are no %.0f neurons in “%s”; it has %d."),
                  value, pct_recording_get_name(curve->fit.recording), total);
      g_array_unref(shares);
      return NULL;
    }
    g_array_append_val(shares, share);
  }
  g_array_sort(shares, compare);
  return shares;
}

// Of what is fitted, or of the model that is there (taken): either way on this recording.
static PctModelInfo *
describe(const Request *request, const PctOpenedRecording *opened, PctModelInfo *model)
{
  PctModelInfo *info = model ? model : pct_model_info_new(request->kind);
  g_free(info->fingerprint);
  g_free(info->recording_name);
  info->fingerprint = g_strdup(pct_recording_get_fingerprint(opened->recording));
  info->recording_name = g_strdup(pct_recording_get_name(opened->recording));
  if (model)
    return info;
  info->seed = request->seed;
  pct_option_values_free(info->options);
  info->options = pct_option_values_copy(request->options);
  return info;
}

// The model that neurons are silenced in, what it is, and the hash of its weights; all NULL: one is fitted. FALSE with an
// error.
static gboolean
open_model(const Request *request, const char *workspace, PctModelInfo **info, PctDecoder **decoder, char **hash,
           const PctRun *run, GError **error)
{
  if (!request->model)
    return TRUE;
  g_autofree char *folder = pct_model_argument_find(request->model, workspace);
  if (!pct_model_open(folder, info, decoder, error) || !(*hash = pct_decoder_folder_dup_hash(folder, run, error)))
    return FALSE;
  if ((*info)->kind == request->kind)
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("“%s” is of the kind “%s”, not “%s”."), (*info)->name,
              (*info)->kind->kind, request->kind->kind);
  return FALSE;
}

static gboolean
measure(const Request *request, PctConsole *console, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  g_auto(PctOpenedRecording) opened = { 0 };
  if ((request->out && !pct_command_check_output(request->out, error)) ||
      !pct_recording_argument_open(&opened, request->recording, request->trials, run, error))
    return FALSE;
  const char *fingerprint = pct_recording_get_fingerprint(opened.recording);
  g_autofree char *workspace = request->workspace ? g_canonicalize_filename(request->workspace, NULL)
                                                  : pct_workspace_folder_locate(opened.path, fingerprint);
  g_autoptr(PctModelInfo) info = NULL;
  g_autoptr(PctDecoder) whole = NULL;
  g_auto(PctOpenedSources) sources = { 0 };
  g_autofree char *hash = NULL;
  if (!open_model(request, workspace, &info, &whole, &hash, run, error))
    return FALSE;
  info = describe(request, &opened, info);
  if (!whole && !pct_sources_open(&sources, &request->sources, workspace, &opened, info, FALSE, run, error))
    return FALSE;
  PctDataCurveWork work = {
    .curve = { .klass = pct_decoder_find_class(request->kind->kind), .against = request->against, .tier = request->tier,
               .seed = info->seed, .whole = whole,
               .fit = { .recording = opened.recording, .statistics = opened.statistics, .options = info->options,
                        .seed = info->seed, .encoder = sources.encoder.encoder, .meis = sources.meis.set,
                        .photographs = info->photographs } },
    .info = info, .model = whole ? info->name : NULL, .model_hash = hash };
  g_autoptr(GArray) shares = make_shares(request, &work.curve, error);
  if (!shares)
    return FALSE;
  g_autofree char *path = request->out ? g_strdup(request->out) : pct_data_curve_locate(workspace, &work, error);
  if (!path || (!request->out && !pct_workspace_folder_describe(workspace, opened.path, fingerprint, error)) ||
      !pct_data_curve_run(&work, (const double *)(gpointer)shares->data, shares->len, path, run, error))
    return FALSE;
  g_autoptr(GArray) points = pct_data_curve_load(path, error);
  if (!points)
    return FALSE;
  pct_console_finish(console);
  if (request->json) {
    pct_data_points_print_json(points, request->against, path);
    return TRUE;
  }
  pct_data_points_print(points, request->against);
  printf("\n%s\n", path);
  return TRUE;
}

// What the words come to; FALSE after a complaint.
static gboolean
check(Request *request, const char *against, gboolean silence, gboolean retrain, const char *tier)
{
  if (!against || !pct_curve_against_from_name(against, &request->against) ||
      request->against == PCT_AGAINST_SILENCED)
    pct_command_refuse(against ? _("A curve is against neurons or images, not “%s”") : _("%s is missing"),
                       against ? against : "--against neurons|images");
  else if (silence && retrain)
    pct_command_refuse(_("--silence and --retrain exclude each other"));
  else if (silence && request->against == PCT_AGAINST_IMAGES)
    pct_command_refuse(_("--silence is for neurons: what was learned from an image cannot be taken back"));
  else if (request->model && !silence)
    pct_command_refuse(_("-m is for --silence: every other point is fitted anew"));
  else if (tier && !pct_tier_from_name(tier, &request->tier))
    pct_command_refuse(_("There is no tier “%s”; the tiers are train, validation and test"), tier);
  else {
    request->against = silence ? PCT_AGAINST_SILENCED : request->against;
    return TRUE;
  }
  return FALSE;
}

static int
run_curves(char **arguments)
{
  g_autofree char *trials = NULL;
  g_autofree char *recording = NULL, *workspace = NULL, *encoder = NULL, *meis = NULL, *photographs = NULL,
                  *seed = NULL, *against = NULL, *points = NULL, *tier = NULL, *model = NULL, *out = NULL;
  g_auto(GStrv) settings = NULL;
  gboolean silence = FALSE, retrain = FALSE, json = FALSE;
  const GOptionEntry entries[] = {
    { "recording", 'r', 0, G_OPTION_ARG_FILENAME, &recording, N_("The recording to learn from"), "RECORDING" },
    { "workspace", 'w', 0, G_OPTION_ARG_FILENAME, &workspace,
      N_("Where models are and curves go (default: the recording’s own, which the window uses)"), "WORKSPACE" },
    { "against", 0, 0, G_OPTION_ARG_STRING, &against, N_("What there is more and more of"), "neurons|images" },
    { "points", 0, 0, G_OPTION_ARG_STRING, &points,
      N_("Shares of all, or numbers (default: 1/32,1/16,1/8,1/4,1/2,1)"), "1/8,0.5,100" },
    { "retrain", 0, 0, G_OPTION_ARG_NONE, &retrain, N_("Fit anew to fewer neurons (this is the default)"), NULL },
    { "silence", 0, 0, G_OPTION_ARG_NONE, &silence, N_("Fit once to all neurons, and set the others to their mean"),
      NULL },
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model, N_("With --silence: a model of this kind, instead of fitting one"),
      "MODEL" },
    { "encoder", 'e', 0, G_OPTION_ARG_FILENAME, &encoder,
      N_("For a kind that needs one: an encoder (default: the best of the workspace)"), PCT_ENCODER_ARGUMENT },
    { "meis", 0, 0, G_OPTION_ARG_FILENAME, &meis,
      N_("For a kind that needs them: most exciting inputs (default: the newest of the workspace)"), "MODEL|MEIS.npz" },
    { "photographs", 0, 0, G_OPTION_ARG_FILENAME, &photographs,
      N_("For a kind that can be pretrained: a folder of photographs (PNG, JPEG) to show the encoder as well"), "DIR" },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &settings, N_("Set an option of the kind; may be repeated"),
      "name=value" },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &seed, N_("Random seed (default: 1)"), "S" },
    { "tier", 0, 0, G_OPTION_ARG_STRING, &tier, N_("Which trials to score on (default: test)"), "train|validation|test" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &out,
      N_("Where to write (default: curves/KIND-N.csv in the workspace); what it is of goes into OUT.json"), "OUT.csv" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print as JSON"), NULL },
    PCT_TRIALS_ENTRY(&trials),
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, "KIND", 1,
                         _("Writes a row a point, and prints the file’s path last. Ctrl+C stops; the same command goes on\n"
                           "from the points that are there.")))
    return PCT_EXIT_USAGE;
  Request request = { .kind = pct_decoder_find_kind(arguments[1]), .seed = 1, .tier = PCT_TIER_TEST, .json = json,
                      .recording = recording, .workspace = workspace, .model = model, .out = out,
                      .sources = { .encoder = encoder, .meis = meis, .photographs = photographs } };
  request.trials = trials;
  if (!request.kind)
    return pct_model_kinds_find(arguments[1])
             ? pct_command_refuse(_("“%s” is no decoder"), arguments[1]) : pct_kinds_refuse(arguments[1]);
  if (!recording)
    return pct_command_refuse(_("%s is missing"), "-r RECORDING");
  if (!check(&request, against, silence, retrain, tier))
    return PCT_EXIT_USAGE;
  if (model && (settings || seed || encoder || meis || photographs))
    return pct_command_refuse(_("A model has its own options, seed, and what it was made with"));
  if (seed && !g_ascii_string_to_unsigned(seed, 10, 0, G_MAXUINT64, &request.seed, NULL))
    return pct_command_refuse(_("The seed is a whole number from 0 on, not “%s”"), seed);
  g_autoptr(GArray) parsed = points ? (request.points = parse_points(points)) : NULL;
  if (points && !parsed)
    return PCT_EXIT_USAGE;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctOptionValues) options = request.options = pct_option_values_new(request.kind->options);
  if ((request.kind->needs & PCT_NEEDS_ENCODER) && !pct_encoder_settings_take(settings, &request.sources.linear))
    return PCT_EXIT_USAGE;
  for (guint i = 0; settings && settings[i]; i++)
    if (!pct_option_values_parse(options, settings[i], &error))
      return pct_command_refuse("%s", error->message);
  if (!pct_source_arguments_check(&request.sources, request.kind, options))
    return PCT_EXIT_USAGE;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || !measure(&request, console, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_curves = { "curves", N_("measure a decoder against the number of neurons or images"),
                                        run_curves };
