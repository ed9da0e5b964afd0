// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli score: decoders, encoders and floors over a tier of a recording. Every figure of a decoder comes from
// decode/evaluate.h, as on the Compare page, and of an encoder from measure/prediction-score.h.
#include "config.h"
#include <glib/gi18n.h>
#include "base/blas.h"
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "decode/evaluate.h"
#include "models.h"
#include "score-report.h"
#include "work/encoder-folder.h"
#include "work/workspace.h"

#define SHUFFLE_SEED 1

typedef struct {
  const char *recording, *workspace;  // as given; workspace NULL: the recording's own
  char **models;                      // NULL: all that are finished
  PctTier tier;
  gboolean json, csv, repeats;
  const char *trials;  // the condition they must meet; NULL: all
} Request;

typedef struct {
  char *folder;
  PctModelInfo *info;
  PctDecoder *decoder;  // by its role: this
  PctEncoder *encoder;  // or this
} Model;

static void
model_free(gpointer data)
{
  Model *model = data;
  g_free(model->folder);
  pct_model_info_free(model->info);
  pct_decoder_unref(model->decoder);
  pct_encoder_unref(model->encoder);
  g_free(model);
}

static gboolean
add_model(GPtrArray *models, const char *folder, GError **error)
{
  Model *model = g_new0(Model, 1);
  model->folder = g_strdup(folder);
  model->info = pct_model_describe(folder, error);
  gboolean encodes = model->info && model->info->kind->role == PCT_ROLE_ENCODER, opened = FALSE;
  if (encodes) {
    opened = (model->encoder = pct_encoder_folder_load(folder, model->info, error)) != NULL;
  } else if (model->info) {
    g_clear_pointer(&model->info, pct_model_info_free);
    opened = pct_model_open(folder, &model->info, &model->decoder, error);
  }
  if (!opened) {
    model_free(model);
    return FALSE;
  }
  g_ptr_array_add(models, model);
  return TRUE;
}

// All of a workspace, those that cannot be scored on this recording left out, which is said.
static void
add_all(GPtrArray *models, GPtrArray *folders, const PctOpenedRecording *opened, PctConsole *console)
{
  const char *fingerprint = pct_recording_get_fingerprint(opened->recording);
  for (guint i = 0; i < folders->len; i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PctModelInfo) info = pct_model_info_load(folders->pdata[i], pct_model_kinds_find, &error);
    // A set of most exciting inputs has no score.
    if (info && info->kind->role == PCT_ROLE_MEI_SET)
      continue;
    // The demo's last bits may differ between machines, and with them the fingerprint.
    if (info && opened->path && g_strcmp0(info->fingerprint, fingerprint) != 0)
      pct_console_note(console, _("“%s” is left out: it was trained on another recording, “%s”."), info->name,
                       info->recording_name);
    else if (!info || !add_model(models, folders->pdata[i], &error))
      pct_console_note(console, _("Left out: %s"), error->message);
  }
}

static GPtrArray *
find_models(const Request *request, const PctOpenedRecording *opened, PctConsole *console, GError **error)
{
  g_autoptr(GPtrArray) models = g_ptr_array_new_with_free_func(model_free);
  g_autofree char *own = pct_workspace_folder_locate(opened->path, pct_recording_get_fingerprint(opened->recording));
  const char *workspace = request->workspace ? request->workspace : own;
  for (guint i = 0; request->models && request->models[i]; i++) {
    g_autofree char *folder = pct_model_argument_find(request->models[i], workspace);
    if (!add_model(models, folder, error))
      return NULL;
  }
  if (!request->models) {
    if (!opened->path && !request->workspace) {
      g_autoptr(GPtrArray) shipped = pct_workspace_folder_list_shipped();
      add_all(models, shipped, opened, console);
    }
    g_autoptr(GPtrArray) folders = pct_workspace_folder_list_models(workspace);
    add_all(models, folders, opened, console);
  }
  return g_steal_pointer(&models);
}

static gboolean
add_floors(PctScoreSection *section, const PctScoreSet *set, const PctOpenedRecording *opened, float *images,
           const PctRun *run, GError **error)
{
  pct_floor_mean_image(set, opened->statistics, images);
  PctPool *pool = pct_run_get_pool(run);
  g_autoptr(PctScore) mean = pct_score_new(set, images, run, error);
  if (!mean)
    return FALSE;
  pct_score_section_add(section, _("mean training image"), NULL, PCT_ROLE_FLOOR, mean, set, pool);
  g_autoptr(PctScore) nearest =
    pct_floor_nearest_neighbour(set, opened->recording, opened->statistics, images, run, error)
      ? pct_score_new(set, images, run, error)
      : NULL;
  if (!nearest)
    return FALSE;
  // Translators: the training image whose responses are most alike.
  pct_score_section_add(section, _("nearest training image"), NULL, PCT_ROLE_FLOOR, nearest, set, pool);
  return TRUE;
}

static char *
dup_name(const Model *model, const char *fingerprint)
{
  return g_strcmp0(model->info->fingerprint, fingerprint) == 0
           ? g_strdup(model->info->name)
           : g_strdup_printf(_("%s (trained on “%s”)"), model->info->name, model->info->recording_name);
}

// The model, and the model on other images' responses.
static gboolean
add_model_lines(PctScoreSection *section, const PctScoreSet *set, const Model *model, const char *fingerprint,
                float *images, const PctRun *run, GError **error)
{
  PctProgress progress = { .phase = model->info->name };
  g_autoptr(PctScore) score = NULL;
  if (pct_run_report(run, &progress, error))
    score = pct_decoder_score(model->decoder, set, images, run, error);
  if (!score)
    return FALSE;
  g_autofree char *name = dup_name(model, fingerprint);
  pct_score_section_add(section, name, model->folder, PCT_ROLE_MODEL, score, set, pct_run_get_pool(run));
  g_autoptr(PctFloats) responses = pct_aligned_new((gsize)set->n * (gsize)set->n_neurons, error);
  if (!responses)
    return FALSE;
  pct_floor_shuffle_responses(set, SHUFFLE_SEED, responses);
  PctScoreSet shuffled = *set;
  shuffled.responses = responses;
  g_autoptr(PctScore) without = pct_decoder_score(model->decoder, &shuffled, images, run, error);
  if (!without)
    return FALSE;
  g_autofree char *label = g_strdup_printf(_("%s, responses shuffled"), name);
  pct_score_section_add(section, label, model->folder, PCT_ROLE_SHUFFLED, without, set,
                        pct_run_get_pool(run));
  return TRUE;
}

static gboolean
add_section(PctScoreReport *report, PctScoreSet *set, const PctOpenedRecording *opened, const GPtrArray *models,
            const PctRun *run, GError **error)
{
  set->mean_image = opened->statistics->mean_image;
  PctScoreSection *section = pct_score_section_new(set);
  g_ptr_array_add(report->sections, section);
  gsize pixels = (gsize)set->height * (gsize)set->width;
  g_autoptr(PctFloats) images = pct_aligned_new((gsize)set->n * pixels, error);
  PctProgress progress = { .phase = _("Scoring the floors") };
  if (!images || !pct_run_report(run, &progress, error) || !add_floors(section, set, opened, images, run, error))
    return FALSE;
  for (guint i = 0; i < models->len; i++)
    if (((const Model *)models->pdata[i])->decoder &&
        !add_model_lines(section, set, models->pdata[i], report->fingerprint, images, run, error))
      return FALSE;
  return TRUE;
}

// Of every decoder, or, where there are no repeats, none: the sentence says why.
static GPtrArray *
measure_repeats(const PctOpenedRecording *opened, PctTier tier, const GPtrArray *models, const PctRun *run,
                GError **error)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(pct_repeat_line_free);
  for (guint i = 0; i < models->len; i++) {
    const Model *model = models->pdata[i];
    if (!model->decoder)
      continue;
    PctRepeatCurve *curve = pct_repeat_curve_new(model->decoder, opened->recording, opened->statistics, tier,
                                                 &PCT_REPEAT_OPTIONS_DEFAULT, run, error);
    if (!curve)
      return NULL;
    PctRepeatLine *line = g_new(PctRepeatLine, 1);
    *line = (PctRepeatLine){ dup_name(model, pct_recording_get_fingerprint(opened->recording)), g_strdup(model->folder),
                             curve };
    g_ptr_array_add(lines, line);
  }
  return g_steal_pointer(&lines);
}

static PctEncoderScores *
score_encoders(const PctOpenedRecording *opened, PctTier tier, const GPtrArray *models, const PctRun *run, GError **error)
{
  g_autoptr(PctEncoderScores) scores =
    pct_encoder_scores_new(opened->recording, opened->statistics, tier, run, error);
  const char *fingerprint = pct_recording_get_fingerprint(opened->recording);
  for (guint i = 0; scores && i < models->len; i++) {
    const Model *model = models->pdata[i];
    g_autofree char *name = dup_name(model, fingerprint);
    if (model->encoder && !pct_encoder_scores_add(scores, name, model->folder, model->encoder, run, error))
      return NULL;
  }
  return g_steal_pointer(&scores);
}

static guint
count_encoders(const GPtrArray *models)
{
  guint n = 0;
  for (guint i = 0; i < models->len; i++)
    n += ((const Model *)models->pdata[i])->encoder != NULL;
  return n;
}

static gboolean
score(const Request *request, PctConsole *console, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  g_auto(PctOpenedRecording) opened = { 0 };
  if (!pct_recording_argument_open(&opened, request->recording, request->trials, run, error))
    return FALSE;
  PctRecording *recording = opened.recording;
  g_autoptr(GPtrArray) models = find_models(request, &opened, console, error);
  if (!models)
    return FALSE;
  if (models->len == 0)
    pct_console_note(console, _("There is no finished model to score; “percept-cli train KIND” makes one."));
  gboolean modes[2];
  pct_score_set_modes(recording, request->tier, modes);
  if (!modes[FALSE] && !modes[TRUE]) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("The recording “%s” has no trials in its %s tier."),
                pct_recording_get_name(recording), pct_tier_get_name(request->tier));
    return FALSE;
  }
  g_autoptr(GPtrArray) sections = g_ptr_array_new_with_free_func((GDestroyNotify)pct_score_section_free);
  PctScoreReport report = { recording, pct_recording_get_fingerprint(recording), request->tier, sections, NULL, NULL };
  // Whoever asks for encoders alone wants no table of floors of decoders.
  guint n_encoders = count_encoders(models);
  gboolean decodes = !request->models || n_encoders < models->len;
  for (int mode = 0; decodes && mode < 2; mode++) {
    g_autoptr(PctScoreSet) set = modes[mode] ? pct_score_set_new(recording, request->tier, mode) : NULL;
    if (set && !add_section(&report, set, &opened, models, run, error))
      return FALSE;
  }
  g_autoptr(GPtrArray) repeats = NULL;
  if (decodes && request->repeats &&
      !(report.repeats = repeats = measure_repeats(&opened, request->tier, models, run, error)))
    return FALSE;
  g_autoptr(PctEncoderScores) encoders = NULL;
  if (n_encoders > 0 && !(report.encoders = encoders = score_encoders(&opened, request->tier, models, run, error)))
    return FALSE;
  pct_console_finish(console);
  if (request->json)
    pct_score_report_print_json(&report);
  else if (request->csv)
    pct_score_report_print_csv(&report);
  else
    pct_score_report_print(&report);
  return TRUE;
}

static int
run_score(char **arguments)
{
  g_autofree char *trials = NULL;
  g_autofree char *recording = NULL, *workspace = NULL, *tier = NULL;
  g_auto(GStrv) models = NULL;
  gboolean json = FALSE, csv = FALSE, repeats = FALSE;
  const GOptionEntry entries[] = {
    { "recording", 'r', 0, G_OPTION_ARG_FILENAME, &recording, N_("The recording to score on"), "RECORDING" },
    { "workspace", 'w', 0, G_OPTION_ARG_FILENAME, &workspace,
      N_("Where the models are (default: the recording’s own, which the window uses)"), "WORKSPACE" },
    { "model", 'm', 0, G_OPTION_ARG_FILENAME_ARRAY, &models,
      N_("A model’s folder or name; may be repeated (default: all finished ones)"), "MODEL" },
    { "tier", 0, 0, G_OPTION_ARG_STRING, &tier, N_("Which trials (default: test)"), "train|validation|test" },
    { "repeats", 0, 0, G_OPTION_ARG_NONE, &repeats,
      N_("Decoders against the number of repeats averaged too, and one half of the repeats against the other"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print as JSON"), NULL },
    { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, N_("Print as CSV"), NULL },
    PCT_TRIALS_ENTRY(&trials),
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, NULL, 0, NULL))
    return PCT_EXIT_USAGE;
  Request request = { recording, workspace, models, PCT_TIER_TEST, json, csv, repeats };
  request.trials = trials;
  if (!recording)
    return pct_command_refuse(_("%s is missing"), "-r RECORDING");
  if (tier && !pct_tier_from_name(tier, &request.tier))
    return pct_command_refuse(_("There is no tier “%s”; the tiers are train, validation and test"), tier);
  if (json && csv)
    return pct_command_refuse(_("--json and --csv exclude each other"));
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || !score(&request, console, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_score = { "score", N_("measure decoders, encoders and floors over a tier"), run_score };
