// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/meicoder.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "decode/meicoder-session.h"

// Pictures drawn at a time.
#define BATCH 32

static const char *const fronts[] = { "codes", "paper", NULL };

static const PctOption options[] = {
  { "front", PCT_OPTION_CHOICE, 0, 0, fronts, NULL, N_("Front end"), N_("How a response turns its MEI into context. Codes: a few learned numbers a neuron, beside a linear path. Paper: a network of the response and a learned embedding masks the MEI; a large network, which needs days.") },
  { "epochs", PCT_OPTION_INTEGER, 1, 1000, NULL, N_("epochs"), N_("Epochs"), N_("How often every train trial is seen, at most.") },
  { "patience", PCT_OPTION_INTEGER, 0, 1000, NULL, N_("epochs"), N_("Patience"), N_("Stops after so many epochs without a better one on the validation tier; 0: never.") },
  { "pretrain", PCT_OPTION_INTEGER, 0, 1000, NULL, N_("epochs"), N_("Pretraining"), N_("How often the encoder’s answers to images are seen, with fresh noise, before the recording’s trials; 0 needs no encoder.") },
  { "copies", PCT_OPTION_INTEGER, 0, 16, NULL, NULL, N_("Further views"), N_("How often every train image is shown to the encoder again for pretraining, mirrored, shifted or enlarged."), TRUE },
  { "channels", PCT_OPTION_INTEGER, 1, 4096, NULL, N_("channels"), N_("Context"), N_("Channels of context that the MEIs are added up to.") },
  { "width", PCT_OPTION_INTEGER, 1, 4096, NULL, N_("channels"), N_("Width"), N_("Channels of the first convolution on the context; the others follow it.") },
  { "features", PCT_OPTION_INTEGER, 0, 512, NULL, NULL, N_("Linear features"), N_("How many features of the responses the linear path beside the codes begins with; 0 chooses."), TRUE },
  { "batch", PCT_OPTION_INTEGER, 1, 1024, NULL, N_("trials"), N_("Batch"), N_("Trials a training step."), TRUE },
  { "rate", PCT_OPTION_REAL, 1e-7, 0.1, NULL, NULL, N_("Learning rate"), N_("Of the convolutions, and of the discriminator."), TRUE },
  { "front_rate", PCT_OPTION_REAL, 0, 100, NULL, NULL, N_("Front end’s rate"), N_("Learning rate of the front end, as a multiple of the other."), TRUE },
  { "path_rate", PCT_OPTION_REAL, 0, 100, NULL, NULL, N_("Linear path’s rate"), N_("Learning rate of the linear path, as a multiple of the other."), TRUE },
  { "decay", PCT_OPTION_REAL, 0, 10, NULL, NULL, N_("Weight decay"), N_("Decoupled weight decay, but for the linear path."), TRUE },
  { "noise", PCT_OPTION_REAL, 0, 5, NULL, N_("standard deviations"), N_("Response noise"), N_("Noise added to the context’s responses while training on the recording, against overfitting."), TRUE },
  { "dropout", PCT_OPTION_REAL, 0, 0.9, NULL, NULL, N_("Dropout"), N_("Share of each convolution’s output that is left out while training."), TRUE },
  { "structure", PCT_OPTION_REAL, 0, 100, NULL, NULL, N_("Structure weight"), N_("Weight of −log((SSIM + 1) / 2); where frames are too small for SSIM, of the absolute error instead."), TRUE },
  { "l1", PCT_OPTION_REAL, 0, 100, NULL, NULL, N_("L1 weight"), N_("Weight of the absolute error."), TRUE },
  { "adversarial", PCT_OPTION_REAL, 0, 10, NULL, NULL, N_("Adversarial weight"), N_("Weight of a discriminator’s verdict (least squares); 0 trains none.") },
  { "average", PCT_OPTION_REAL, 0, 0.9999, NULL, NULL, N_("Average"), N_("What is kept of the running average of all weights at each step; the average is what is judged and used. 0: the weights as they are."), TRUE },
};

static const double compact[] = { 0, 8, 3, 0, 3, 8, 16, 0, 32, 1e-3, 0.1, 0.05, 0.01, 0.5, 0, 0.9, 0.1, 0, 0.99 };
static const double informed_values[] = { 0, 1, 3, 3, 3, 8, 16, 0, 32, 1e-3, 0.1, 0.05, 0.01, 0.5, 0, 0.9, 0.1, 0, 0.99 };
static const double paper[] = { 1, 100, 10, 0, 3, 480, 480, 0, 4, 3e-5, 1, 1, 0.3, 0, 0.3, 0.9, 0, 0.1, 0 };
static const PctPreset presets[] = {
  { "compact", N_("Compact"), compact },
  { "informed", N_("Informed by an encoder"), informed_values },
  { "paper", N_("As in the paper"), paper },
};
static const PctOptionTable table = { options, G_N_ELEMENTS(options), presets, G_N_ELEMENTS(presets) };
G_STATIC_ASSERT(G_N_ELEMENTS(compact) == G_N_ELEMENTS(options));
G_STATIC_ASSERT(G_N_ELEMENTS(informed_values) == G_N_ELEMENTS(options));
G_STATIC_ASSERT(G_N_ELEMENTS(paper) == G_N_ELEMENTS(options));

static PctModelNeeds
get_needs(const PctOptionValues *values)
{
  return PCT_NEEDS_MEIS | (pct_option_values_get(values, "pretrain") > 0 ? PCT_NEEDS_ENCODER : PCT_NEEDS_NOTHING);
}

static void
meicoder_free(PctDecoder *decoder)
{
  PctMeicoder *self = (PctMeicoder *)decoder;
  pct_parameters_free(self->parameters);
  pct_meicoder_network_free(self->network);
  pct_informed_features_free(self->informed);
  pct_aligned_free(self->meis);
  pct_aligned_free(self->weights);
  g_free(self->mean_image);
  g_free(self->response_mean);
  g_free(self->response_scale);
  g_free(self->score_scale);
  g_free(self);
}

PctMeicoder *
pct_meicoder_new(int n_neurons, int height, int width, int n_features, PctInformedFeatures *informed,
                 const PctOptionValues *values, GError **error)
{
  PctMeicoder *self = g_new0(PctMeicoder, 1);
  g_autoptr(PctDecoder) decoder = &self->decoder;
  gsize m = (gsize)n_neurons, p = (gsize)height * (gsize)width;
  pct_decoder_init(decoder, &pct_meicoder_class, n_neurons, height, width);
  PctMeicoderSizes sizes = { .front = (PctMeicoderFrontKind)pct_option_values_get(values, "front"),
                             .n_neurons = n_neurons, .height = height, .width = width,
                             .channels = (int)pct_option_values_get(values, "channels"),
                             .core = (int)pct_option_values_get(values, "width"), .n_features = n_features,
                             .dropout = (float)pct_option_values_get(values, "dropout"),
                             .front_rate = (float)pct_option_values_get(values, "front_rate"),
                             .path_rate = (float)pct_option_values_get(values, "path_rate") };
  self->network = pct_meicoder_network_new(&sizes);
  self->informed = informed;
  self->image_scale = 1;
  self->mean_image = g_new0(float, p);
  self->response_mean = g_new0(float, m);
  self->response_scale = g_new(float, m);
  for (gsize i = 0; i < m; i++)
    self->response_scale[i] = 1;
  self->score_scale = informed ? g_new0(float, n_features) : NULL;
  if (!(self->parameters = pct_parameters_new(pct_graph_get_parameters(self->network->generator), error)) ||
      !(self->meis = pct_aligned_new(m * p, error)) ||
      (n_features > 0 && !(self->weights = pct_aligned_new(m * (gsize)n_features, error))))
    return NULL;
  g_steal_pointer(&decoder);
  return self;
}

void
pct_meicoder_standardise(const PctMeicoder *self, const float *responses, gsize n, float *z)
{
  gsize m = (gsize)self->decoder.n_neurons;
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < m; j++)
      z[i * m + j] = (responses[i * m + j] - self->response_mean[j]) / self->response_scale[j];
}

gboolean
pct_meicoder_compute_features(const PctMeicoder *self, const float *z, gsize n, double n_averaged, float *features,
                              PctPool *pool, GError **error)
{
  gsize m = (gsize)self->decoder.n_neurons, k = (gsize)self->network->sizes.n_features;
  if (k == 0)
    return TRUE;
  if (!self->informed) {
    pct_gemm(pool, FALSE, FALSE, n, k, m, 1, z, m, self->weights, k, 0, features, k);
    return TRUE;
  }
  g_autofree float *estimator = g_new(float, k * k), *raw = g_new(float, n * k);
  if (!pct_informed_features_get_estimator(self->informed, n_averaged, estimator, error))
    return FALSE;
  pct_gemm(pool, FALSE, FALSE, n, k, m, 1, z, m, self->weights, k, 0, raw, k);
  pct_gemm(pool, FALSE, FALSE, n, k, k, 1, raw, k, estimator, k, 0, features, k);
  for (gsize i = 0; i < n * k; i++)
    features[i] /= self->score_scale[i % k];
  return TRUE;
}

void
pct_meicoder_paint(const PctMeicoder *self, const float *pictures, gsize n, float *images)
{
  gsize p = (gsize)self->decoder.height * (gsize)self->decoder.width;
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < p; j++)
      images[i * p + j] = self->mean_image[j] + self->image_scale * pictures[i * p + j];
}

static gboolean
reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged, const float *latent,
            float *images, const PctRun *run, GError **error)
{
  const PctMeicoder *self = (const PctMeicoder *)decoder;
  const PctMeicoderNetwork *network = self->network;
  PctPool *pool = pct_run_get_pool(run);
  gsize m = (gsize)decoder->n_neurons, p = (gsize)decoder->height * (gsize)decoder->width;
  // The paper's context and convolutions are 60 MB a picture.
  gsize batch = MIN(n, network->sizes.front == PCT_MEICODER_PAPER ? BATCH / 8 : BATCH);
  g_autoptr(PctWorkspace) workspace =
    pct_workspace_new(network->generator, PCT_WORKSPACE_FORWARD, (int)batch, pool, error);
  g_autoptr(PctMeicoderFront) front =
    workspace ? pct_meicoder_front_new(network, self->meis, (int)batch, pool, error) : NULL;
  if (!front)
    return FALSE;
  g_autofree float *z = g_new(float, batch * m);
  for (gsize i = 0; i < n; i += batch) {
    gsize count = MIN(batch, n - i);
    PctRunPart part;
    const PctRun *inner = pct_run_part(&part, run, (double)i, (double)count, (double)n);
    pct_meicoder_standardise(self, responses + i * m, count, z);
    if ((network->features >= 0 &&
         !pct_meicoder_compute_features(self, z, count, n_averaged, pct_workspace_get_input(workspace, network->features),
                                        pool, error)) ||
        !pct_meicoder_front_forward(front, self->parameters, z, (int)count,
                                    pct_workspace_get_input(workspace, network->context), inner, error))
      return FALSE;
    pct_workspace_forward(workspace, self->parameters, (int)count, FALSE, 0);
    pct_meicoder_paint(self, pct_workspace_get_output(workspace, network->picture), count, images + i * p);
    if (!pct_run_step(run, (double)(i + count), (double)n, error))
      return FALSE;
  }
  return TRUE;
}

// out (M,) += what the features' gradient (K,) is by z-scored responses.
static gboolean
pull_features(const PctMeicoder *self, const float *gradient, double n_averaged, float *out, PctPool *pool,
              GError **error)
{
  gsize m = (gsize)self->decoder.n_neurons, k = (gsize)self->network->sizes.n_features;
  g_autofree float *raw = g_memdup2(gradient, k * sizeof(float));
  if (self->informed) {
    g_autofree float *estimator = g_new(float, k * k), *scaled = g_new(float, k);
    if (!pct_informed_features_get_estimator(self->informed, n_averaged, estimator, error))
      return FALSE;
    for (gsize j = 0; j < k; j++)
      scaled[j] = gradient[j] / self->score_scale[j];
    pct_gemv(pool, FALSE, k, k, 1, estimator, k, scaled, 0, raw);
  }
  pct_gemv(pool, FALSE, m, k, 1, self->weights, k, raw, 1, out);
  return TRUE;
}

static gboolean
pullback(const PctDecoder *decoder, const float *responses, double n_averaged, const float *latent,
         const float *cotangent, float *out, const PctRun *run, GError **error)
{
  const PctMeicoder *self = (const PctMeicoder *)decoder;
  const PctMeicoderNetwork *network = self->network;
  PctPool *pool = pct_run_get_pool(run);
  gsize m = (gsize)decoder->n_neurons, p = (gsize)decoder->height * (gsize)decoder->width;
  g_autoptr(PctWorkspace) workspace = pct_workspace_new(network->generator, PCT_WORKSPACE_BACKWARD, 1, pool, error);
  g_autoptr(PctMeicoderFront) front = workspace ? pct_meicoder_front_new(network, self->meis, 1, pool, error) : NULL;
  if (!front)
    return FALSE;
  g_autofree float *z = g_new(float, m);
  pct_meicoder_standardise(self, responses, 1, z);
  if ((network->features >= 0 &&
       !pct_meicoder_compute_features(self, z, 1, n_averaged, pct_workspace_get_input(workspace, network->features), pool,
                                      error)) ||
      !pct_meicoder_front_forward(front, self->parameters, z, 1, pct_workspace_get_input(workspace, network->context),
                                  run, error))
    return FALSE;
  pct_workspace_forward(workspace, self->parameters, 1, FALSE, 0);
  float *gradient = pct_workspace_get_gradient(workspace, network->picture);
  for (gsize j = 0; j < p; j++)
    gradient[j] = self->image_scale * cotangent[j];
  pct_workspace_backward(workspace, self->parameters, NULL, TRUE);
  if (!pct_meicoder_front_backward(front, self->parameters, z, 1, pct_workspace_get_gradient(workspace, network->context),
                                   NULL, out, run, error) ||
      (network->features >= 0 &&
       !pull_features(self, pct_workspace_get_gradient(workspace, network->features), n_averaged, out, pool, error)))
    return FALSE;
  for (gsize i = 0; i < m; i++)
    out[i] /= self->response_scale[i];
  return TRUE;
}

// On disk as PyTorch would have them: features.weight is (K,M).
static void
save(const PctDecoder *decoder, PctTensors *tensors)
{
  const PctMeicoder *self = (const PctMeicoder *)decoder;
  gsize m = (gsize)decoder->n_neurons, k = (gsize)self->network->sizes.n_features;
  gsize shape[] = { m, (gsize)decoder->height, (gsize)decoder->width };
  pct_tensors_add(tensors, "meis", self->meis, 3, shape);
  pct_tensors_add(tensors, "image.mean", self->mean_image, 2, shape + 1);
  pct_tensors_add(tensors, "image.scale", &self->image_scale, 0, NULL);
  pct_tensors_add_vector(tensors, "response.mean", self->response_mean, m);
  pct_tensors_add_vector(tensors, "response.scale", self->response_scale, m);
  if (k > 0) {
    float *transposed = g_new(float, m * k);
    for (gsize i = 0; i < m; i++)
      for (gsize j = 0; j < k; j++)
        transposed[j * m + i] = self->weights[i * k + j];
    pct_tensors_add_take(tensors, "features.weight", transposed, 2, (gsize[]){ k, m });
  }
  if (self->informed) {
    pct_informed_features_save(self->informed, tensors);
    pct_tensors_add_vector(tensors, "features.score_scale", self->score_scale, k);
  }
  pct_parameters_save(self->parameters, "network.", tensors);
}

static gboolean
refuse_tensor(const PctTensors *tensors, const char *name, GError **error)
{
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” has no “%s” of a meicoder."), pct_tensors_get_source(tensors),
              name);
  return FALSE;
}

static gboolean
load_numbers(PctMeicoder *self, const PctTensors *tensors, const PctTensor *weights, GError **error)
{
  gsize m = (gsize)self->decoder.n_neurons, k = (gsize)self->network->sizes.n_features;
  gsize shape[] = { (gsize)self->decoder.height, (gsize)self->decoder.width };
  const PctTensor *meis = pct_tensors_find(tensors, "meis");
  const PctTensor *mean = pct_tensors_require(tensors, "image.mean", 2, shape, error);
  const PctTensor *scale = mean ? pct_tensors_require(tensors, "image.scale", 0, NULL, error) : NULL;
  const PctTensor *response_mean = scale ? pct_tensors_require(tensors, "response.mean", 1, &m, error) : NULL;
  const PctTensor *response_scale = response_mean ? pct_tensors_require(tensors, "response.scale", 1, &m, error) : NULL;
  const PctTensor *scores = NULL;
  if (!response_scale || (self->informed && !(scores = pct_tensors_require(tensors, "features.score_scale", 1, &k, error))))
    return FALSE;
  for (gsize i = 0; i < m; i++)
    if (!(response_scale->values[i] > 0))
      return refuse_tensor(tensors, "response.scale", error);
  for (gsize i = 0; i < k && scores; i++)
    if (!(scores->values[i] > 0))
      return refuse_tensor(tensors, "features.score_scale", error);
  memcpy(self->meis, meis->values, meis->count * sizeof(float));
  memcpy(self->mean_image, mean->values, mean->count * sizeof(float));
  memcpy(self->response_mean, response_mean->values, m * sizeof(float));
  memcpy(self->response_scale, response_scale->values, m * sizeof(float));
  self->image_scale = scale->values[0];
  if (scores)
    memcpy(self->score_scale, scores->values, k * sizeof(float));
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < k; j++)
      self->weights[i * k + j] = weights->values[j * m + i];
  return pct_parameters_load(self->parameters, "network.", tensors, error);
}

static PctDecoder *
load(const PctTensors *tensors, const PctOptionValues *values, GError **error)
{
  const PctTensor *meis = pct_tensors_find(tensors, "meis"), *weights = pct_tensors_find(tensors, "features.weight");
  gboolean path = (PctMeicoderFrontKind)pct_option_values_get(values, "front") == PCT_MEICODER_CODES;
  // The shapes of what is in memory already cannot be absurd, but their product with the options can.
  if (!meis || meis->rank != 3 || meis->count == 0 || meis->shape[0] > 1 << 20 || meis->shape[1] > 4096 ||
      meis->shape[2] > 4096) {
    refuse_tensor(tensors, "meis", error);
    return NULL;
  }
  if (path && (!weights || weights->rank != 2 || weights->count == 0 || weights->shape[0] > 4096 ||
               weights->shape[1] != meis->shape[0])) {
    refuse_tensor(tensors, "features.weight", error);
    return NULL;
  }
  int m = (int)meis->shape[0], height = (int)meis->shape[1], width = (int)meis->shape[2];
  int k = path ? (int)weights->shape[0] : 0;
  PctInformedFeatures *informed = NULL;
  if (path && pct_option_values_get(values, "pretrain") > 0) {
    if (!(informed = pct_informed_features_load(tensors, m, error)))
      return NULL;
    g_autofree float *estimator = g_new(float, (gsize)informed->n_features * (gsize)informed->n_features);
    if (informed->n_features != k || informed->n_pixels != height * width ||
        !pct_informed_features_get_estimator(informed, 1, estimator, NULL)) {
      g_set_error_literal(error, PCT_ERROR, PCT_ERROR_SHAPE,
                          _("“features.weight” or “image.mean” is of another size than “features.basis”."));
      pct_informed_features_free(informed);
      return NULL;
    }
  }
  PctMeicoder *self = pct_meicoder_new(m, height, width, k, informed, values, error);
  g_autoptr(PctDecoder) decoder = self ? &self->decoder : NULL;
  return self && load_numbers(self, tensors, weights, error) ? g_steal_pointer(&decoder) : NULL;
}

const PctDecoderClass pct_meicoder_class = {
  .about = {
    .role = PCT_ROLE_DECODER,
    .kind = "meicoder",
    .title = N_("Convolutions on MEIs"),
    .summary = N_("Every neuron’s response turns its most exciting input into channels of context, and convolutions make "
                  "a picture of their sum."),
    .formula = "I = m + s (A f(r) + CNN(Σᵢ c(rᵢ) ⊗ MEIᵢ));  min −0.9 log((SSIM + 1) / 2) + 0.1 |I − I*|",
    .source = "Sobotka, Baroni & Antolík 2025, arXiv:2510.20762",
    .options = &table,
    .iterative = TRUE,
    .needs = PCT_NEEDS_MEIS | PCT_NEEDS_ENCODER,
    .get_needs = get_needs,
  },
  .fit = pct_meicoder_fit,
  .reconstruct = reconstruct,
  .save = save,
  .load = load,
  .free = meicoder_free,
  .session_new = pct_meicoder_session_new,
  .pullback = pullback,
};
