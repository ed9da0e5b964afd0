// SPDX-License-Identifier: GPL-3.0-or-later
// A picture is mean image + f G_n B: responses to features f (one row a neuron, so that a slider costs one row),
// features to scores by the estimator G_n of the number of trials averaged, scores to pixels by the basis B.
#include "config.h"
#include "decode/lmmse.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "decode/imagined-trials.h"
#include "decode/informed-features.h"

// Rows of responses at a time.
#define BATCH 128

typedef struct {
  PctDecoder decoder;
  PctInformedFeatures *features;
  float *weights, *bias;  // (M,K), (K,): responses in the recording's units to features
  float *mean_image;      // (H,W)
} PctLmmse;

static const PctOption options[] = {
  { .name = "copies", .type = PCT_OPTION_INTEGER, .minimum = 0, .maximum = 16, .title = N_("Further views"),
    .help = N_("How often every train image is shown to the encoder again, mirrored, shifted or enlarged.") },
  { .name = "features", .type = PCT_OPTION_INTEGER, .minimum = 1, .maximum = 2048, .title = N_("Components"),
    .help = N_("How many principal components of the images are estimated."), .advanced = TRUE },
  { .name = "modes", .type = PCT_OPTION_INTEGER, .minimum = 0, .maximum = 200, .title = N_("Noise modes"),
    .help = N_("Most modes of noise that neurons share, beside each neuron’s own; those that do not stand out are left "
               "out."), .advanced = TRUE },
  { .name = "penalty", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1000, .title = N_("Noise factor"),
    .help = N_("By how much the noise is taken to be larger than measured; 0: chosen on the validation tier."),
    .advanced = TRUE },
  { .name = "model_error", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1, .title = N_("Model error"),
    .help = N_("Share of the noise that averaging trials does not take away: what the encoder gets wrong."),
    .advanced = TRUE },
};
static const double default_values[] = { 3, 320, 20, 0, 0.1 };
static const PctPreset presets[] = { { "default", N_("Default"), default_values } };
static const PctOptionTable table = { options, G_N_ELEMENTS(options), presets, G_N_ELEMENTS(presets) };
G_STATIC_ASSERT(G_N_ELEMENTS(default_values) == G_N_ELEMENTS(options));

static void
lmmse_free(PctDecoder *decoder)
{
  PctLmmse *self = (PctLmmse *)decoder;
  pct_informed_features_free(self->features);
  g_free(self->weights);
  g_free(self->bias);
  g_free(self->mean_image);
  g_free(self);
}

// features is taken. Arrays are zeroed.
static PctLmmse *
lmmse_new(int height, int width, PctInformedFeatures *features)
{
  PctLmmse *self = g_new0(PctLmmse, 1);
  pct_decoder_init(&self->decoder, &pct_lmmse_class, features->n_neurons, height, width);
  gsize m = (gsize)features->n_neurons, k = (gsize)features->n_features;
  self->features = features;
  self->weights = g_new0(float, m * k);
  self->bias = g_new0(float, k);
  self->mean_image = g_new0(float, (gsize)features->n_pixels);
  return self;
}

static PctDecoder *
lmmse_fit(const PctFit *fit, const PctRun *run, GError **error)
{
  PctInformedOptions what = { (int)pct_option_values_get(fit->options, "features"),
                              (int)pct_option_values_get(fit->options, "modes"),
                              pct_option_values_get(fit->options, "penalty"),
                              pct_option_values_get(fit->options, "model_error") };
  g_auto(PctTrialRows) imagined = { 0 };
  if (!pct_imagined_trials_new(&imagined, fit, (int)pct_option_values_get(fit->options, "copies"), run, error))
    return NULL;
  PctInformedFeatures *features = pct_informed_features_new(fit, &imagined, &what, NULL, run, error);
  if (!features)
    return NULL;
  PctLmmse *self = lmmse_new(pct_recording_get_height(fit->recording), pct_recording_get_width(fit->recording), features);
  pct_informed_features_fold(features, fit->statistics, self->weights, self->bias);
  memcpy(self->mean_image, fit->statistics->mean_image, (gsize)features->n_pixels * sizeof(float));
  PctFigure figures[] = { { "penalty", features->penalty }, { "noise_modes", features->n_modes } };
  PctProgress progress = { .step = 1, .total = 1, .figures = figures, .n_figures = G_N_ELEMENTS(figures) };
  if (pct_run_report(run, &progress, error))
    return &self->decoder;
  lmmse_free(&self->decoder);
  return NULL;
}

// readout (K,P) at so many trials averaged.
static float *
make_readout(const PctLmmse *self, double n_averaged, PctPool *pool, GError **error)
{
  gsize k = (gsize)self->features->n_features, p = (gsize)self->features->n_pixels;
  g_autofree float *estimator = g_new(float, k * k);
  if (!pct_informed_features_get_estimator(self->features, n_averaged, estimator, error))
    return NULL;
  float *readout = g_new(float, k * p);
  pct_gemm(pool, FALSE, FALSE, k, p, k, 1, estimator, k, self->features->basis, p, 0, readout, p);
  return readout;
}

static gboolean
reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged, const float *z, float *images,
            const PctRun *run, GError **error)
{
  const PctLmmse *self = (const PctLmmse *)decoder;
  PctPool *pool = pct_run_get_pool(run);
  gsize m = (gsize)decoder->n_neurons, k = (gsize)self->features->n_features, p = (gsize)self->features->n_pixels;
  g_autofree float *readout = make_readout(self, n_averaged, pool, error);
  g_autofree float *features = g_new(float, MIN(n, BATCH) * k);
  if (!readout)
    return FALSE;
  for (gsize first = 0; first < n; first += BATCH) {
    gsize rows = MIN(BATCH, n - first);
    for (gsize i = 0; i < rows; i++) {
      memcpy(features + i * k, self->bias, k * sizeof(float));
      memcpy(images + (first + i) * p, self->mean_image, p * sizeof(float));
    }
    pct_gemm(pool, FALSE, FALSE, rows, k, m, 1, responses + first * m, m, self->weights, k, 1, features, k);
    pct_gemm(pool, FALSE, FALSE, rows, p, k, 1, features, k, readout, p, 1, images + first * p, p);
    if (!pct_run_step(run, (double)(first + rows), (double)n, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
pullback(const PctDecoder *decoder, const float *responses, double n_averaged, const float *z, const float *cotangent,
         float *out, const PctRun *run, GError **error)
{
  const PctLmmse *self = (const PctLmmse *)decoder;
  PctPool *pool = pct_run_get_pool(run);
  gsize m = (gsize)decoder->n_neurons, k = (gsize)self->features->n_features, p = (gsize)self->features->n_pixels;
  g_autofree float *readout = make_readout(self, n_averaged, pool, error);
  g_autofree float *features = g_new(float, k);
  if (!readout)
    return FALSE;
  pct_gemv(pool, FALSE, k, p, 1, readout, p, cotangent, 0, features);
  pct_gemv(pool, FALSE, m, k, 1, self->weights, k, features, 0, out);
  return pct_run_step(run, 1, 1, error);
}

// Features are kept in double, so that rounding does not add up over a long drag.
typedef struct {
  PctDecoderSession session;
  PctPool *pool;
  double n_averaged;
  double *sums;                          // (K,)
  float *responses, *features, *readout; // (M,), (K,), (K,P)
} Session;

static void
session_set_responses(PctDecoderSession *session, const float *responses, double n_averaged)
{
  Session *self = (Session *)session;
  const PctLmmse *lmmse = (const PctLmmse *)session->decoder;
  gsize m = (gsize)session->decoder->n_neurons, k = (gsize)lmmse->features->n_features;
  if (n_averaged != self->n_averaged) {
    // An estimator that was there for one number of trials is there for any: signal and noise are the same.
    float *readout = make_readout(lmmse, n_averaged, self->pool, NULL);
    if (readout) {
      g_free(self->readout);
      self->readout = readout;
      self->n_averaged = n_averaged;
    }
  }
  memcpy(self->responses, responses, m * sizeof(float));
  pct_gemv(self->pool, TRUE, k, m, 1, lmmse->weights, k, responses, 0, self->features);
  for (gsize j = 0; j < k; j++)
    self->sums[j] = (double)self->features[j] + lmmse->bias[j];
}

static void
session_set_response(PctDecoderSession *session, int neuron, float value)
{
  Session *self = (Session *)session;
  const PctLmmse *lmmse = (const PctLmmse *)session->decoder;
  gsize k = (gsize)lmmse->features->n_features;
  const float *row = lmmse->weights + (gsize)neuron * k;
  double change = (double)value - self->responses[neuron];
  self->responses[neuron] = value;
  for (gsize j = 0; j < k; j++)
    self->sums[j] += change * row[j];
}

static void
session_set_latent(PctDecoderSession *session, const float *z)
{
}

static void
session_draw(PctDecoderSession *session, float *image)
{
  Session *self = (Session *)session;
  const PctLmmse *lmmse = (const PctLmmse *)session->decoder;
  gsize k = (gsize)lmmse->features->n_features, p = (gsize)lmmse->features->n_pixels;
  for (gsize j = 0; j < k; j++)
    self->features[j] = (float)self->sums[j];
  memcpy(image, lmmse->mean_image, p * sizeof(float));
  pct_gemv(self->pool, TRUE, p, k, 1, self->readout, p, self->features, 1, image);
}

static void
session_free(PctDecoderSession *session)
{
  Session *self = (Session *)session;
  g_free(self->sums);
  g_free(self->responses);
  g_free(self->features);
  g_free(self->readout);
  g_free(self);
}

static PctDecoderSession *
session_new(const PctDecoder *decoder, PctPool *pool)
{
  const PctLmmse *lmmse = (const PctLmmse *)decoder;
  gsize k = (gsize)lmmse->features->n_features;
  float *readout = make_readout(lmmse, 1, pool, NULL);
  if (!readout)
    return NULL;
  Session *self = g_new0(Session, 1);
  self->session = (PctDecoderSession){ .set_responses = session_set_responses, .set_response = session_set_response,
                                       .set_latent = session_set_latent, .draw = session_draw, .free = session_free };
  self->pool = pool;
  self->n_averaged = 1;
  self->readout = readout;
  self->sums = g_new0(double, k);
  self->responses = g_new0(float, decoder->n_neurons);
  self->features = g_new0(float, k);
  return &self->session;
}

// On disk as PyTorch would have them: features.weight is (K,M), of responses in the recording's units.
static void
save(const PctDecoder *decoder, PctTensors *tensors)
{
  const PctLmmse *self = (const PctLmmse *)decoder;
  gsize m = (gsize)decoder->n_neurons, k = (gsize)self->features->n_features;
  float *transposed = g_new(float, m * k);
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < k; j++)
      transposed[j * m + i] = self->weights[i * k + j];
  pct_tensors_add_take(tensors, "features.weight", transposed, 2, (gsize[]){ k, m });
  pct_tensors_add_vector(tensors, "features.bias", self->bias, k);
  pct_tensors_add(tensors, "image.mean", self->mean_image, 2, (gsize[]){ (gsize)decoder->height, (gsize)decoder->width });
  pct_informed_features_save(self->features, tensors);
}

static PctDecoder *
load(const PctTensors *tensors, const PctOptionValues *values, GError **error)
{
  const PctTensor *weights = pct_tensors_find(tensors, "features.weight"), *mean = pct_tensors_find(tensors, "image.mean");
  if (!weights || !mean || weights->rank != 2 || mean->rank != 2 || weights->count == 0 || weights->count > G_MAXINT32 ||
      mean->shape[0] > 4096 || mean->shape[1] > 4096) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_FORMAT,
                        _("The weights file has no “features.weight” and “image.mean” of a linear estimate."));
    return NULL;
  }
  gsize m = weights->shape[1];
  g_autoptr(PctInformedFeatures) features = pct_informed_features_load(tensors, (int)m, error);
  if (!features)
    return NULL;
  gsize k = (gsize)features->n_features;
  if (weights->shape[0] != k || mean->count != (gsize)features->n_pixels) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_SHAPE,
                        _("“features.weight” or “image.mean” is of another size than “features.basis”."));
    return NULL;
  }
  const PctTensor *bias = pct_tensors_require(tensors, "features.bias", 1, &k, error);
  g_autofree float *estimator = g_new(float, k * k);
  if (!bias || !pct_informed_features_get_estimator(features, 1, estimator, error))
    return NULL;
  PctLmmse *self = lmmse_new((int)mean->shape[0], (int)mean->shape[1], g_steal_pointer(&features));
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < k; j++)
      self->weights[i * k + j] = weights->values[j * m + i];
  memcpy(self->bias, bias->values, k * sizeof(float));
  memcpy(self->mean_image, mean->values, mean->count * sizeof(float));
  return &self->decoder;
}

const PctDecoderClass pct_lmmse_class = {
  .about = {
    .role = PCT_ROLE_DECODER,
    .kind = "lmmse",
    .title = N_("Encoder-informed linear estimate"),
    .summary = N_("The best linear estimate of the image. How images and responses go together is learned from an "
                  "encoder’s noiseless answers instead of noisy trials; the trials’ noise is measured and added, less of "
                  "it where trials were averaged."),
    .formula = "x̂ = x̄ + Cov(x, r̂) (Cov(r̂) + S_n)⁻¹ (r − r̄),  S_n = λ (D + L Lᵀ) (e + (1 − e) / n)",
    .source = "Kay 1993, Fundamentals of Statistical Signal Processing, ch. 12",
    .options = &table,
    .needs = PCT_NEEDS_ENCODER,
    .imagines = TRUE,
  },
  .fit = lmmse_fit,
  .reconstruct = reconstruct,
  .save = save,
  .load = load,
  .free = lmmse_free,
  .session_new = session_new,
  .pullback = pullback,
};
