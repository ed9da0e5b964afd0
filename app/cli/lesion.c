// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli lesion: how good a model's pictures are with more and more of some neurons silenced, beside as many at random:
// of one image's responses, or over a tier.
#include "config.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "decode/evaluate.h"
#include "in-hand.h"
#include "models.h"
#include "work/slide-lesion.h"
#include "work/workspace.h"

#define MOST_RANDOM 1000

typedef struct {
  const char *recording, *trials, *workspace, *model, *output;  // as given; workspace NULL: the recording's own
  const PctInHand *hand;                               // image -1: a tier
  PctTier tier;
  gboolean averaged, others;
  GArray *neurons;                                     // of int
  int n_random;
} Request;

static gboolean
measure_points(const Request *request, const PctOpenedRecording *opened, const PctDecoder *decoder, PctLesionCurve *curve,
               const PctRun *run, GError **error)
{
  PctRecording *recording = opened->recording;
  PctLesion lesion = { opened->statistics->response_mean, curve->order, curve->n_order, request->others, request->n_random,
                       curve->seed };
  int n, n_averaged;
  g_autofree int *counts = pct_lesion_counts_new(lesion.n_order, &n);
  g_array_set_size(curve->points, (guint)n);
  PctLesionPoint *points = (PctLesionPoint *)(gpointer)curve->points->data;
  if (request->hand->image >= 0) {
    gsize pixels = (gsize)decoder->height * (gsize)decoder->width;
    g_autofree float *responses = g_new(float, decoder->n_neurons), *original = g_new(float, pixels);
    g_autofree float *z = pct_in_hand_dup_z(request->hand, decoder);
    if (!pct_in_hand_read(request->hand, recording, NULL, responses, &n_averaged, error))
      return FALSE;
    pct_recording_read_image(recording, request->hand->image, original);
    PctLesionImage image = { responses, z, original, n_averaged };
    return pct_lesion_measure_image(&lesion, decoder, &image, counts, n, points, run, error);
  }
  g_autoptr(PctScoreSet) set = pct_score_set_new(recording, request->tier, request->averaged);
  set->mean_image = opened->statistics->mean_image;
  pct_recording_get_tier_images(recording, request->tier, &curve->n_images);
  if (set->n == 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("The recording “%s” has no trials in its %s tier."),
                pct_recording_get_name(recording), pct_tier_get_name(request->tier));
    return FALSE;
  }
  for (int i = 0; i < n; i++) {
    PctRunPart part;
    if (!pct_lesion_measure(&lesion, decoder, set, counts[i], &points[i], pct_run_part(&part, run, i, 1, n), error))
      return FALSE;
  }
  return TRUE;
}

static PctLesionCurve *
curve_new(const Request *request, PctRecording *recording, const PctModelInfo *info)
{
  PctLesionCurve *curve = g_new0(PctLesionCurve, 1);
  curve->points = g_array_new(FALSE, TRUE, sizeof(PctLesionPoint));
  curve->order = g_memdup2(request->neurons->data, request->neurons->len * sizeof(int));
  curve->n_order = (int)request->neurons->len;
  curve->n_random = request->n_random;
  curve->seed = PCT_LESION_SEED;
  curve->others = request->others;
  curve->tier_wide = request->hand->image < 0;
  curve->averaged = request->averaged;
  curve->tier = request->tier;
  curve->image = request->hand->image;
  curve->repeat = request->hand->repeat;
  curve->n_images = 1;
  curve->model = g_strdup(info->name);
  curve->recording = g_strdup(pct_recording_get_name(recording));
  curve->fingerprint = g_strdup(pct_recording_get_fingerprint(recording));
  return curve;
}

static gboolean
lesion(const Request *request, PctConsole *console, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  g_auto(PctOpenedRecording) opened = { 0 };
  g_autoptr(PctModelInfo) info = NULL;
  g_autoptr(PctDecoder) decoder = NULL;
  if (!pct_command_check_output(request->output, error) ||
      !pct_recording_argument_open(&opened, request->recording, request->trials, run, error))
    return FALSE;
  PctRecording *recording = opened.recording;
  int n_neurons = pct_recording_get_n_neurons(recording);
  for (guint i = 0; i < request->neurons->len; i++)
    if (g_array_index(request->neurons, int, i) >= n_neurons) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("There is no neuron %d in “%s”; they are numbered 0 to %d."),
                  g_array_index(request->neurons, int, i), pct_recording_get_name(recording), n_neurons - 1);
      return FALSE;
    }
  g_autofree char *workspace = request->workspace
    ? g_canonicalize_filename(request->workspace, NULL)
    : pct_workspace_folder_locate(opened.path, pct_recording_get_fingerprint(recording));
  g_autofree char *folder = pct_model_argument_find(request->model, workspace);
  PctProgress progress = { .phase = _("Silencing neurons") };
  if (!pct_model_open(folder, &info, &decoder, error) ||
      !pct_decoder_check_fits(decoder, n_neurons, pct_recording_get_height(recording), pct_recording_get_width(recording),
                              error) ||
      !pct_run_report(run, &progress, error))
    return FALSE;
  g_autoptr(PctLesionCurve) curve = curve_new(request, recording, info);
  curve->model_hash = pct_decoder_folder_dup_hash(folder, run, error);
  if (!curve->model_hash || !measure_points(request, &opened, decoder, curve, run, error) ||
      !pct_lesion_curve_save(curve, request->output, error))
    return FALSE;
  pct_console_finish(console);
  g_autofree char *sentence = pct_lesion_curve_dup_sentence(curve, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR);
  printf("%s\n%s\n", sentence, request->output);
  return TRUE;
}

// "3,17,4": different ones. FALSE after a complaint.
static gboolean
parse_neurons(const char *text, GArray *out)
{
  g_auto(GStrv) parts = g_strsplit(text, ",", -1);
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  for (char **part = parts; *part; part++) {
    guint64 number;
    if (!g_ascii_string_to_unsigned(*part, 10, 0, G_MAXINT, &number, NULL) ||
        !g_hash_table_add(seen, GUINT_TO_POINTER((guint)number + 1))) {
      pct_command_refuse(_("--neurons takes different numbers from 0 on, as in “3,17,4”, not “%s”"), *part);
      return FALSE;
    }
    int neuron = (int)number;
    g_array_append_val(out, neuron);
  }
  return out->len > 0;
}

static int
run_lesion(char **arguments)
{
  g_autofree char *workspace = NULL, *model = NULL, *output = NULL, *neurons = NULL, *tier = NULL, *trials = NULL;
  g_auto(PctInHand) hand = PCT_IN_HAND_NONE;
  gboolean average = FALSE, others = FALSE;
  int n_random = PCT_LESION_RANDOM_OF_IMAGE;
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model, N_("The model’s folder, or its name in the workspace"), "MODEL" },
    { "workspace", 'w', 0, G_OPTION_ARG_FILENAME, &workspace,
      N_("Where models are looked for by name (default: the recording’s own)"), "WORKSPACE" },
    { "neurons", 'n', 0, G_OPTION_ARG_STRING, &neurons, N_("Who is silenced, in this order"), "I,J,…" },
    { "others", 0, 0, G_OPTION_ARG_NONE, &others, N_("All but those are silenced"), NULL },
    { "random", 0, 0, G_OPTION_ARG_INT, &n_random, N_("Random choices of as many to compare with"), "N" },
    PCT_IN_HAND_IMAGE_ENTRIES(hand),
    PCT_IN_HAND_ENTRIES(hand),
    PCT_IN_HAND_AVERAGED_ENTRY(hand),
    PCT_TRIALS_ENTRY(&trials),
    { "tier", 0, 0, G_OPTION_ARG_STRING, &tier, N_("Instead of one image: all of a tier, with z = 0"),
      "train|validation|test" },
    { "average", 0, 0, G_OPTION_ARG_NONE, &average, N_("Of a tier: the mean of each image’s trials"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("A row a number of neurons; OUT.json says what of"), "OUT.csv" },
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, "RECORDING", 1,
                         _("A silenced neuron answers with its mean response; nothing is fitted anew.")))
    return PCT_EXIT_USAGE;
  Request request = { arguments[1], trials, workspace, model, output, &hand, PCT_TIER_TEST, average, others,
                      g_array_new(FALSE, FALSE, sizeof(int)), n_random };
  g_autoptr(GArray) order = request.neurons;
  if (!model || !neurons || !output || (hand.image < 0 && !tier))
    return pct_command_refuse(_("%s is missing"), !model     ? "-m MODEL"
                                                  : !neurons ? "--neurons I,J"
                                                  : !output  ? "-o OUT.csv"
                                                             : "--image N");
  if (!pct_in_hand_check(&hand) || !parse_neurons(neurons, order))
    return PCT_EXIT_USAGE;
  if (tier && !pct_tier_from_name(tier, &request.tier))
    return pct_command_refuse(_("There is no tier “%s”; the tiers are train, validation and test"), tier);
  if (tier ? hand.image >= 0 || hand.settings || hand.seed || hand.repeat >= 0 || hand.averaged_over : average)
    return pct_command_refuse(_("--tier and --average are of a whole tier, without --image and what goes with it"));
  if (n_random < 0 || n_random > MOST_RANDOM)
    return pct_command_refuse(_("--random is 0 to %d"), MOST_RANDOM);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || !lesion(&request, console, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_lesion = { "lesion", N_("silence neurons, and measure what a model’s pictures lose"),
                                        run_lesion };
