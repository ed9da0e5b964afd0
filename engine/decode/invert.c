// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/invert.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"

static const char *const losses[] = { "gaussian", "poisson", NULL };
static const char *const starts[] = { "grey", "linear", NULL };
static const PctOption options[] = {
  { "loss", PCT_OPTION_CHOICE, .choices = losses, .title = N_("Loss"),
    .help = N_("What makes predicted responses like the given ones: squared differences in units of the trials’ "
               "scatter, or a Poisson likelihood.") },
  { "strength", PCT_OPTION_REAL, 0, 1e6, .title = N_("Strength of the prior"),
    .help = N_("How much weight what images are like has beside the responses; 1 is their own, 0: chosen on the "
               "validation tier.") },
  { "start", PCT_OPTION_CHOICE, .choices = starts, .title = N_("Starting picture"),
    .help = N_("The descent starts from the mean image, or from what would be best if responses were linear.") },
  { "passes", PCT_OPTION_INTEGER, 0, PCT_INVERT_MOST_PASSES, .unit = N_("passes"), .title = N_("Passes"),
    .help = N_("How often a picture goes through the encoder, at most; 0: chosen on the validation tier.") },
  { "modes", PCT_OPTION_INTEGER, 0, 200, .title = N_("Shared modes"),
    .help = N_("Most modes of the trials’ scatter that neurons share; 0 takes them for independent.") },
  { "model_error", PCT_OPTION_REAL, 0, 1, .title = N_("Model error"),
    .help = N_("Share of the noise that averaging trials does not take away: what the encoder gets wrong."),
    .advanced = TRUE },
  { "components", PCT_OPTION_INTEGER, 1, 4096, .title = N_("Components"),
    .help = N_("Principal directions of the training images that a picture is made of."), .advanced = TRUE },
  { "mirrored", PCT_OPTION_BOOLEAN, .title = N_("Mirror images"),
    .help = N_("What images are like is learned from their mirror images as well."), .advanced = TRUE },
  { "blur", PCT_OPTION_REAL, 0, 20, .unit = N_("pixels"), .title = N_("Blur"),
    .help = N_("Above 0, there is no prior: the picture starts grey, and its gradient is blurred by a Gaussian of this "
               "standard deviation."), .advanced = TRUE },
};
static const double map[] = { PCT_INVERT_GAUSSIAN, 0, PCT_INVERT_LINEAR, 0, 20, 0.1, 512, 1, 0 };
static const double literal[] = { PCT_INVERT_GAUSSIAN, 0, PCT_INVERT_GREY, 50, 0, 0, 1, 0, 2 };
static const PctPreset presets[] = { { "map", N_("With a prior"), map }, { "literal", N_("As described"), literal } };
static const PctOptionTable table = { options, G_N_ELEMENTS(options), presets, G_N_ELEMENTS(presets) };
G_STATIC_ASSERT(G_N_ELEMENTS(map) == G_N_ELEMENTS(options) && G_N_ELEMENTS(literal) == G_N_ELEMENTS(options));

PctInvert *
pct_invert_new(PctEncoder *encoder, const PctOptionValues *values)
{
  const PctEncoderDesign *design = pct_encoder_get_design(encoder);
  PctInvert *self = g_new0(PctInvert, 1);
  pct_decoder_init(&self->decoder, &pct_invert_class, design->n_neurons, design->height, design->width);
  self->encoder = pct_encoder_ref(encoder);
  self->blur = pct_option_values_get(values, "blur");
  self->loss = (PctInvertLoss)pct_option_values_get(values, "loss");
  self->model_error = pct_option_values_get(values, "model_error");
  self->passes = (int)pct_option_values_get(values, "passes");
  return self;
}

static void
invert_free(PctDecoder *decoder)
{
  PctInvert *self = (PctInvert *)decoder;
  pct_encoder_unref(self->encoder);
  pct_response_noise_free(self->noise);
  pct_image_prior_free(self->prior);
  g_free(self->offset);
  g_free(self->information);
  g_free(self->linear);
  pct_response_noise_free(self->nonlinear);
  g_free(self->mean_rate);
  g_free(self);
}

#define LEAST_RATE 0.02f  // at which a neuron still scatters
#define MOST_RATIO 5.0f

void
pct_invert_get_precision(const PctInvert *self, const float *rates, gsize n, float *precision)
{
  gsize m = (gsize)self->decoder.n_neurons;
  for (gsize i = 0; i < n * m; i++) {
    float ratio = self->mean_rate ? (rates[i] + LEAST_RATE) / (self->mean_rate[i % m] + LEAST_RATE) : 1;
    precision[i] = 1 / sqrtf(CLAMP(ratio, 1 / MOST_RATIO, MOST_RATIO));
  }
}

static gboolean
reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged, const float *z,
            float *images, const PctRun *run, GError **error)
{
  const PctInvert *self = (const PctInvert *)decoder;
  g_autoptr(PctInvertDescent) descent =
    pct_invert_descent_new(self, self->strength, n_averaged, MIN(n, PCT_INVERT_BATCH), pct_run_get_pool(run), error);
  return descent &&
         pct_invert_descent_run(descent, responses, n, self->passes, images, NULL, NULL, run, error);
}

static void
save(const PctDecoder *decoder, PctTensors *tensors)
{
  const PctInvert *self = (const PctInvert *)decoder;
  pct_encoder_save(self->encoder, tensors);
  pct_image_prior_save(self->prior, (gsize)decoder->height, (gsize)decoder->width, tensors);
  pct_response_noise_save(self->noise, "noise", tensors);
  pct_tensors_add_vector(tensors, "offset", self->offset, (gsize)decoder->n_neurons);
  float passes = (float)self->passes;
  pct_tensors_add(tensors, "strength", &self->strength, 0, NULL);
  pct_tensors_add(tensors, "passes", &passes, 0, NULL);
  if (self->information)
    pct_tensors_add(tensors, "information", self->information, 2, (gsize[]){ self->k, self->k });
  if (self->mean_rate)
    pct_tensors_add_vector(tensors, "mean_rate", self->mean_rate, (gsize)decoder->n_neurons);
  if (!self->linear)
    return;
  pct_tensors_add(tensors, "linear.weight", self->linear, 2, (gsize[]){ self->k, (gsize)decoder->n_neurons });
  pct_response_noise_save(self->nonlinear, "nonlinear", tensors);
}

// A copy, to free with g_free.
static float *
take(const PctTensors *tensors, const char *name, int rank, const gsize *shape, GError **error)
{
  const PctTensor *tensor = pct_tensors_require(tensors, name, rank, shape, error);
  return tensor ? g_memdup2(tensor->values, tensor->count * sizeof(float)) : NULL;
}

static PctDecoder *
load(const PctTensors *tensors, const PctOptionValues *values, GError **error)
{
  g_autoptr(PctImagePrior) prior = pct_image_prior_load(tensors, error);
  const PctTensor *mean = prior ? pct_tensors_find(tensors, "prior.mean") : NULL;
  g_autoptr(PctEncoder) encoder =
    mean ? pct_encoder_load((int)mean->shape[0], (int)mean->shape[1], tensors, error) : NULL;
  if (!encoder)
    return NULL;
  PctInvert *self = pct_invert_new(encoder, values);
  g_autoptr(PctDecoder) decoder = &self->decoder;
  gsize m = (gsize)decoder->n_neurons, k = self->k = self->blur > 0 ? prior->n_pixels : prior->n_components;
  gboolean linear = self->blur <= 0 && pct_option_values_get(values, "start") == PCT_INVERT_LINEAR;
  self->prior = g_steal_pointer(&prior);
  const PctTensor *strength = pct_tensors_require(tensors, "strength", 0, NULL, error);
  const PctTensor *passes = strength ? pct_tensors_require(tensors, "passes", 0, NULL, error) : NULL;
  if (!passes || !(self->offset = take(tensors, "offset", 1, (gsize[]){ m }, error)) ||
      !(self->noise = pct_response_noise_load(tensors, "noise", m, error)))
    return NULL;
  self->strength = strength->values[0];
  if (!(passes->values[0] >= 1 && passes->values[0] <= PCT_INVERT_MOST_PASSES)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The number of passes is %g; one from 1 to %d was expected."),
                passes->values[0], PCT_INVERT_MOST_PASSES);
    return NULL;
  }
  self->passes = (int)passes->values[0];
  if ((self->blur <= 0 && (!(self->mean_rate = take(tensors, "mean_rate", 1, (gsize[]){ m }, error)) ||
                           !(self->information = take(tensors, "information", 2, (gsize[]){ k, k }, error)))) ||
      (linear && (!(self->linear = take(tensors, "linear.weight", 2, (gsize[]){ k, m }, error)) ||
                  !(self->nonlinear = pct_response_noise_load(tensors, "nonlinear", m, error)))))
    return NULL;
  if (self->blur > 0 || (self->strength > 0 && isfinite(self->strength)))
    return g_steal_pointer(&decoder);
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The prior’s strength is %g; a number above 0 was expected."),
              self->strength);
  return NULL;
}

const PctDecoderClass pct_invert_class = {
  .about = {
    .role = PCT_ROLE_DECODER,
    .kind = "invert",
    .title = N_("Inverted encoder"),
    .summary = N_("Changes a picture until the encoder predicts the given responses, weighed by how trials scatter "
                  "about its predictions, and keeps it like images are; needs no training of its own."),
    .formula = "x = argmin ½ (r − f(x))ᵀ S⁻¹ (r − f(x)) + λ/2 (x − x̄)ᵀ C⁻¹ (x − x̄),  S = (D + L Lᵀ) (e + (1 − e)/n)",
    .source = "Mahendran & Vedaldi 2015, CVPR; Cobos et al. 2022, bioRxiv 2022.12.09.519708",
    .options = &table,
    .needs = PCT_NEEDS_ENCODER,
  },
  .fit = pct_invert_fit,
  .reconstruct = reconstruct,
  .save = save,
  .load = load,
  .free = invert_free,
  .session_new = pct_invert_session_new,
};
