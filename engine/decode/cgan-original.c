// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/cgan-original.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"

// Pictures drawn at a time: at full size less than a second's work.
#define BATCH 16

PctCganOriginal *
pct_cgan_original_new(int n_neurons, int height, int width, const PctOptionValues *options, GError **error)
{
  if (height < PCT_CGAN_ORIGINAL_LEAST_HEIGHT || width < PCT_CGAN_ORIGINAL_LEAST_WIDTH) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("The original design of the conditional GAN needs images of at least %d × %d pixels (height × width); "
                  "these have %d × %d."),
                PCT_CGAN_ORIGINAL_LEAST_HEIGHT, PCT_CGAN_ORIGINAL_LEAST_WIDTH, height, width);
    return NULL;
  }
  PctCganOriginal *self = g_new0(PctCganOriginal, 1);
  pct_decoder_init(&self->base.decoder, &pct_cgan_class, n_neurons, height, width);
  self->base.design = &pct_cgan_original_design;
  self->sizes = (PctCganOriginalSizes){ n_neurons, height, width, (int)pct_option_values_get(options, "hidden"),
                                        (int)pct_option_values_get(options, "code"),
                                        (int)pct_option_values_get(options, "latent"),
                                        (int)pct_option_values_get(options, "width") };
  self->network = pct_cgan_original_network_new(&self->sizes);
  return self;
}

static void
original_free(PctDecoder *decoder)
{
  PctCganOriginal *self = (PctCganOriginal *)decoder;
  pct_parameters_free(self->generator);
  pct_cgan_original_network_free(self->network);
  g_free(self);
}

static int
get_latent(const PctDecoder *decoder)
{
  return ((const PctCganOriginal *)decoder)->sizes.latent;
}

static void
put_latent(float *to, const float *z, gsize n)
{
  if (z)
    memcpy(to, z, n * sizeof(float));
  else
    memset(to, 0, n * sizeof(float));
}

void
pct_cgan_original_draw(const PctCganOriginal *self, PctWorkspace *workspace, const float *responses, gsize n,
                       const float *z, float *images)
{
  const PctCganOriginalNetwork *network = self->network;
  const PctDecoder *decoder = &self->base.decoder;
  memcpy(pct_workspace_get_input(workspace, network->responses), responses,
         n * (gsize)decoder->n_neurons * sizeof(float));
  put_latent(pct_workspace_get_input(workspace, network->latent), z, n * (gsize)self->sizes.latent);
  pct_workspace_forward(workspace, self->generator, (int)n, FALSE, 0);
  memcpy(images, pct_workspace_get_output(workspace, network->picture),
         n * (gsize)decoder->height * (gsize)decoder->width * sizeof(float));
}

static gboolean
reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged, const float *z, float *images,
            const PctRun *run, GError **error)
{
  const PctCganOriginal *self = (const PctCganOriginal *)decoder;
  gsize pixels = (gsize)decoder->height * (gsize)decoder->width, batch = MIN(n, BATCH);
  g_autoptr(PctWorkspace) workspace =
      pct_workspace_new(self->network->generator, PCT_WORKSPACE_FORWARD, (int)batch, pct_run_get_pool(run), error);
  if (!workspace)
    return FALSE;
  for (gsize i = 0; i < n; i += batch) {
    gsize count = MIN(batch, n - i);
    pct_cgan_original_draw(self, workspace, responses + i * (gsize)decoder->n_neurons, count,
                           z ? z + i * (gsize)self->sizes.latent : NULL, images + i * pixels);
    if (!pct_run_step(run, (double)(i + count), (double)n, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
pullback(const PctDecoder *decoder, const float *responses, double n_averaged, const float *z, const float *cotangent,
         float *out, const PctRun *run, GError **error)
{
  const PctCganOriginal *self = (const PctCganOriginal *)decoder;
  const PctCganOriginalNetwork *network = self->network;
  gsize pixels = (gsize)decoder->height * (gsize)decoder->width;
  g_autoptr(PctWorkspace) workspace =
      pct_workspace_new(network->generator, PCT_WORKSPACE_BACKWARD, 1, pct_run_get_pool(run), error);
  if (!workspace)
    return FALSE;
  g_autofree float *image = g_new(float, pixels);
  pct_cgan_original_draw(self, workspace, responses, 1, z, image);
  if (!pct_run_step(run, 1, 2, error))
    return FALSE;
  memcpy(pct_workspace_get_gradient(workspace, network->picture), cotangent, pixels * sizeof(float));
  pct_workspace_backward(workspace, self->generator, NULL, TRUE);
  memcpy(out, pct_workspace_get_gradient(workspace, network->responses), (gsize)decoder->n_neurons * sizeof(float));
  return TRUE;
}

// A live session: one response more or less moves the first layer's sums by one column of its weights (rank 1); they are
// kept in double, so that rounding does not add up over a long drag.
typedef struct {
  PctDecoderSession session;
  PctPool *pool;
  PctWorkspace *workspace;   // of the network's rest
  PctParameters rest;        // a view of the generator's
  const float *weights, *bias;
  double *sums;              // (hidden,)
  float *responses;
} Session;

static void
sum_rows(gsize first, gsize end, guint thread, gpointer data)
{
  const Session *self = data;
  gsize m = (gsize)self->session.decoder->n_neurons;
  for (gsize j = first; j < end; j++) {
    double sum = self->bias[j];
    for (gsize i = 0; i < m; i++)
      sum += (double)self->weights[j * m + i] * self->responses[i];
    self->sums[j] = sum;
  }
}

static void
session_set_responses(PctDecoderSession *session, const float *responses, double n_averaged)
{
  Session *self = (Session *)session;
  memcpy(self->responses, responses, (gsize)session->decoder->n_neurons * sizeof(float));
  pct_parallel_for(self->pool, (gsize)((const PctCganOriginal *)session->decoder)->sizes.hidden, 256, sum_rows, self);
}

static void
session_set_response(PctDecoderSession *session, int neuron, float value)
{
  Session *self = (Session *)session;
  const PctCganOriginal *decoder = (const PctCganOriginal *)session->decoder;
  gsize m = (gsize)session->decoder->n_neurons, hidden = (gsize)decoder->sizes.hidden;
  double change = (double)value - self->responses[neuron];
  self->responses[neuron] = value;
  for (gsize j = 0; j < hidden; j++)
    self->sums[j] += change * self->weights[j * m + (gsize)neuron];
}

static void
session_set_latent(PctDecoderSession *session, const float *z)
{
  const PctCganOriginal *decoder = (const PctCganOriginal *)session->decoder;
  put_latent(pct_workspace_get_input(((Session *)session)->workspace, decoder->network->rest_latent), z,
             (gsize)decoder->sizes.latent);
}

static void
session_draw(PctDecoderSession *session, float *image)
{
  Session *self = (Session *)session;
  const PctCganOriginal *decoder = (const PctCganOriginal *)session->decoder;
  float *sums = pct_workspace_get_input(self->workspace, decoder->network->sums);
  for (int j = 0; j < decoder->sizes.hidden; j++)
    sums[j] = (float)self->sums[j];
  pct_workspace_forward(self->workspace, &self->rest, 1, FALSE, 0);
  memcpy(image, pct_workspace_get_output(self->workspace, decoder->network->rest_picture),
         (gsize)decoder->sizes.height * (gsize)decoder->sizes.width * sizeof(float));
}

static void
session_free(PctDecoderSession *session)
{
  Session *self = (Session *)session;
  pct_workspace_free(self->workspace);
  g_free(self->sums);
  g_free(self->responses);
  g_free(self);
}

static PctDecoderSession *
session_new(const PctDecoder *decoder, PctPool *pool)
{
  const PctCganOriginal *original = (const PctCganOriginal *)decoder;
  const PctCganOriginalNetwork *network = original->network;
  PctWorkspace *workspace = pct_workspace_new(network->rest, PCT_WORKSPACE_FORWARD, 1, pool, NULL);
  if (!workspace)
    return NULL;
  Session *self = g_new0(Session, 1);
  self->session = (PctDecoderSession){ .set_responses = session_set_responses, .set_response = session_set_response,
                                       .set_latent = session_set_latent, .draw = session_draw, .free = session_free };
  self->pool = pool;
  self->workspace = workspace;
  self->rest = (PctParameters){ pct_graph_get_parameters(network->rest),
                                original->generator->values + network->rest_offset };
  self->weights = pct_parameters_find(original->generator, "mlp1.weight");
  self->bias = pct_parameters_find(original->generator, "mlp1.bias");
  self->sums = g_new0(double, original->sizes.hidden);
  self->responses = g_new0(float, decoder->n_neurons);
  return &self->session;
}

static void
save(const PctDecoder *decoder, PctTensors *tensors)
{
  const PctCganOriginal *self = (const PctCganOriginal *)decoder;
  float size[] = { (float)decoder->height, (float)decoder->width };
  pct_tensors_add_vector(tensors, "image.size", size, G_N_ELEMENTS(size));
  pct_parameters_save(self->generator, "generator.", tensors);
}

static PctDecoder *
load(const PctTensors *tensors, const PctOptionValues *options, GError **error)
{
  const gsize two = 2;
  const PctTensor *size = pct_tensors_require(tensors, "image.size", 1, &two, error);
  if (!size)
    return NULL;
  const PctTensor *first = pct_tensors_find(tensors, "generator.mlp1.weight");
  float height = size->values[0], width = size->values[1];
  if (!first || first->rank != 2 || first->count == 0 || first->shape[1] > G_MAXINT32 ||
      !(height >= 1 && height <= 4096 && width >= 1 && width <= 4096) || height != floorf(height) ||
      width != floorf(width)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_FORMAT,
                        _("The weights file has no “image.size” and “generator.mlp1.weight” of a conditional GAN."));
    return NULL;
  }
  PctCganOriginal *self = pct_cgan_original_new((int)first->shape[1], (int)height, (int)width, options, error);
  if (!self)
    return NULL;
  // The file must hold all of it before there is room made for it: the options alone may ask for gigabytes.
  const PctParameterTable *table = pct_graph_get_parameters(self->network->generator);
  gboolean good = TRUE;
  for (guint i = 0; good && i < table->n_items; i++) {
    g_autofree char *name = g_strconcat("generator.", table->items[i].name, NULL);
    good = pct_tensors_require(tensors, name, table->items[i].rank, table->items[i].shape, error) != NULL;
  }
  if (!good || !(self->generator = pct_parameters_new(table, error)) ||
      !pct_parameters_load(self->generator, "generator.", tensors, error)) {
    pct_decoder_unref(&self->base.decoder);
    return NULL;
  }
  return &self->base.decoder;
}

const PctDecoderClass pct_cgan_original_design = {
  .get_latent = get_latent,
  .fit = pct_cgan_original_fit,
  .reconstruct = reconstruct,
  .save = save,
  .load = load,
  .free = original_free,
  .session_new = session_new,
  .pullback = pullback,
};
