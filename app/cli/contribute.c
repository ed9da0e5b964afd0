// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli contribute: which neurons make a region of the picture that a model draws of the responses to an image.
#include "config.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "decode/influence.h"
#include "in-hand.h"
#include "models.h"
#include "table.h"
#include "work/influence-file.h"
#include "work/responses.h"
#include "work/workspace.h"

#define USUAL_NEURONS 20

typedef struct {
  const char *recording, *workspace, *model;  // as given; workspace NULL: the recording's own
  const PctInHand *hand;
  int n_shown;  // 0: all
  PctRegion region;
  PctInfluenceMeasure measure;
  gboolean json, csv;
  const char *trials;  // the condition they must meet; NULL: all
} Request;

// What there is to print.
typedef struct {
  const Request *request;
  const PctOpenedRecording *opened;
  const PctModelInfo *info;
  const char *hash;
  PctTier tier;
  int n_averaged;
  const float *responses;
  const PctInfluence *influence;
  const int *order;
  int n;
} Report;

static void
print_table(const Report *report)
{
  const Request *request = report->request;
  const PctRegion *region = &request->region;
  const PctInfluence *influence = report->influence;
  gboolean silencing = request->measure == PCT_INFLUENCE_SILENCING;
  g_autofree char *trials = request->hand->repeat == PCT_MEAN_OF_REPEATS
    ? g_strdup_printf(ngettext("mean of %d trial", "mean of %d trials", (gulong)report->n_averaged), report->n_averaged)
    : g_strdup_printf(_("trial %d"), request->hand->repeat);
  g_autofree char *where = pct_region_is_whole(region)
    ? g_strdup(_("the whole picture"))
    : g_strdup_printf(_("%d × %d pixels at column %d, row %d"), region->width, region->height, region->x, region->y);
  // Translators: image, tier, trials, model, region.
  printf(_("Image %d (%s), %s, drawn by %s: %s\n"), request->hand->image, pct_tier_get_name(report->tier), trials,
         report->info->name, where);
  printf(_("%s, in %s. %s\n\n"), pct_influence_measure_get_title(request->measure),
         pct_influence_measure_get_unit(request->measure), pct_influence_measure_get_help(request->measure));
  g_autoptr(PctTable) table = pct_table_new("rrrr");
  pct_table_add(table, _("neuron"), pct_influence_measure_get_name(request->measure), _("response"), _("its mean"));
  for (int i = 0; i < report->n; i++) {
    int neuron = report->order[i];
    char number[16], value[32], response[32], mean[32];
    g_snprintf(number, sizeof number, "%d", neuron);
    g_snprintf(value, sizeof value, silencing ? "%.4f" : "%+.4f", influence->values[neuron]);
    g_snprintf(response, sizeof response, "%.3f", report->responses[neuron]);
    g_snprintf(mean, sizeof mean, "%.3f", report->opened->statistics->response_mean[neuron]);
    pct_table_add(table, number, value, response, mean);
  }
  pct_table_print(table, "  ");
  if (request->measure == PCT_INFLUENCE_CONTRIBUTION)
    printf(_("\nThe mean of the region is %+.3f grey levels from that at the mean responses. The contributions of\n"
             "all %d neurons come to that but for %+.4f, with %d derivatives.\n"),
           influence->change, influence->n_neurons, influence->gap, influence->n_steps);
}

// The same numbers as the window saves.
static void
print_file(const Report *report)
{
  const Request *request = report->request;
  const PctInfluence *influence = report->influence;
  g_autofree PctNeuronInfluence *ranking = g_new(PctNeuronInfluence, report->n);
  for (int i = 0; i < report->n; i++)
    ranking[i] = (PctNeuronInfluence){ report->order[i], influence->values[report->order[i]] };
  PctInfluenceFile file = {
    .measure = request->measure, .region = request->region, .ranking = ranking, .n = report->n,
    .change = influence->change, .gap = influence->gap, .n_steps = influence->n_steps,
    .recording = report->opened->recording, .statistics = report->opened->statistics, .responses = report->responses,
    .n_averaged = report->n_averaged, .image = request->hand->image, .repeat = request->hand->repeat,
    .info = report->info, .model_hash = report->hash,
  };
  g_autofree char *text = request->json ? pct_influence_file_dup_json(&file, TRUE) : pct_influence_file_dup_csv(&file);
  printf(request->json ? "%s\n" : "%s", text);
}

static gboolean
check_sizes(const PctDecoder *decoder, const PctModelInfo *info, const PctRecording *recording, GError **error)
{
  if (decoder->n_neurons == pct_recording_get_n_neurons(recording))
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
              _("“%s” decodes responses of %d neurons; “%s” holds those of %d."), info->name, decoder->n_neurons,
              pct_recording_get_name(recording), pct_recording_get_n_neurons(recording));
  return FALSE;
}

static gboolean
contribute(const Request *request, PctConsole *console, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  g_auto(PctOpenedRecording) opened = { 0 };
  g_autoptr(PctModelInfo) info = NULL;
  g_autoptr(PctDecoder) decoder = NULL;
  if (!pct_recording_argument_open(&opened, request->recording, request->trials, run, error))
    return FALSE;
  g_autofree char *workspace = request->workspace
    ? g_canonicalize_filename(request->workspace, NULL)
    : pct_workspace_folder_locate(opened.path, pct_recording_get_fingerprint(opened.recording));
  g_autofree char *folder = pct_model_argument_find(request->model, workspace);
  g_autofree float *responses = g_new(float, pct_recording_get_n_neurons(opened.recording)), *z = NULL;
  Report report = { .request = request, .opened = &opened, .responses = responses };
  if (!pct_in_hand_read(request->hand, opened.recording, NULL, responses, &report.n_averaged, error) ||
      !pct_recording_get_image_tier(opened.recording, request->hand->image, &report.tier) ||
      !pct_model_open(folder, &info, &decoder, error) || !check_sizes(decoder, info, opened.recording, error))
    return FALSE;
  z = pct_in_hand_dup_z(request->hand, decoder);
  PctInfluencePoint at = { responses, report.n_averaged, z, opened.statistics->response_mean,
                           opened.statistics->response_std, request->region };
  PctProgress progress = { .phase = pct_influence_measure_get_title(request->measure) };
  g_autofree char *hash = NULL;
  g_autoptr(PctInfluence) influence = NULL;
  if (!pct_region_check(&at.region, decoder->height, decoder->width, error) ||
      !(hash = pct_decoder_folder_dup_hash(folder, run, error)) || !pct_run_report(run, &progress, error) ||
      !(influence = pct_influence_new(decoder, request->measure, &at, run, error)))
    return FALSE;
  g_autofree int *order = pct_influence_dup_order(influence);
  report.info = info;
  report.hash = hash;
  report.influence = influence;
  report.order = order;
  report.n = request->n_shown > 0 ? MIN(request->n_shown, influence->n_neurons) : influence->n_neurons;
  pct_console_finish(console);
  (request->json || request->csv ? print_file : print_table)(&report);
  return TRUE;
}

// "x,y,w,h"; whether it is inside the picture is seen later.
static gboolean
parse_region(const char *text, PctRegion *region)
{
  char rest;
  *region = (PctRegion){ 0 };
  if (sscanf(text, "%9d,%9d,%9d,%9d%c", &region->x, &region->y, &region->width, &region->height, &rest) == 4 &&
      region->x >= 0 && region->y >= 0 && region->width > 0 && region->height > 0)
    return TRUE;
  pct_command_refuse(_("A region is “x,y,w,h”: left column and upper row from 0, width and height in pixels; not “%s”"),
                     text);
  return FALSE;
}

static int
run_contribute(char **arguments)
{
  g_autofree char *trials = NULL;
  g_autofree char *workspace = NULL, *model = NULL, *region = NULL, *measure = NULL;
  g_auto(PctInHand) hand = PCT_IN_HAND_NONE;
  int n_shown = -1;
  gboolean json = FALSE, csv = FALSE;
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model, N_("The model’s folder, or its name in the workspace"), "MODEL" },
    { "workspace", 'w', 0, G_OPTION_ARG_FILENAME, &workspace,
      N_("Where models are looked for by name (default: the recording’s own)"), "WORKSPACE" },
    PCT_IN_HAND_IMAGE_ENTRIES(hand),
    PCT_IN_HAND_ENTRIES(hand),
    PCT_IN_HAND_AVERAGED_ENTRY(hand),
    { "region", 0, 0, G_OPTION_ARG_STRING, &region, N_("Columns x to x+w, rows y to y+h (default: the whole picture)"),
      "x,y,w,h" },
    { "measure", 0, 0, G_OPTION_ARG_STRING, &measure, N_("What neurons are ranked by (default: contribution)"),
      "contribution|sensitivity|silencing" },
    { "neurons", 'n', 0, G_OPTION_ARG_INT, &n_shown,
      N_("How many to print, the strongest first; 0: all (default: 20, as JSON and CSV all)"), "TOP" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print as JSON"), NULL },
    { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, N_("Print as CSV"), NULL },
    PCT_TRIALS_ENTRY(&trials),
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, "RECORDING", 1,
                         _("Contribution: what the region’s mean owes to a response not being the neuron’s mean,\n"
                           "by integrated gradients, in grey levels. Sensitivity: its derivative, in grey levels a\n"
                           "standard deviation. Silencing: root-mean-square change of the whole picture with the\n"
                           "response at its mean; takes a picture a neuron.")))
    return PCT_EXIT_USAGE;
  Request request = { .recording = arguments[1], .workspace = workspace, .model = model, .hand = &hand, .trials = trials,
                      .json = json, .csv = csv };
  if (!model)
    return pct_command_refuse(_("%s is missing"), "-m MODEL");
  if (hand.image < 0)
    return pct_command_refuse(_("%s is missing"), "--image N");
  if (!pct_in_hand_check(&hand))
    return PCT_EXIT_USAGE;
  if (n_shown < -1)
    return pct_command_refuse(_("Trials and neurons are numbered from 0"));
  if (json && csv)
    return pct_command_refuse(_("--json and --csv exclude each other"));
  if (measure && !pct_influence_measure_from_name(measure, &request.measure))
    return pct_command_refuse(_("Neurons are ranked by contribution, sensitivity or silencing, not “%s”"), measure);
  if (region && request.measure == PCT_INFLUENCE_SILENCING)
    return pct_command_refuse(_("Silencing is about the whole picture; --region is for the other measures"));
  if (region && !parse_region(region, &request.region))
    return PCT_EXIT_USAGE;
  request.n_shown = n_shown >= 0 ? n_shown : json || csv ? 0 : USUAL_NEURONS;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || !contribute(&request, console, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_contribute = { "contribute", N_("rank the neurons that make a region of a picture"),
                                            run_contribute };
