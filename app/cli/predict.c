// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli predict: what an encoder answers to images, in the recording's units (of weights alone: rates).
#include "config.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include "base/blas.h"
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "data/npy.h"
#include "encoder-options.h"
#include "image-file.h"
#include "models.h"

typedef struct {
  const char *encoder, *workspace, *input, *output;  // as given
  gboolean linear;
} Request;

static gboolean
predict(const Request *request, PctConsole *console, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  g_auto(PctOpenedEncoder) opened = { 0 };
  gsize n;
  int height, width;
  g_autofree float *images = pct_image_file_read(request->input, &n, &height, &width, run, error);
  if (!images || !pct_command_check_output(request->output, error) ||
      !pct_encoder_argument_open(&opened, request->encoder, request->workspace, request->linear, height, width, error))
    return FALSE;
  const PctEncoderDesign *design = pct_encoder_get_design(opened.encoder);
  if (design->height != height || design->width != width) {
    g_autofree char *shown = g_filename_display_basename(request->input);
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("“%s” encodes images of %d × %d pixels; “%s” holds images of %d × %d."), opened.name, design->width,
                design->height, shown, width, height);
    return FALSE;
  }
  PctProgress progress = { .phase = _("Predicting") };
  gsize shape[] = { n, (gsize)design->n_neurons };
  g_autoptr(PctFloats) responses = NULL;
  if (!pct_run_report(run, &progress, error) || !(responses = pct_aligned_new(MAX(n, 1) * shape[1], error)) ||
      (n > 0 && !pct_encoder_predict(opened.encoder, images, n, responses, run, error)) ||
      !pct_npy_save(request->output, PCT_NPY_FLOAT, sizeof(float), 2, shape, responses, error))
    return FALSE;
  pct_console_finish(console);
  printf(_("%s: responses of %d neurons to %zu images\n"), request->output, design->n_neurons, n);
  return TRUE;
}

static int
run_predict(char **arguments)
{
  g_autofree char *encoder = NULL, *workspace = NULL, *input = NULL, *output = NULL;
  g_auto(GStrv) settings = NULL;
  const GOptionEntry entries[] = {
    { "encoder", 'e', 0, G_OPTION_ARG_FILENAME, &encoder,
      N_("An encoder: a model’s folder or name, or a file of weights (.pt, .safetensors)"), PCT_ENCODER_ARGUMENT },
    { "workspace", 'w', 0, G_OPTION_ARG_FILENAME, &workspace, N_("Where models are looked for by name"), "WORKSPACE" },
    { "input", 'i', 0, G_OPTION_ARG_FILENAME, &input,
      N_("Grey levels 0..255, (n,H,W) or (n,1,H,W); of an .npz file its “images”"), "IMAGES.npy" },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &settings,
      N_("linear=true: the .pt file is of the model without nonlinearities, which it cannot say itself"), "linear=true" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("The responses: (n,M), float32"), "RESPONSES.npy" },
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, NULL, 0,
                         _("Of a model, responses are in its recording’s units; of weights alone, rates as they are.")))
    return PCT_EXIT_USAGE;
  Request request = { encoder, workspace, input, output, FALSE };
  if (!encoder || !input || !output)
    return pct_command_refuse(_("%s is missing"), !encoder ? "-e MODEL|WEIGHTS" : !input ? "-i IMAGES.npy"
                                                                                         : "-o RESPONSES.npy");
  if (!pct_encoder_settings_parse(settings, &request.linear))
    return PCT_EXIT_USAGE;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || !predict(&request, console, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_predict = { "predict", N_("predict responses to images by an encoder"), run_predict };
