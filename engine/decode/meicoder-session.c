// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/meicoder-session.h"
#include <string.h>
#include "base/blas.h"

typedef struct {
  PctDecoderSession session;
  PctWorkspace *workspace;
  PctMeicoderFront *front;
  double *context, *sums;   // (P,C), (K,)
  float *z, *summed;        // (M,), (K,)
  float *estimator;         // (K,K) of so many trials averaged, with informed features
  double n_averaged;
} Session;

static void
set_responses(PctDecoderSession *session, const float *responses, double n_averaged)
{
  Session *self = (Session *)session;
  const PctMeicoder *meicoder = (const PctMeicoder *)session->decoder;
  const PctMeicoderNetwork *network = meicoder->network;
  gsize m = (gsize)session->decoder->n_neurons, k = (gsize)network->sizes.n_features;
  // What had an inverse at single trials has one at any number.
  if (self->estimator && n_averaged != self->n_averaged)
    pct_informed_features_get_estimator(meicoder->informed, n_averaged, self->estimator, NULL);
  self->n_averaged = n_averaged;
  pct_meicoder_standardise(meicoder, responses, 1, self->z);
  float *context = pct_workspace_get_input(self->workspace, network->context);
  pct_meicoder_front_forward(self->front, meicoder->parameters, self->z, 1, context, NULL, NULL);
  gsize size = self->front->p * self->front->c;
  for (gsize i = 0; i < size; i++)
    self->context[i] = context[i];
  for (gsize j = 0; j < k; j++)  // none without a linear path
    self->sums[j] = 0;
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < k; j++)
      self->sums[j] += (double)self->z[i] * meicoder->weights[i * k + j];
}

static void
set_response(PctDecoderSession *session, int neuron, float value)
{
  Session *self = (Session *)session;
  const PctMeicoder *meicoder = (const PctMeicoder *)session->decoder;
  gsize k = (gsize)meicoder->network->sizes.n_features;
  float before = self->z[neuron];
  float z = (value - meicoder->response_mean[neuron]) / meicoder->response_scale[neuron];
  pct_meicoder_front_change(self->front, meicoder->parameters, neuron, before, z, self->context);
  for (gsize j = 0; j < k; j++)
    self->sums[j] += ((double)z - before) * meicoder->weights[(gsize)neuron * k + j];
  self->z[neuron] = z;
}

static void
set_latent(PctDecoderSession *session, const float *z)
{
}

static void
draw(PctDecoderSession *session, float *image)
{
  Session *self = (Session *)session;
  const PctMeicoder *meicoder = (const PctMeicoder *)session->decoder;
  const PctMeicoderNetwork *network = meicoder->network;
  gsize k = (gsize)network->sizes.n_features, size = self->front->p * self->front->c;
  float *context = pct_workspace_get_input(self->workspace, network->context);
  for (gsize i = 0; i < size; i++)
    context[i] = (float)self->context[i];
  if (k > 0) {
    float *features = pct_workspace_get_input(self->workspace, network->features);
    for (gsize j = 0; j < k; j++)
      self->summed[j] = (float)self->sums[j];
    if (self->estimator) {
      pct_gemv(NULL, TRUE, k, k, 1, self->estimator, k, self->summed, 0, features);
      for (gsize j = 0; j < k; j++)
        features[j] /= meicoder->score_scale[j];
    } else {
      memcpy(features, self->summed, k * sizeof(float));
    }
  }
  pct_workspace_forward(self->workspace, meicoder->parameters, 1, FALSE, 0);
  pct_meicoder_paint(meicoder, pct_workspace_get_output(self->workspace, network->picture), 1, image);
}

static void
session_free(PctDecoderSession *session)
{
  Session *self = (Session *)session;
  pct_workspace_free(self->workspace);
  pct_meicoder_front_free(self->front);
  g_free(self->context);
  g_free(self->sums);
  g_free(self->z);
  g_free(self->summed);
  g_free(self->estimator);
  g_free(self);
}

PctDecoderSession *
pct_meicoder_session_new(const PctDecoder *decoder, PctPool *pool)
{
  const PctMeicoder *meicoder = (const PctMeicoder *)decoder;
  const PctMeicoderNetwork *network = meicoder->network;
  g_autoptr(PctWorkspace) workspace = pct_workspace_new(network->generator, PCT_WORKSPACE_FORWARD, 1, pool, NULL);
  g_autoptr(PctMeicoderFront) front =
    workspace ? pct_meicoder_front_new(network, meicoder->meis, 1, pool, NULL) : NULL;
  if (!front)
    return NULL;
  Session *self = g_new0(Session, 1);
  gsize k = (gsize)network->sizes.n_features;
  self->session = (PctDecoderSession){ .set_responses = set_responses, .set_response = set_response,
                                       .set_latent = set_latent, .draw = draw, .free = session_free };
  self->context = g_new0(double, front->p * front->c);
  self->sums = g_new0(double, k);
  self->summed = g_new0(float, k);
  self->z = g_new0(float, decoder->n_neurons);
  self->n_averaged = 1;
  if (meicoder->informed) {
    self->estimator = g_new0(float, k * k);
    pct_informed_features_get_estimator(meicoder->informed, 1, self->estimator, NULL);
  }
  self->workspace = g_steal_pointer(&workspace);
  self->front = g_steal_pointer(&front);
  return &self->session;
}
