// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli simulate: pictures shown to simulated neurons, as a recording in a file.
#include "config.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include "command.h"
#include "console.h"
#include "data/recording-file.h"
#include "data/simulate.h"

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
  g_autofree char *output = NULL, *images = NULL, *noise = NULL;
  gint64 seed = (gint64)simulation.seed;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("The recording to write"), "OUT.npz" },
    { "images", 0, 0, G_OPTION_ARG_FILENAME, &images,
      N_("What is shown: procedural, a folder of photographs, or the images of a recording (default: procedural)"),
      "procedural|DIR|FILE" },
    { "height", 0, 0, G_OPTION_ARG_INT, &simulation.height, N_("Height of the frame in pixels (default: 36)"), "H" },
    { "width", 0, 0, G_OPTION_ARG_INT, &simulation.width, N_("Width of the frame in pixels (default: 64)"), "W" },
    { "neurons", 0, 0, G_OPTION_ARG_INT, &simulation.n_neurons, N_("Number of neurons (default: 512)"), "M" },
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
  simulation.images = images;
  simulation.seed = (guint64)seed;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || !simulate(console, &simulation, output, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_simulate = { "simulate", N_("make a recording of simulated neurons"), run_simulate };
