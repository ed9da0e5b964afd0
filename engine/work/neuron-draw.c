// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/neuron-draw.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"

// Phases that the best Gabor is looked for among: a neuron's answer changes little over less.
#define N_PHASES 8

void
pct_neuron_request_free(gpointer data)
{
  PctNeuronRequest *request = data;
  pct_neuron_sources_unref(request->sources);
  g_free(request);
}

void
pct_neuron_drawing_free(gpointer data)
{
  PctNeuronDrawing *drawing = data;
  for (guint i = 0; i < PCT_N_NEURON_PICTURES; i++) {
    pct_picture_unref(drawing->pictures[i]);
    g_free(drawing->problems[i]);
  }
  pct_neuron_answers_free(drawing->answers);
  g_free(drawing);
}

static void
set_problem(PctNeuronDrawing *drawing, PctNeuronPicture which, const char *problem)
{
  g_free(drawing->problems[which]);
  drawing->problems[which] = g_strdup(problem);
}

// values (H,W) signed, nought mid-grey.
static void
set_signed(PctNeuronDrawing *drawing, PctNeuronPicture which, const float *values, int height, int width)
{
  gsize n = (gsize)height * (gsize)width;
  float most = 0;
  for (gsize i = 0; i < n; i++)
    most = MAX(most, fabsf(values[i]));
  if (!(most > 0) || !isfinite(most)) {
    set_problem(drawing, which, _("There is nothing to see: it is nought everywhere."));
    return;
  }
  float *pixels = g_new(float, n);
  for (gsize i = 0; i < n; i++)
    pixels[i] = 127.5f + values[i] / most * 127.5f;
  drawing->pictures[which] = pct_picture_new_take(height, width, pixels);
}

static void
draw_mei(PctNeuronDrawing *drawing, const PctNeuronSources *sources, int row)
{
  if (!sources->meis)
    set_problem(drawing, PCT_NEURON_PICTURE_MEI,
                _("There are no most exciting inputs yet: make a set on the Train page."));
  else if (row < 0)
    set_problem(drawing, PCT_NEURON_PICTURE_MEI, _("The set of most exciting inputs has none of this neuron yet."));
  else {
    const PctMeiSet *set = pct_meis_get_set(sources->meis);
    gsize pixels = (gsize)set->height * (gsize)set->width;
    drawing->pictures[PCT_NEURON_PICTURE_MEI] =
      pct_picture_new(set->height, set->width, set->images + (gsize)row * pixels);
  }
}

static void
draw_fields(PctNeuronDrawing *drawing, const PctNeuronSources *sources)
{
  if (!sources->fields) {
    for (PctNeuronPicture which = PCT_NEURON_PICTURE_STA; which <= PCT_NEURON_PICTURE_GABOR; which++)
      set_problem(drawing, which, _("Receptive fields have not been found yet."));
    return;
  }
  const PctReceptiveFields *fields = sources->fields->fields;
  gsize pixels = (gsize)fields->height * (gsize)fields->width, first = (gsize)drawing->neuron * pixels;
  set_signed(drawing, PCT_NEURON_PICTURE_STA, fields->sta + first, fields->height, fields->width);
  set_signed(drawing, PCT_NEURON_PICTURE_DECORRELATED_STA, fields->decorrelated + first, fields->height, fields->width);
  const PctGaborFit *fit = &fields->gabors[drawing->neuron];
  if (!isfinite(fit->gabor.x)) {
    set_problem(drawing, PCT_NEURON_PICTURE_GABOR, _("No Gabor explains this neuron’s responses."));
    return;
  }
  g_autofree float *filter = g_new(float, pixels);
  pct_gabor_draw_filter(&fit->gabor, 0, fields->height, fields->width, filter);
  set_signed(drawing, PCT_NEURON_PICTURE_GABOR, filter, fields->height, fields->width);
}

static gboolean
draw_gradient(PctNeuronDrawing *drawing, const PctNeuronSources *sources, const PctRun *run, GError **error)
{
  if (!sources->encoder) {
    set_problem(drawing, PCT_NEURON_PICTURE_GRADIENT, _("There is no encoder yet: train one on the Train page."));
    return TRUE;
  }
  const PctEncoderDesign *design = pct_encoder_get_design(sources->encoder);
  gsize pixels = (gsize)design->height * (gsize)design->width;
  g_autofree float *grey = g_new(float, pixels), *gradient = g_new(float, pixels);
  for (gsize i = 0; i < pixels; i++)
    grey[i] = sources->opened->statistics->image_mean;
  if (!pct_encoder_compute_gradients(sources->encoder, grey, &drawing->neuron, 1, NULL, gradient, run, error))
    return FALSE;
  set_signed(drawing, PCT_NEURON_PICTURE_GRADIENT, gradient, design->height, design->width);
  return TRUE;
}

// MEI, flat grey and the Gabor at its phases, by one pass of the encoder.
static gboolean
predict(PctNeuronDrawing *drawing, const PctNeuronSources *sources, int row, const PctRun *run, GError **error)
{
  if (!sources->encoder || row < 0)
    return TRUE;
  const PctMeiSet *set = pct_meis_get_set(sources->meis);
  const PctGabor *gabor = sources->fields ? &sources->fields->fields->gabors[drawing->neuron].gabor : NULL;
  gboolean fitted = gabor && isfinite(gabor->x);
  gsize pixels = (gsize)set->height * (gsize)set->width, n = 2 + (fitted ? N_PHASES : 0);
  gsize m = (gsize)pct_encoder_get_design(sources->encoder)->n_neurons;
  g_autofree float *images = g_new(float, n * pixels), *rates = g_new(float, n * m);
  memcpy(images, set->images + (gsize)row * pixels, pixels * sizeof(float));
  for (gsize i = 0; i < pixels; i++)
    images[pixels + i] = (float)set->mean;
  for (gsize k = 2; k < n; k++) {
    PctGabor turned = *gabor;
    turned.phase += (double)(k - 2) * 360 / N_PHASES;
    pct_gabor_normalise(&turned);
    pct_gabor_draw(&turned, set->mean, set->contrast, set->height, set->width, images + k * pixels);
  }
  if (!pct_encoder_compute_rates(sources->encoder, images, n, rates, run, error))
    return FALSE;
  drawing->prediction.mei = (double)rates[drawing->neuron];
  drawing->prediction.grey = (double)rates[m + (gsize)drawing->neuron];
  drawing->prediction.contrast = set->contrast;
  for (gsize k = 2; k < n; k++) {
    double rate = (double)rates[k * m + (gsize)drawing->neuron];
    if (k == 2 || rate > drawing->prediction.gabor)
      drawing->prediction.gabor = rate;
  }
  return TRUE;
}

gpointer
pct_neuron_draw(gpointer state, gpointer data, const PctRun *run)
{
  const PctNeuronRequest *request = data;
  PctNeuronDrawing *drawing = g_new0(PctNeuronDrawing, 1);
  drawing->neuron = request->neuron;
  drawing->prediction = (PctNeuronPrediction){ NAN, NAN, NAN, NAN };
  drawing->answers = pct_neuron_answers_new(request->sources->opened, request->neuron);
  draw_mei(drawing, request->sources, request->row);
  draw_fields(drawing, request->sources);
  g_autoptr(GError) error = NULL;
  if (draw_gradient(drawing, request->sources, run, &error) &&
      predict(drawing, request->sources, request->row, run, &error))
    return drawing;
  if (g_error_matches(error, PCT_ERROR, PCT_ERROR_CANCELLED)) {
    pct_neuron_drawing_free(drawing);
    return NULL;
  }
  if (!drawing->pictures[PCT_NEURON_PICTURE_GRADIENT])
    set_problem(drawing, PCT_NEURON_PICTURE_GRADIENT, error->message);
  return drawing;
}
