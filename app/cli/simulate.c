// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli simulate: pictures shown to simulated neurons, or to those of an encoder, as a recording in a file.
#include "config.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "data/recording-file.h"
#include "data/simulate.h"
#include "encoder-options.h"
#include "models.h"

typedef struct {
  const char *encoder, *workspace;  // as given
  gboolean linear;
} Source;

// Rates of the encoder's neurons, for the frame that the pictures turned out to have.
static float *
encode(const guint8 *images, int n, int height, int width, int *n_neurons, const PctRun *run, gpointer data,
       GError **error)
{
  const Source *source = data;
  g_auto(PctOpenedEncoder) opened = { 0 };
  if (!pct_encoder_argument_open(&opened, source->encoder, source->workspace, source->linear, height, width, error))
    return NULL;
  const PctEncoderDesign *design = pct_encoder_get_design(opened.encoder);
  if (design->height != height || design->width != width) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("“%s” encodes images of %d × %d pixels; those shown have %d × %d."), opened.name, design->width,
                design->height, width, height);
    return NULL;
  }
  *n_neurons = design->n_neurons;
  gsize count = (gsize)n * (gsize)height * (gsize)width;
  g_autoptr(PctFloats) floats = pct_aligned_new(count, error);
  g_autoptr(PctFloats) rates = floats ? pct_aligned_new((gsize)n * (gsize)design->n_neurons, error) : NULL;
  if (!rates)
    return NULL;
  for (gsize i = 0; i < count; i++)
    floats[i] = images[i];
  return pct_encoder_compute_rates(opened.encoder, floats, (gsize)n, rates, run, error) ? g_steal_pointer(&rates) : NULL;
}

static gboolean
simulate(PctConsole *console, PctSimulation *simulation, const char *output, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  g_autofree char *base = g_path_get_basename(output);
  g_autofree char *name = g_str_has_suffix(base, ".npz") ? g_strndup(base, strlen(base) - 4) : g_strdup(base);
  simulation->name = name;
  g_autoptr(PctRecording) recording = pct_simulate(simulation, run, error);
  if (!recording || !pct_recording_save(recording, output, run, error))
    return FALSE;
  pct_console_finish(console);
  printf(_("%s: %d trials of %d neurons, %d images of %d × %d pixels\n"), output,
         pct_recording_get_n_trials(recording), pct_recording_get_n_neurons(recording),
         pct_recording_get_n_images(recording), pct_recording_get_width(recording),
         pct_recording_get_height(recording));
  return TRUE;
}

static int
run_simulate(char **arguments)
{
  PctSimulation simulation = PCT_SIMULATION_DEFAULT;
  g_autofree char *output = NULL, *images = NULL, *noise = NULL, *encoder = NULL, *workspace = NULL;
  g_auto(GStrv) settings = NULL;
  gint64 seed = (gint64)simulation.seed;
  const int n_default = simulation.n_neurons;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("The recording to write"), "OUT.npz" },
    { "images", 0, 0, G_OPTION_ARG_FILENAME, &images,
      N_("What is shown: procedural, a folder of photographs, or the images of a recording (default: procedural)"),
      "procedural|DIR|FILE" },
    { "height", 0, 0, G_OPTION_ARG_INT, &simulation.height, N_("Height of the frame in pixels (default: 36)"), "H" },
    { "width", 0, 0, G_OPTION_ARG_INT, &simulation.width, N_("Width of the frame in pixels (default: 64)"), "W" },
    { "neurons", 0, 0, G_OPTION_ARG_INT, &simulation.n_neurons, N_("Number of neurons (default: 512)"), "M" },
    { "encoder", 0, 0, G_OPTION_ARG_FILENAME, &encoder,
      N_("Answer as this encoder’s neurons do: a model’s folder or name, or a file of weights"), PCT_ENCODER_ARGUMENT },
    { "workspace", 'w', 0, G_OPTION_ARG_FILENAME, &workspace, N_("Where models are looked for by name"), "WORKSPACE" },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &settings,
      N_("linear=true: the .pt file is of the model without nonlinearities, which it cannot say itself"), "linear=true" },
    { "trials", 0, 0, G_OPTION_ARG_INT, &simulation.n_trials,
      N_("Number of trials: of 13, 10 train, 1 validates and 2 test (default: 2600)"), "N" },
    { "repeats", 0, 0, G_OPTION_ARG_INT, &simulation.n_repeats, N_("Trials of each test image (default: 8)"), "R" },
    { "noise", 0, 0, G_OPTION_ARG_STRING, &noise, N_("Noise of the responses (default: events)"),
      "events|poisson|none" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, N_("Random seed (default: 1)"), "S" },
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, NULL, 0, NULL))
    return PCT_EXIT_USAGE;
  if (!output)
    return pct_command_refuse(_("%s is missing"), "-o OUT.npz");
  if (noise && !pct_noise_from_name(noise, &simulation.noise))
    return pct_command_refuse(_("“%s” is no noise: expected %s"), noise, "events, poisson, none");
  if (seed < 0)
    return pct_command_refuse(_("The seed must not be negative"));
  Source source = { encoder, workspace, FALSE };
  if (!pct_encoder_settings_parse(settings, &source.linear))
    return PCT_EXIT_USAGE;
  if (encoder && simulation.n_neurons != n_default)
    return pct_command_refuse(_("The encoder says how many neurons there are: --neurons goes without --encoder"));
  if (encoder) {
    simulation.rates = encode;
    simulation.rates_data = &source;
  }
  simulation.images = images;
  simulation.seed = (guint64)seed;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || !simulate(console, &simulation, output, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_simulate = { "simulate", N_("make a recording of simulated neurons"), run_simulate };
