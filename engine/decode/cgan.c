// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/cgan.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"

// Pictures drawn at a time.
#define BATCH 64

PctCgan *
pct_cgan_new(int n_neurons, int height, int width, int n_raw, PctInformedFeatures *informed,
             const PctOptionValues *values, GError **error)
{
  int n_features = n_raw + (informed != NULL);
  if (height < 8 || width < 8) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("The conditional GAN needs images of at least 8 × 8 pixels; these have %d × %d."), height, width);
    pct_informed_features_free(informed);
    return NULL;
  }
  PctCgan *self = g_new0(PctCgan, 1);
  pct_decoder_init(&self->decoder, &pct_cgan_class, n_neurons, height, width);
  self->design = &pct_cgan_compact_design;
  self->n_features = n_features;
  self->n_raw = n_raw;
  self->informed = informed;
  self->score_scale = informed ? g_new0(float, n_raw) : NULL;
  self->n_latent = (int)pct_option_values_get(values, "latent");
  self->width = (int)pct_option_values_get(values, "width");
  self->mean_image = g_new0(float, (gsize)height * width);
  self->weights = g_new0(float, (gsize)n_neurons * n_raw);
  self->bias = g_new0(float, n_raw);
  self->feature_scale = g_new0(float, n_features);
  self->network = pct_cgan_network_new(height, width, n_features, self->n_latent, self->width,
                                       (float)pct_option_values_get(values, "picture_noise"),
                                       (float)pct_option_values_get(values, "dropout"));
  self->generator = pct_parameters_new(pct_graph_get_parameters(self->network->generator), error);
  if (!self->generator) {
    pct_decoder_unref(&self->decoder);
    return NULL;
  }
  return self;
}

static void
cgan_free(PctDecoder *decoder)
{
  PctCgan *self = (PctCgan *)decoder;
  pct_parameters_free(self->generator);
  pct_cgan_network_free(self->network);
  g_free(self->mean_image);
  g_free(self->weights);
  g_free(self->bias);
  g_free(self->feature_scale);
  g_free(self->score_scale);
  pct_informed_features_free(self->informed);
  g_free(self);
}

static int
get_latent(const PctDecoder *decoder)
{
  return ((const PctCgan *)decoder)->n_latent;
}

void
pct_cgan_compute_raw_features(const PctCgan *self, const float *responses, gsize n, float *features, PctPool *pool)
{
  gsize k = (gsize)self->n_raw, m = (gsize)self->decoder.n_neurons;
  for (gsize i = 0; i < n; i++)
    memcpy(features + i * k, self->bias, k * sizeof(float));
  pct_gemm(pool, FALSE, FALSE, n, k, m, 1, responses, m, self->weights, k, 1, features, k);
}

void
pct_cgan_finish_scores(const PctCgan *self, const float *scores, double n_averaged, float *inputs)
{
  const PctInformedFeatures *informed = self->informed;
  for (int j = 0; j < self->n_raw; j++)
    inputs[j] = scores[j] / self->score_scale[j];
  // How much noise is in them: 0 for single trials, below for means.
  inputs[self->n_raw] = (float)log(pct_informed_features_get_level(informed, n_averaged) /
                                   pct_informed_features_get_level(informed, 1));
}

gboolean
pct_cgan_compute_features(const PctCgan *self, const float *responses, gsize n, double n_averaged, float *inputs,
                          PctPool *pool, GError **error)
{
  if (!self->informed) {
    pct_cgan_compute_raw_features(self, responses, n, inputs, pool);
    return TRUE;
  }
  gsize k = (gsize)self->n_raw;
  g_autofree float *estimator = g_new(float, k * k), *raw = g_new(float, n * k), *scores = g_new(float, n * k);
  if (!pct_informed_features_get_estimator(self->informed, n_averaged, estimator, error))
    return FALSE;
  pct_cgan_compute_raw_features(self, responses, n, raw, pool);
  pct_gemm(pool, FALSE, FALSE, n, k, k, 1, raw, k, estimator, k, 0, scores, k);
  for (gsize i = 0; i < n; i++)
    pct_cgan_finish_scores(self, scores + i * k, n_averaged, inputs + i * (gsize)self->n_features);
  return TRUE;
}

void
pct_cgan_draw(const PctCgan *self, PctParameters *generator, PctWorkspace *workspace, const float *features, gsize n,
              const float *z, float *images)
{
  const PctCganNetwork *network = self->network;
  gsize k = (gsize)self->n_features, latent = (gsize)self->n_latent;
  gsize pixels = (gsize)self->decoder.height * self->decoder.width;
  float *scaled = pct_workspace_get_input(workspace, network->features);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < k; j++)
      scaled[i * k + j] = features[i * k + j] * self->feature_scale[j];
  memcpy(pct_workspace_get_input(workspace, network->clean), features, n * k * sizeof(float));
  float *drawn = pct_workspace_get_input(workspace, network->latent);
  if (z)
    memcpy(drawn, z, n * latent * sizeof(float));
  else
    memset(drawn, 0, n * latent * sizeof(float));
  pct_workspace_forward(workspace, generator, (int)n, FALSE, 0);
  const float *picture = pct_workspace_get_output(workspace, network->picture);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < pixels; j++)
      images[i * pixels + j] = self->mean_image[j] + self->image_scale * picture[i * pixels + j];
}

static gboolean
reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged, const float *z, float *images,
            const PctRun *run, GError **error)
{
  const PctCgan *self = (const PctCgan *)decoder;
  PctPool *pool = pct_run_get_pool(run);
  gsize pixels = (gsize)decoder->height * decoder->width, batch = MIN(n, BATCH);
  if (n == 0)
    return TRUE;
  g_autoptr(PctWorkspace) workspace =
      pct_workspace_new(self->network->generator, PCT_WORKSPACE_FORWARD, (int)batch, pool, error);
  if (!workspace)
    return FALSE;
  g_autofree float *features = g_new(float, batch * (gsize)self->n_features);
  for (gsize i = 0; i < n; i += batch) {
    gsize count = MIN(batch, n - i);
    if (!pct_cgan_compute_features(self, responses + i * (gsize)decoder->n_neurons, count, n_averaged, features, pool, error))
      return FALSE;
    pct_cgan_draw(self, self->generator, workspace, features, count, z ? z + i * (gsize)self->n_latent : NULL,
                  images + i * pixels);
    if (!pct_run_step(run, (double)(i + count), (double)n, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
pullback(const PctDecoder *decoder, const float *responses, double n_averaged, const float *z, const float *cotangent,
         float *out, const PctRun *run, GError **error)
{
  const PctCgan *self = (const PctCgan *)decoder;
  PctPool *pool = pct_run_get_pool(run);
  const PctCganNetwork *network = self->network;
  gsize pixels = (gsize)decoder->height * decoder->width, k = (gsize)self->n_features;
  g_autoptr(PctWorkspace) workspace = pct_workspace_new(network->generator, PCT_WORKSPACE_BACKWARD, 1, pool, error);
  if (!workspace)
    return FALSE;
  g_autofree float *features = g_new(float, k), *image = g_new(float, pixels);
  if (!pct_cgan_compute_features(self, responses, 1, n_averaged, features, pool, error))
    return FALSE;
  pct_cgan_draw(self, self->generator, workspace, features, 1, z, image);
  float *gradient = pct_workspace_get_gradient(workspace, network->picture);
  for (gsize i = 0; i < pixels; i++)
    gradient[i] = self->image_scale * cotangent[i];
  pct_workspace_backward(workspace, self->generator, NULL, TRUE);
  const float *scaled = pct_workspace_get_gradient(workspace, network->features);
  const float *clean = pct_workspace_get_gradient(workspace, network->clean);
  for (gsize j = 0; j < k; j++)
    features[j] = clean[j] + self->feature_scale[j] * scaled[j];
  if (self->informed) {
    gsize raw = (gsize)self->n_raw;
    g_autofree float *estimator = g_new(float, raw * raw), *scores = g_new(float, raw);
    if (!pct_informed_features_get_estimator(self->informed, n_averaged, estimator, error))
      return FALSE;
    for (gsize j = 0; j < raw; j++)
      scores[j] = features[j] / self->score_scale[j];
    pct_gemv(pool, FALSE, raw, raw, 1, estimator, raw, scores, 0, features);
    k = raw;
  }
  pct_gemv(pool, FALSE, (gsize)decoder->n_neurons, k, 1, self->weights, k, features, 0, out);
  return TRUE;
}

// A live session: one response more or less moves the raw features by one row of the weights (rank 1); they are kept in
// double, so that rounding does not add up over a long drag.
typedef struct {
  PctDecoderSession session;
  PctWorkspace *workspace;
  double *sums;               // (F,)
  float *responses, *features, *z;
  double n_averaged;
  float *estimator;           // (F,F) of n_averaged; NULL: none is needed
  float *raw;                 // (2 F,) scratch
} Session;

static void
session_set_responses(PctDecoderSession *session, const float *responses, double n_averaged)
{
  Session *self = (Session *)session;
  const PctCgan *cgan = (const PctCgan *)session->decoder;
  // What had an inverse at single trials has one at any number.
  if (self->estimator && self->n_averaged != n_averaged)
    pct_informed_features_get_estimator(cgan->informed, n_averaged, self->estimator, NULL);
  self->n_averaged = n_averaged;
  memcpy(self->responses, responses, (gsize)session->decoder->n_neurons * sizeof(float));
  for (int j = 0; j < cgan->n_raw; j++)
    self->sums[j] = cgan->bias[j];
  for (int i = 0; i < session->decoder->n_neurons; i++)
    for (int j = 0; j < cgan->n_raw; j++)
      self->sums[j] += (double)responses[i] * cgan->weights[(gsize)i * cgan->n_raw + j];
}

static void
session_set_response(PctDecoderSession *session, int neuron, float value)
{
  Session *self = (Session *)session;
  const PctCgan *cgan = (const PctCgan *)session->decoder;
  double change = (double)value - self->responses[neuron];
  self->responses[neuron] = value;
  for (int j = 0; j < cgan->n_raw; j++)
    self->sums[j] += change * cgan->weights[(gsize)neuron * cgan->n_raw + j];
}

static void
session_set_latent(PctDecoderSession *session, const float *z)
{
  Session *self = (Session *)session;
  gsize size = (gsize)((const PctCgan *)session->decoder)->n_latent * sizeof(float);
  if (z)
    memcpy(self->z, z, size);
  else
    memset(self->z, 0, size);
}

static void
session_draw(PctDecoderSession *session, float *image)
{
  Session *self = (Session *)session;
  const PctCgan *cgan = (const PctCgan *)session->decoder;
  gsize k = (gsize)cgan->n_raw;
  float *raw = cgan->informed ? self->raw : self->features;
  for (gsize j = 0; j < k; j++)
    raw[j] = (float)self->sums[j];
  if (cgan->informed) {
    pct_gemv(NULL, TRUE, k, k, 1, self->estimator, k, raw, 0, raw + k);
    pct_cgan_finish_scores(cgan, raw + k, self->n_averaged, self->features);
  }
  pct_cgan_draw(cgan, cgan->generator, self->workspace, self->features, 1, self->z, image);
}

static void
session_free(PctDecoderSession *session)
{
  Session *self = (Session *)session;
  pct_workspace_free(self->workspace);
  g_free(self->sums);
  g_free(self->responses);
  g_free(self->features);
  g_free(self->estimator);
  g_free(self->raw);
  g_free(self->z);
  g_free(self);
}

static PctDecoderSession *
session_new(const PctDecoder *decoder, PctPool *pool)
{
  const PctCgan *cgan = (const PctCgan *)decoder;
  g_autoptr(PctWorkspace) workspace = pct_workspace_new(cgan->network->generator, PCT_WORKSPACE_FORWARD, 1, pool, NULL);
  if (!workspace)
    return NULL;
  Session *self = g_new0(Session, 1);
  self->session = (PctDecoderSession){ .set_responses = session_set_responses, .set_response = session_set_response,
                                       .set_latent = session_set_latent, .draw = session_draw, .free = session_free };
  self->workspace = g_steal_pointer(&workspace);
  self->sums = g_new0(double, cgan->n_raw);
  self->raw = g_new0(float, 2 * cgan->n_raw);
  self->n_averaged = 1;
  if (cgan->informed) {
    self->estimator = g_new0(float, (gsize)cgan->n_raw * (gsize)cgan->n_raw);
    pct_informed_features_get_estimator(cgan->informed, 1, self->estimator, NULL);
  }
  self->responses = g_new0(float, decoder->n_neurons);
  self->features = g_new0(float, cgan->n_features);
  self->z = g_new0(float, cgan->n_latent);
  return &self->session;
}

// On disk as PyTorch would have them: features.weight is (K,M).
static void
save(const PctDecoder *decoder, PctTensors *tensors)
{
  const PctCgan *self = (const PctCgan *)decoder;
  gsize m = (gsize)decoder->n_neurons, k = (gsize)self->n_raw;
  float *transposed = g_new(float, m * k);
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < k; j++)
      transposed[j * m + i] = self->weights[i * k + j];
  pct_tensors_add_take(tensors, "features.weight", transposed, 2, (gsize[]){ k, m });
  pct_tensors_add_vector(tensors, "features.bias", self->bias, k);
  pct_tensors_add_vector(tensors, "features.scale", self->feature_scale, (gsize)self->n_features);
  if (self->informed) {
    pct_informed_features_save(self->informed, tensors);
    pct_tensors_add_vector(tensors, "features.score_scale", self->score_scale, k);
  }
  pct_tensors_add(tensors, "image.mean", self->mean_image, 2, (gsize[]){ (gsize)decoder->height, (gsize)decoder->width });
  pct_tensors_add(tensors, "image.scale", &self->image_scale, 0, NULL);
  pct_parameters_save(self->generator, "generator.", tensors);
}

static PctDecoder *
load(const PctTensors *tensors, const PctOptionValues *values, GError **error)
{
  const PctTensor *weights = pct_tensors_find(tensors, "features.weight"), *mean = pct_tensors_find(tensors, "image.mean");
  if (!weights || !mean || weights->rank != 2 || mean->rank != 2 || weights->count == 0 || weights->count > G_MAXINT32 ||
      mean->shape[0] > 4096 || mean->shape[1] > 4096 || weights->shape[0] > 4096) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_FORMAT,
                        _("The weights file has no “features.weight” and “image.mean” of a conditional GAN."));
    return NULL;
  }
  gsize k = weights->shape[0], m = weights->shape[1], height = mean->shape[0], width = mean->shape[1];
  const PctTensor *score_scale = pct_tensors_find(tensors, "features.score_scale");
  gsize inputs = k + (score_scale != NULL);
  const PctTensor *bias = pct_tensors_require(tensors, "features.bias", 1, &k, error);
  const PctTensor *feature_scale = bias ? pct_tensors_require(tensors, "features.scale", 1, &inputs, error) : NULL;
  const PctTensor *image_scale = feature_scale ? pct_tensors_require(tensors, "image.scale", 0, NULL, error) : NULL;
  if (!image_scale)
    return NULL;
  PctInformedFeatures *informed = NULL;
  if (score_scale) {
    g_autofree float *estimator = g_new(float, k * k);
    score_scale = pct_tensors_require(tensors, "features.score_scale", 1, &k, error);
    informed = score_scale ? pct_informed_features_load(tensors, (int)m, error) : NULL;
    if (!informed)
      return NULL;
    if ((gsize)informed->n_features != k || (gsize)informed->n_pixels != height * width ||
        !pct_informed_features_get_estimator(informed, 1, estimator, NULL)) {
      g_set_error_literal(error, PCT_ERROR, PCT_ERROR_SHAPE,
                          _("“features.weight” or “image.mean” is of another size than “features.basis”."));
      pct_informed_features_free(informed);
      return NULL;
    }
  }
  PctCgan *self = pct_cgan_new((int)m, (int)height, (int)width, (int)k, informed, values, error);
  if (!self)
    return NULL;
  if (score_scale)
    memcpy(self->score_scale, score_scale->values, k * sizeof(float));
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < k; j++)
      self->weights[i * k + j] = weights->values[j * m + i];
  memcpy(self->bias, bias->values, k * sizeof(float));
  memcpy(self->feature_scale, feature_scale->values, inputs * sizeof(float));
  memcpy(self->mean_image, mean->values, height * width * sizeof(float));
  self->image_scale = image_scale->values[0];
  if (!pct_parameters_load(self->generator, "generator.", tensors, error)) {
    pct_decoder_unref(&self->decoder);
    return NULL;
  }
  return &self->decoder;
}

const PctDecoderClass pct_cgan_compact_design = {
  .get_latent = get_latent,
  .fit = pct_cgan_fit,
  .reconstruct = reconstruct,
  .save = save,
  .load = load,
  .free = cgan_free,
  .session_new = session_new,
  .pullback = pullback,
};
