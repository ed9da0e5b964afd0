// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli sweep: the pictures that a model draws while responses to an image move: those of a neuron, of two, or
// all of them towards those to another image.
#include "config.h"
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "decode/evaluate.h"
#include "in-hand.h"
#include "models.h"
#include "work/opened.h"
#include "work/sweep-file.h"
#include "work/workspace.h"

#define USUAL_STEPS 13
#define USUAL_GRID 5

typedef struct {
  const char *recording, *trials, *workspace, *model, *output;  // as given; workspace NULL: the recording's own
  const PctInHand *hand;
  PctSweepRecipe recipe;  // from, to NAN: as observed
  PctSweepOptions options;
  PctAnimationOptions animation;
} Request;

// Neurons and the other image are there, and every end that was not given is the observed one.
static gboolean
resolve(PctSweepRecipe *recipe, const PctOpened *opened, gboolean averaged, GError **error)
{
  const PctResponseRanges *ranges = &opened->ranges;
  const char *name = pct_recording_get_name(opened->recording);
  int n_images = pct_recording_get_n_images(opened->recording);
  if (recipe->image >= n_images) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("There is no image %d in “%s”; they are numbered 0 to %d."),
                recipe->image, name, n_images - 1);
    return FALSE;
  }
  int n_axes = recipe->kind == PCT_SWEEP_GRID ? 2 : recipe->kind < PCT_SWEEP_GRID ? 1 : 0;
  for (int axis = 0; axis < n_axes; axis++) {
    int neuron = recipe->neurons[axis];
    if (neuron >= ranges->n_neurons) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("There is no neuron %d in “%s”; they are numbered 0 to %d."),
                  neuron, name, ranges->n_neurons - 1);
      return FALSE;
    }
    if (isnan(recipe->from[axis]))
      recipe->from[axis] = averaged ? ranges->averaged_minimum[neuron] : ranges->single_minimum[neuron];
    if (isnan(recipe->to[axis]))
      recipe->to[axis] = averaged ? ranges->averaged_maximum[neuron] : ranges->single_maximum[neuron];
  }
  return TRUE;
}

static void
print_result(const Request *request, const PctSweepPictures *pictures)
{
  printf(ngettext("%s: %zu picture of %d × %d pixels\n", "%s: %zu pictures of %d × %d pixels\n", (gulong)pictures->n),
         request->output, pictures->n, pictures->width, pictures->height);
  if (pictures->n > 1)
    printf(_("The sweep moves the picture by ±%.2f grey levels (standard deviation over the pictures).\n"),
           pct_sweep_pictures_get_change(pictures));
  if (pictures->spread)
    printf(_("z moves it by ±%.2f (standard deviation over %d draws).\n"),
           pct_sweep_pictures_get_spread(pictures, G_MAXSIZE), pictures->n_draws);
}

static gboolean
sweep(Request *request, PctConsole *console, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  PctProgress opening = { .phase = _("Opening the recording") }, drawing = { .phase = _("Drawing the sweep") };
  g_autoptr(PctOpened) opened = NULL;
  if (!pct_command_check_output(request->output, error) ||
      !pct_recording_argument_check(request->recording, error) || !pct_run_report(run, &opening, error) ||
      !(opened = pct_opened_new(pct_command_recording_path(request->recording), request->trials, run, error)))
    return FALSE;
  PctRecording *recording = opened->recording;
  g_autoptr(PctModelInfo) info = NULL;
  g_autoptr(PctDecoder) decoder = NULL;
  g_autofree char *folder = pct_model_argument_find(request->model, request->workspace ?: opened->workspace);
  int n_neurons = pct_recording_get_n_neurons(recording), image = request->hand->image;
  g_autofree float *recorded = g_new(float, n_neurons), *responses = g_new(float, n_neurons), *z = NULL;
  g_autofree char *hash = NULL;
  PctSweepStart start = { image, responses };
  int n_averaged;
  if (!pct_in_hand_read(request->hand, recording, recorded, responses, &n_averaged, error) ||
      !resolve(&request->recipe, opened, n_averaged > 1, error) ||
      !pct_model_open(folder, &info, &decoder, error) ||
      !pct_decoder_check_fits(decoder, pct_recording_get_n_neurons(recording), pct_recording_get_height(recording),
                              pct_recording_get_width(recording), error) ||
      !(hash = pct_decoder_folder_dup_hash(folder, run, error)) || !pct_run_report(run, &drawing, error))
    return FALSE;
  start.n_averaged = n_averaged;
  request->options.z = z = pct_in_hand_dup_z(request->hand, decoder);
  g_autoptr(PctSweep) made = pct_sweep_new(&request->recipe, &start, recording, run, error);
  g_autoptr(PctSweepPictures) pictures =
    made ? pct_sweep_pictures_new(made, decoder, &request->options, error) : NULL;
  if (!pictures || !pct_sweep_pictures_draw(pictures, made, decoder, &request->options, run, error))
    return FALSE;
  PctSweepFile file = { .recipe = &request->recipe, .sweep = made, .pictures = pictures,
                        .latent = request->options.latent, .seed = request->options.seed,
                        .fixed_seed = pct_in_hand_get_seed(request->hand),
                        .recording = pct_recording_get_name(recording),
                        .fingerprint = pct_recording_get_fingerprint(recording),
                        .trials = pct_recording_get_trials(recording), .info = info, .model_hash = hash,
                        .image = image, .repeat = request->hand->repeat, .recorded = recorded,
                        .responses = responses };
  if (!pct_sweep_file_save(&file, request->output, &request->animation, run, error))
    return FALSE;
  pct_console_finish(console);
  print_result(request, pictures);
  return TRUE;
}

// "a" or "a,b", n numbers; FALSE after a complaint.
static gboolean
parse_numbers(const char *text, const char *option, int n, double *out)
{
  g_auto(GStrv) parts = g_strsplit(*text ? text : " ", ",", -1);
  gboolean whole = (int)g_strv_length(parts) == n;
  for (int i = 0; whole && i < n; i++) {
    char *end;
    out[i] = g_ascii_strtod(parts[i], &end);
    whole = end != parts[i] && *end == '\0' && isfinite(out[i]) && fabs(out[i]) < 1e30;
  }
  if (!whole)
    pct_command_refuse(n == 1 ? _("%s takes a number here, not “%s”")
                              : _("%s takes two numbers here, as in “0,1”, not “%s”"), option, text);
  return whole;
}

typedef struct {
  char *neuron, *neurons, *from, *to, *steps, *z;
  int to_image, n_draws;
  gboolean companions, along_repeats, once;
} Words;

static gboolean
take_neurons(const Words *words, PctSweepRecipe *recipe)
{
  double numbers[2];
  int n = recipe->kind == PCT_SWEEP_GRID ? 2 : 1;
  if (!parse_numbers(n == 2 ? words->neurons : words->neuron, n == 2 ? "--neurons" : "--neuron", n, numbers))
    return FALSE;
  for (int axis = 0; axis < n; axis++) {
    if (numbers[axis] < 0 || numbers[axis] != floor(numbers[axis]) || numbers[axis] > G_MAXINT) {
      pct_command_refuse(_("Neurons are numbered from 0"));
      return FALSE;
    }
    recipe->neurons[axis] = (int)numbers[axis];
  }
  const struct {
    const char *text, *option;
    float *out;
  } ends[] = { { words->from, "--from", recipe->from }, { words->to, "--to", recipe->to } };
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
    if (ends[i].text && !parse_numbers(ends[i].text, ends[i].option, n, numbers))
      return FALSE;
    for (int axis = 0; ends[i].text && axis < n; axis++)
      ends[i].out[axis] = (float)numbers[axis];
  }
  return TRUE;
}

static gboolean
take_steps(const Words *words, PctSweepRecipe *recipe)
{
  int n = recipe->kind == PCT_SWEEP_GRID ? 2 : 1;
  double numbers[2] = { n == 2 ? USUAL_GRID : USUAL_STEPS, USUAL_GRID };
  if (words->steps && !parse_numbers(words->steps, "--steps", n, numbers))
    return FALSE;
  for (int axis = 0; axis < n; axis++)
    if (numbers[axis] < 1 || numbers[axis] != floor(numbers[axis]) || numbers[axis] > PCT_SWEEP_MOST) {
      pct_command_refuse(_("Steps are whole numbers from 1 to %d"), PCT_SWEEP_MOST);
      return FALSE;
    }
  if (n == 2 && numbers[0] * numbers[1] > PCT_SWEEP_MOST) {
    pct_command_refuse(_("A grid has at most %d pictures"), PCT_SWEEP_MOST);
    return FALSE;
  }
  recipe->n_steps[0] = (int)numbers[0];
  recipe->n_steps[1] = (int)numbers[1];
  return TRUE;
}

// What the words come to; FALSE after a complaint.
static gboolean
take_recipe(const Words *words, int repeat, PctSweepRecipe *recipe)
{
  gboolean towards = words->to_image >= 0 || words->along_repeats;
  int n_ways = (words->neuron != NULL) + (words->neurons != NULL) + towards;
  if (n_ways != 1)
    pct_command_refuse(_("A sweep is over one --neuron, over two --neurons, or over all responses, by --to-image or "
                         "--along-repeats"));
  else if (words->companions && !words->neuron)
    pct_command_refuse(_("--companions is for --neuron"));
  else if (towards && (words->from || words->to))
    pct_command_refuse(_("--from and --to are responses of --neuron or --neurons"));
  else if (words->along_repeats && words->steps)
    pct_command_refuse(_("--along-repeats has as many steps as there are trials"));
  else if (words->along_repeats && repeat >= 0)
    pct_command_refuse(_("--along-repeats takes all trials of the image, not one"));
  else {
    recipe->kind = words->neurons         ? PCT_SWEEP_GRID
                   : words->along_repeats ? PCT_SWEEP_REPEATS
                   : towards              ? PCT_SWEEP_WALK
                   : words->companions    ? PCT_SWEEP_COMPANIONS
                                          : PCT_SWEEP_ALONE;
    recipe->image = words->to_image;
    recipe->repeat = recipe->kind == PCT_SWEEP_WALK ? repeat : -1;
    return (towards || take_neurons(words, recipe)) && take_steps(words, recipe);
  }
  return FALSE;
}

static gboolean
take_options(const Words *words, Request *request)
{
  PctSweepOptions *options = &request->options;
  PctAnimationOptions *animation = &request->animation;
  if (words->z && !pct_sweep_latent_from_name(words->z, &options->latent))
    pct_command_refuse(_("z is fixed, redrawn or averaged, not “%s”"), words->z);
  else if (words->n_draws && options->latent != PCT_SWEEP_LATENT_AVERAGED)
    pct_command_refuse(_("--draws is for --z averaged"));
  else if (words->n_draws && (words->n_draws < 2 || words->n_draws > PCT_SWEEP_MOST_DRAWS))
    pct_command_refuse(_("--draws is 2 to %d"), PCT_SWEEP_MOST_DRAWS);
  else if (animation->scale < 1 || animation->scale > 256)
    pct_command_refuse(_("Pictures are enlarged 1 to %d times"), 256);
  else if (!(animation->rate >= PCT_ANIMATION_LEAST_RATE && animation->rate <= PCT_ANIMATION_MOST_RATE))
    pct_command_refuse(_("An animation has %.1f to %.0f frames a second"), PCT_ANIMATION_LEAST_RATE,
                       PCT_ANIMATION_MOST_RATE);
  else {
    options->n_draws = words->n_draws ? words->n_draws : options->n_draws;
    animation->there_and_back = !words->once;
    return TRUE;
  }
  return FALSE;
}

static void
words_clear(Words *words)
{
  char *texts[] = { words->neuron, words->neurons, words->from, words->to, words->steps, words->z };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_clear)

static int
run_sweep(char **arguments)
{
  g_autofree char *trials = NULL;
  g_autofree char *workspace = NULL, *model = NULL, *output = NULL;
  gint64 seed = 1;
  g_auto(Words) words = { .to_image = -1 };
  g_auto(PctInHand) hand = PCT_IN_HAND_NONE;
  Request request = { .hand = &hand, .recipe = { .from = { NAN, NAN }, .to = { NAN, NAN } },
                      .options = PCT_SWEEP_OPTIONS_DEFAULT, .animation = PCT_ANIMATION_OPTIONS_DEFAULT };
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model, N_("The model’s folder, or its name in the workspace"), "MODEL" },
    { "workspace", 'w', 0, G_OPTION_ARG_FILENAME, &workspace,
      N_("Where models are looked for by name (default: the recording’s own)"), "WORKSPACE" },
    PCT_IN_HAND_IMAGE_ENTRIES(hand),
    PCT_IN_HAND_ENTRIES(hand),
    PCT_IN_HAND_AVERAGED_ENTRY(hand),
    { "neuron", 0, 0, G_OPTION_ARG_STRING, &words.neuron, N_("The neuron whose response moves, the others held"), "I" },
    { "companions", 0, 0, G_OPTION_ARG_NONE, &words.companions,
      N_("The others move to their expectation given it, by covariances over the training tier"), NULL },
    { "neurons", 0, 0, G_OPTION_ARG_STRING, &words.neurons, N_("Two neurons, as a grid: rows and columns"), "I,J" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &words.from, N_("First response (default: the least observed)"), "A[,A]" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &words.to, N_("Last response (default: the greatest observed)"), "B[,B]" },
    { "to-image", 0, 0, G_OPTION_ARG_INT, &words.to_image,
      N_("All responses move in a straight line to those to this image"), "B" },
    { "along-repeats", 0, 0, G_OPTION_ARG_NONE, &words.along_repeats,
      N_("The recorded trials one after another; with --to-image: exchanged for those of the other"), NULL },
    { "steps", 0, 0, G_OPTION_ARG_STRING, &words.steps, N_("Pictures (default: 13; of a grid 5,5)"), "S[,S]" },
    { "z", 0, 0, G_OPTION_ARG_STRING, &words.z,
      N_("Of a model that draws z: zero throughout, another for each picture, or averaged over (default: fixed)"),
      "fixed|redrawn|averaged" },
    { "draws", 0, 0, G_OPTION_ARG_INT, &words.n_draws, N_("Draws of z averaged over (default: 16)"), "D" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, N_("Random seed of the draws (default: 1)"), "S" },
    { "scale", 0, 0, G_OPTION_ARG_INT, &request.animation.scale,
      N_("How often pixels of a .webp or .png are enlarged (default: 8)"), "K" },
    { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &request.animation.rate, N_("Frames of a .webp a second (default: 6)"), "F" },
    { "once", 0, 0, G_OPTION_ARG_NONE, &words.once, N_("A .webp goes from first to last, not there and back"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      N_("An animation, a strip or grid, or the pictures (n,H,W) in grey levels, float32, unclipped"),
      "X.webp|X.png|X.npy" },
    PCT_TRIALS_ENTRY(&trials),
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, "RECORDING", 1,
                         _("X.csv gets what each picture is of, X.json what all was made of. Averaged over z,\n"
                           "X-spread.npy gets the standard deviation over the draws beside X.npy.")))
    return PCT_EXIT_USAGE;
  request.trials = trials;
  request.recording = arguments[1];
  request.workspace = workspace;
  request.model = model;
  request.output = output;
  request.options.seed = (guint64)seed;
  if (!model || hand.image < 0 || !output)
    return pct_command_refuse(_("%s is missing"), !model              ? "-m MODEL"
                                                  : hand.image < 0 ? "--image N"
                                                                      : "-o X.webp|X.png|X.npy");
  g_autoptr(GError) error = NULL;
  if (!pct_sweep_file_check(output, &error))
    return pct_command_refuse("%s", error->message);
  if (words.to_image < -1 || seed < 0)
    return pct_command_refuse(_("Images, trials and seeds are numbered from 0"));
  if (!pct_in_hand_check(&hand) || !take_recipe(&words, hand.repeat, &request.recipe) || !take_options(&words, &request))
    return PCT_EXIT_USAGE;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || !sweep(&request, console, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_sweep = { "sweep", N_("draw what a model makes of responses that move"), run_sweep };
