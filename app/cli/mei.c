// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli mei: most exciting inputs of an encoder's neurons, into a file. What is ready is written now and then, and
// when it is interrupted; --resume goes on with it.
#include "config.h"
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "encoder-options.h"
#include "models.h"
#include "work/fill-meis.h"

typedef struct {
  const char *encoder, *workspace, *recording, *output;  // as given
  PctNeuronChoice neurons;
  PctOptionValues *options;
  gboolean linear, resume;
  int height, width;
  guint64 seed;
  const char *trials;  // the condition they must meet; NULL: all
} Request;

// Mean and contrast from the recording where they are not given, and the frame of weights alone.
static gboolean
ask_recording(Request *request, const PctRun *run, GError **error)
{
  g_auto(PctOpenedRecording) opened = { 0 };
  if (!request->recording)
    return TRUE;
  if (!pct_recording_argument_open(&opened, request->recording, request->trials, run, error))
    return FALSE;
  request->height = pct_recording_get_height(opened.recording);
  request->width = pct_recording_get_width(opened.recording);
  return pct_mei_options_resolve(request->options, opened.statistics->image_mean, opened.statistics->image_std, error);
}

static gboolean
is_near(double one, double other)
{
  return fabs(one - other) <= 1e-6 * fabs(other);
}

// Whether the set was begun with the same words; a file from elsewhere may not say.
static gboolean
was_begun_alike(const Request *request, const PctMeiSet *set)
{
  return !isfinite(set->mean) || !isfinite(set->contrast) ||
         (is_near(set->mean, pct_option_values_get(request->options, "mean")) &&
          is_near(set->contrast, pct_option_values_get(request->options, "contrast")) && set->seed == request->seed);
}

// The file of before, if it is of the same neurons, frame, mean, contrast and seed.
static PctMeiSet *
load_begun(const Request *request, const int *neurons, int n, const PctEncoderDesign *design, GError **error)
{
  g_autoptr(PctMeiSet) set = pct_mei_set_load(request->output, error);
  if (!set)
    return NULL;
  if (set->n == n && memcmp(set->neurons, neurons, (gsize)n * sizeof(int)) == 0 && set->height == design->height &&
      set->width == design->width && was_begun_alike(request, set))
    return g_steal_pointer(&set);
  g_autofree char *shown = g_filename_display_name(request->output);
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
              _("“%s” was begun with other neurons, frame, mean, contrast or seed than what is asked for, and cannot be gone "
                "on with."), shown);
  return NULL;
}

static gboolean
make(Request *request, PctConsole *console, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  g_auto(PctOpenedEncoder) opened = { 0 };
  if (!pct_command_check_output(request->output, error) || !ask_recording(request, run, error) ||
      !pct_encoder_argument_open(&opened, request->encoder, request->workspace, request->linear, request->height,
                                 request->width, error))
    return FALSE;
  const PctEncoderDesign *design = pct_encoder_get_design(opened.encoder);
  if (request->recording && (design->height != request->height || design->width != request->width)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” encodes images of %d × %d pixels; those of “%s” have %d × %d."),
                opened.name, design->width, design->height, request->recording, request->width, request->height);
    return FALSE;
  }
  int n;
  g_autofree int *neurons = pct_neuron_choice_list(&request->neurons, design->n_neurons, &n, error);
  g_autoptr(PctMeiSet) set = !neurons          ? NULL
                             : request->resume ? load_begun(request, neurons, n, design, error)
                                               : pct_mei_set_new(neurons, n, design->height, design->width, error);
  PctProgress progress = { .phase = _("Finding most exciting inputs") };
  if (!set || !pct_run_report(run, &progress, error))
    return FALSE;
  g_autoptr(GError) why = NULL;
  if (!pct_meis_fill_file(set, opened.encoder, request->options, request->seed, request->output, run, &why)) {
    int ready = pct_mei_set_count_ready(set);
    // What could not be written is not kept.
    if (ready > 0 && !g_error_matches(why, PCT_ERROR, PCT_ERROR_IO))
      pct_console_note(console, _("%d of %d are kept in “%s”; the same command with --resume goes on from there"), ready,
                       n, request->output);
    g_propagate_error(error, g_steal_pointer(&why));
    return FALSE;
  }
  pct_console_finish(console);
  printf(_("%s: %d most exciting inputs of %d × %d pixels\n"), request->output, n, design->width, design->height);
  return TRUE;
}

static int
run_mei(char **arguments)
{
  g_autofree char *trials = NULL;
  g_autofree char *encoder = NULL, *workspace = NULL, *recording = NULL, *neurons = NULL, *output = NULL, *seed = NULL;
  g_auto(GStrv) settings = NULL;
  Request request = { .height = 36, .width = 64, .seed = 1 };
  const GOptionEntry entries[] = {
    { "encoder", 'e', 0, G_OPTION_ARG_FILENAME, &encoder,
      N_("An encoder: a model’s folder or name, or a file of weights (.pt, .safetensors)"), PCT_ENCODER_ARGUMENT },
    { "workspace", 'w', 0, G_OPTION_ARG_FILENAME, &workspace, N_("Where models are looked for by name"), "WORKSPACE" },
    { "neurons", 'n', 0, G_OPTION_ARG_STRING, &neurons, N_("Which neurons (default: all)"), "all|0,5,10-20" },
    { "recording", 'r', 0, G_OPTION_ARG_FILENAME, &recording,
      N_("Whose images give mean and contrast where these are not set"), "RECORDING" },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &settings,
      N_("Set an option, as in contrast=4.5; may be repeated; “percept-cli kinds mei” lists them"), "name=value" },
    { "height", 0, 0, G_OPTION_ARG_INT, &request.height,
      N_("Height of the frame of weights alone, without -r (default: 36)"), "H" },
    { "width", 0, 0, G_OPTION_ARG_INT, &request.width,
      N_("Width of the frame of weights alone, without -r (default: 64)"), "W" },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &seed, N_("Random seed (default: 1)"), "S" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &request.resume, N_("Go on with a file that is not complete"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      N_("meis (n,H,W) in grey levels, activation (n,), baseline (n,), neuron (n,)"), "MEIS.npz" },
    PCT_TRIALS_ENTRY(&trials),
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, NULL, 0,
                         _("“linear=true” says that a .pt file is of the model without nonlinearities.\n"
                           "Ctrl+C stops; what is ready is kept, and --resume goes on with it.")))
    return PCT_EXIT_USAGE;
  request.trials = trials;
  request.encoder = encoder;
  request.workspace = workspace;
  request.recording = recording;
  request.output = output;
  if (!encoder || !output)
    return pct_command_refuse(_("%s is missing"), !encoder ? "-e MODEL|WEIGHTS" : "-o MEIS.npz");
  if (request.height < 1 || request.width < 1 || request.height > 4096 || request.width > 4096)
    return pct_command_refuse(_("The frame is 1 to %d pixels high and wide"), 4096);
  if (seed && !g_ascii_string_to_unsigned(seed, 10, 0, G_MAXUINT64, &request.seed, NULL))
    return pct_command_refuse(_("The seed is a whole number from 0 on, not “%s”"), seed);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctOptionValues) options = request.options = pct_option_values_new(pct_mei_kind.options);
  if (!pct_encoder_settings_take(settings, &request.linear))
    return PCT_EXIT_USAGE;
  for (guint i = 0; settings && settings[i]; i++)
    if (!pct_option_values_parse(options, settings[i], &error))
      return pct_command_refuse("%s", error->message);
  if (!recording && (pct_option_values_get(options, "mean") <= 0 || pct_option_values_get(options, "contrast") <= 0))
    return pct_command_refuse(_("Mean and contrast are missing: give -r RECORDING, or --set mean=… --set contrast=…"));
  g_auto(PctNeuronChoice) choice = { 0 };
  if (!pct_neuron_choice_parse(&choice, neurons))
    return PCT_EXIT_USAGE;
  request.neurons = choice;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || !make(&request, console, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_mei = { "mei", N_("find the images that excite an encoder’s neurons most"), run_mei };
