// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli reconstruct: a model's pictures of responses, from an .npy file or a tier of a recording, in that order.
#include "config.h"
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"
#include "command.h"
#include "console.h"
#include "data/npy.h"
#include "decode/evaluate.h"
#include "in-hand.h"
#include "models.h"

#define MOST_DRAWS 10000

typedef struct {
  const char *model, *workspace, *input, *output;  // as given
  PctTier tier;
  gboolean average;
  double averaged_over;
  int n_draws;  // 0: one picture a row, at z = 0
  guint64 seed;
  const PctInHand *hand;  // image -1: a whole tier
  const char *trials;  // the condition they must meet; NULL: all
} Request;

// Responses as rows, and how many trials each is the mean of.
typedef struct {
  gsize n, n_neurons;
  float *responses;  // (n,M)
  double *averaged;  // (n,)
} Rows;

static void
rows_clear(Rows *rows)
{
  g_free(rows->responses);
  g_free(rows->averaged);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rows, rows_clear)

static gboolean
is_npy(const char *path)
{
  return g_str_has_suffix(path, ".npy");
}

static gboolean
read_npy(Rows *rows, const Request *request, GError **error)
{
  g_autofree char *shown = g_filename_display_basename(request->input);
  g_autoptr(PctNpyArray) array = pct_npy_load(request->input, NULL, error);
  if (!array)
    return FALSE;
  if (array->n_dims < 1 || array->n_dims > 2) {
    g_autofree char *found = pct_npy_array_describe(array);
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” must hold responses (trials, neurons), and is %s."), shown,
                found);
    return FALSE;
  }
  // One row needs no second axis.
  rows->n = array->n_dims == 2 ? array->shape[0] : 1;
  rows->n_neurons = array->shape[array->n_dims - 1];
  rows->responses = pct_npy_array_steal_floats(array, shown, error);
  if (!rows->responses)
    return FALSE;
  for (gsize i = 0; i < rows->n * rows->n_neurons; i++)
    if (!isfinite(rows->responses[i])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("“%s” holds a response that is not a number: row %zu, neuron %zu."),
                  shown, i / rows->n_neurons, i % rows->n_neurons);
      return FALSE;
    }
  rows->averaged = g_new(double, MAX(rows->n, 1));
  for (gsize i = 0; i < rows->n; i++)
    rows->averaged[i] = request->averaged_over;
  return TRUE;
}

static gboolean
read_recording(Rows *rows, const Request *request, const PctRun *run, GError **error)
{
  g_auto(PctOpenedRecording) opened = { 0 };
  if (!pct_recording_argument_open(&opened, request->input, request->trials, run, error))
    return FALSE;
  if (request->hand->image >= 0) {
    int n_averaged;
    rows->n = 1;
    rows->n_neurons = (gsize)pct_recording_get_n_neurons(opened.recording);
    rows->responses = g_new(float, rows->n_neurons);
    rows->averaged = g_new(double, 1);
    if (!pct_in_hand_read(request->hand, opened.recording, NULL, rows->responses, &n_averaged, error))
      return FALSE;
    rows->averaged[0] = n_averaged;
    return TRUE;
  }
  g_autoptr(PctScoreSet) set = pct_score_set_new(opened.recording, request->tier, request->average);
  if (set->n == 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("The recording “%s” has no trials in its %s tier."),
                pct_recording_get_name(opened.recording), pct_tier_get_name(request->tier));
    return FALSE;
  }
  rows->n = (gsize)set->n;
  rows->n_neurons = (gsize)set->n_neurons;
  rows->responses = g_steal_pointer(&set->responses);
  rows->averaged = g_new(double, rows->n);
  for (gsize i = 0; i < rows->n; i++)
    rows->averaged[i] = MAX(set->repeats[i], 1);
  return TRUE;
}

// images (n,draws,H,W). Each picture of a row has a z of its own, the same however many are drawn.
static gboolean
draw(const Request *request, const PctDecoder *decoder, const Rows *rows, float *images, const PctRun *run,
     GError **error)
{
  gsize pixels = (gsize)decoder->height * (gsize)decoder->width, latent = (gsize)pct_decoder_get_latent(decoder);
  gsize draws = (gsize)MAX(request->n_draws, 1);
  g_autofree float *z = request->n_draws ? g_new(float, draws * latent) : pct_in_hand_dup_z(request->hand, decoder);
  g_autofree float *repeated = g_new(float, draws * rows->n_neurons);
  // Rows are decoded one by one only where each needs its own z; the others share calls as long as they may.
  for (gsize first = 0, end; first < rows->n; first = end) {
    end = first + 1;
    const float *responses = rows->responses + first * rows->n_neurons;
    gsize n = draws;
    if (request->n_draws) {
      for (gsize d = 0; d < draws; d++) {
        pct_random_fill_normal(z + d * latent, latent, request->seed, (guint64)first << 20 | d);
        memcpy(repeated + d * rows->n_neurons, responses, rows->n_neurons * sizeof(float));
      }
      responses = repeated;
    } else {
      while (end < rows->n && end - first < 256 && rows->averaged[end] == rows->averaged[first])
        end++;
      n = end - first;
    }
    PctRun quiet = { .pool = pct_run_get_pool(run) };
    if (!pct_decoder_reconstruct(decoder, responses, n, rows->averaged[first], z, images + first * draws * pixels,
                                 &quiet, error) ||
        !pct_run_step(run, (double)end, (double)rows->n, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
save(const Request *request, const Rows *rows, const PctDecoder *decoder, const float *images, GError **error)
{
  gsize height = (gsize)decoder->height, width = (gsize)decoder->width;
  gsize plain[] = { rows->n, height, width }, drawn[] = { rows->n, (gsize)request->n_draws, height, width };
  return pct_npy_save(request->output, PCT_NPY_FLOAT, sizeof(float), request->n_draws ? 4 : 3,
                      request->n_draws ? drawn : plain, images, error);
}

static gboolean
reconstruct(const Request *request, PctConsole *console, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  g_autoptr(PctModelInfo) info = NULL;
  g_autoptr(PctDecoder) decoder = NULL;
  g_auto(Rows) rows = { 0 };
  g_autofree char *folder = pct_model_argument_find(request->model, request->workspace);
  if (!pct_model_open(folder, &info, &decoder, error) ||
      !(is_npy(request->input) ? read_npy(&rows, request, error) : read_recording(&rows, request, run, error)))
    return FALSE;
  if (rows.n_neurons != (gsize)decoder->n_neurons) {
    g_autofree char *shown = g_filename_display_basename(request->input);
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("“%s” decodes responses of %d neurons; “%s” holds those of %zu."), info->name,
                decoder->n_neurons, shown, rows.n_neurons);
    return FALSE;
  }
  if (request->n_draws && pct_decoder_get_latent(decoder) == 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” draws one picture for given responses; there is no z to draw."), info->name);
    return FALSE;
  }
  PctProgress progress = { .phase = _("Reconstructing") };
  gsize draws = (gsize)MAX(request->n_draws, 1), height = (gsize)decoder->height, width = (gsize)decoder->width;
  g_autoptr(PctFloats) images = NULL;
  if (!pct_run_report(run, &progress, error) ||
      !(images = pct_aligned_new(MAX(rows.n, 1) * draws * height * width, error)) ||
      !draw(request, decoder, &rows, images, run, error))
    return FALSE;
  if (!save(request, &rows, decoder, images, error))
    return FALSE;
  pct_console_finish(console);
  if (request->n_draws)
    printf(_("%s: %zu × %zu draws of %zu × %zu pixels\n"), request->output, rows.n, draws, width, height);
  else
    printf(_("%s: %zu images of %zu × %zu pixels\n"), request->output, rows.n, width, height);
  return TRUE;
}

static int
run_reconstruct(char **arguments)
{
  g_autofree char *trials = NULL;
  g_autofree char *model = NULL, *workspace = NULL, *input = NULL, *output = NULL, *tier = NULL;
  g_auto(PctInHand) hand = PCT_IN_HAND_NONE;
  int n_draws = 0;
  gint64 seed = 1;
  gboolean average = FALSE;
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model, N_("The model’s folder, or its name in the workspace"), "MODEL" },
    { "workspace", 'w', 0, G_OPTION_ARG_FILENAME, &workspace, N_("Where models are looked for by name"), "WORKSPACE" },
    { "input", 'i', 0, G_OPTION_ARG_FILENAME, &input, N_("Responses (n,M), or a recording"),
      "RESPONSES.npy|RECORDING" },
    { "tier", 0, 0, G_OPTION_ARG_STRING, &tier, N_("Which trials of the recording (default: test)"),
      "train|validation|test" },
    { "average", 0, 0, G_OPTION_ARG_NONE, &average, N_("One picture an image, from the mean of its trials"), NULL },
    PCT_IN_HAND_IMAGE_ENTRIES(hand),
    PCT_IN_HAND_ENTRIES(hand),
    { "averaged-over", 0, 0, G_OPTION_ARG_INT, &hand.averaged_over,
      N_("Trials that each row of the file, or what is decoded of an image, is the mean of (default: 1; of an image, as "
         "many as were recorded)"), "N" },
    { "draws", 0, 0, G_OPTION_ARG_INT, &n_draws, N_("Pictures a row, each with a random z (default: one, with z = 0)"),
      "D" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, N_("Random seed of the draws (default: 1)"), "S" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      N_("The pictures: (n,H,W), with draws (n,D,H,W), grey levels, float32, unclipped"), "IMAGES.npy" },
    PCT_TRIALS_ENTRY(&trials),
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, NULL, 0, NULL))
    return PCT_EXIT_USAGE;
  Request request = { model, workspace, input, output, PCT_TIER_TEST, average, MAX(hand.averaged_over, 1), n_draws,
                      (guint64)seed, &hand };
  request.trials = trials;
  if (!model || !input || !output)
    return pct_command_refuse(_("%s is missing"), !model ? "-m MODEL" : !input ? "-i RESPONSES.npy" : "-o IMAGES.npy");
  if (tier && !pct_tier_from_name(tier, &request.tier))
    return pct_command_refuse(_("There is no tier “%s”; the tiers are train, validation and test"), tier);
  if (is_npy(input) && (tier || average || trials))
    return pct_command_refuse(_("--tier, --trials and --average choose from a recording; “%s” is an array"), input);
  if (!pct_in_hand_check(&hand))
    return PCT_EXIT_USAGE;
  if (hand.image >= 0 && (is_npy(input) || tier || average))
    return pct_command_refuse(_("--image is one of a recording, without --tier and --average"));
  if (hand.image < 0 && (hand.settings || hand.seed || hand.repeat >= 0))
    return pct_command_refuse(_("%s is missing"), "--image N");
  if (!is_npy(input) && hand.image < 0 && hand.averaged_over > 1)
    return pct_command_refuse(_("--averaged-over tells of an array; a recording knows its repeats"));
  if (hand.seed && n_draws)
    return pct_command_refuse(_("--z-seed is for one z; --draws is for several"));
  if (n_draws < 0 || n_draws > MOST_DRAWS || seed < 0)
    return pct_command_refuse(_("--averaged-over is at least 1, --draws 0 to %d, and the seed not negative"),
                              MOST_DRAWS);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || !reconstruct(&request, console, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_reconstruct = { "reconstruct", N_("draw what a model makes of responses"),
                                             run_reconstruct };
