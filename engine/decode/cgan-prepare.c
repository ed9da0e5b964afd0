// SPDX-License-Identifier: GPL-3.0-or-later
// What a training of the conditional GAN has before its first step: features of the responses, samples to learn from,
// networks that start as the best linear readout.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "decode/cgan-training.h"
#include "decode/imagined-trials.h"

const char *const pct_cgan_figure_names[] = {
  "epoch", "l1", "structure", "adversarial", "discriminator", "accuracy_matched", "accuracy_mismatched", "accuracy_fake",
  "d_matched", "d_mismatched", "d_drawn", "validation_pixcorr", "validation_ssim",
};

void
pct_cgan_training_clear(PctCganTraining *t)
{
  pct_cgan_samples_free(t->imagined);
  pct_cgan_samples_free(t->recorded);
  g_free(t->readout);
  g_free(t->validation_features);
  g_free(t->validation_images);
  g_free(t->preview_features);
  g_free(t->preview);
  pct_workspace_free(t->generator_workspace);
  pct_workspace_free(t->discriminator_workspace);
  pct_workspace_free(t->drawing_workspace);
  pct_parameters_free(t->generator);
  pct_parameters_free(t->discriminator);
  pct_parameters_free(t->average);
  pct_parameters_free(t->best);
  pct_aligned_free(t->generator_gradient);
  pct_aligned_free(t->discriminator_gradient);
  pct_optimizer_free(t->generator_optimizer);
  pct_optimizer_free(t->discriminator_optimizer);
  pct_ssim_loss_free(t->ssim_loss);
  pct_aligned_free(t->grey);
  g_free(t->noisy);
  pct_training_curves_free(t->curves);
  if (t->decoder)
    pct_decoder_unref(&t->decoder->decoder);
}

// The decoder's fixed part, from the train tier alone; the features' own best map to pictures is the readout's start.
static gboolean
prepare_linear(PctCganTraining *t, PctLinearFeatures **linear, const PctRun *preparing, GError **error)
{
  const PctFit *fit = t->fit;
  const PctStatistics *statistics = fit->statistics;
  int height = pct_recording_get_height(fit->recording), width = pct_recording_get_width(fit->recording);
  PctLinearFeatures *features = *linear =
    pct_linear_features_new(fit->recording, statistics, (int)pct_option_values_get(fit->options, "features"), preparing,
                            error);
  if (!features)
    return FALSE;
  gsize k = t->k = (gsize)features->n_features;
  PctCgan *decoder = t->decoder = pct_cgan_new(statistics->n_neurons, height, width, (int)k, NULL, fit->options, error);
  if (!decoder)
    return FALSE;
  pct_linear_features_fold(features, statistics, decoder->weights, decoder->bias);
  decoder->image_scale = features->image_scale;
  // Features have unit variance; the convolutions see them with something of their importance, the root of it.
  for (gsize j = 0; j < k; j++)
    decoder->feature_scale[j] = sqrtf(features->deviations[j] / features->deviations[0]);
  t->readout = g_memdup2(features->readout, k * t->pixels * sizeof(float));
  return TRUE;
}

// The same from an encoder's answers: features are estimates of the image's principal components.
static gboolean
prepare_informed(PctCganTraining *t, const PctRun *preparing, GError **error)
{
  const PctFit *fit = t->fit;
  const PctStatistics *statistics = fit->statistics;
  int height = pct_recording_get_height(fit->recording), width = pct_recording_get_width(fit->recording);
  int wanted = (int)pct_option_values_get(fit->options, "features");
  PctInformedOptions what = PCT_INFORMED_OPTIONS_DEFAULT;
  if (wanted > 0)
    what.n_features = wanted;
  g_auto(PctTrialRows) imagined = { 0 };
  if (!pct_imagined_trials_new(&imagined, fit, (int)pct_option_values_get(fit->options, "copies"), preparing, error))
    return FALSE;
  g_autoptr(PctFloats) known = NULL;
  PctInformedFeatures *features = pct_informed_features_new(fit, &imagined, &what, &known, preparing, error);
  if (!features)
    return FALSE;
  gsize k = (gsize)features->n_features;
  PctCgan *decoder = t->decoder =
    pct_cgan_new(statistics->n_neurons, height, width, (int)k, features, fit->options, error);
  if (!decoder)
    return FALSE;
  t->k = k + 1;
  pct_informed_features_fold(features, statistics, decoder->weights, decoder->bias);
  decoder->image_scale = MAX(statistics->image_std, 1e-3f);
  g_autofree float *estimator = g_new(float, k * k);
  if (!pct_informed_features_get_estimator(features, 1, estimator, error))
    return FALSE;
  pct_informed_features_get_deviations(features, estimator, decoder->score_scale);
  float largest = 0;
  for (gsize j = 0; j < k; j++)
    largest = MAX(largest, decoder->score_scale[j]);
  t->readout = g_new0(float, t->k * t->pixels);
  for (gsize j = 0; j < k; j++) {
    decoder->feature_scale[j] = sqrtf(decoder->score_scale[j] / largest);
    for (gsize i = 0; i < t->pixels; i++)
      t->readout[j * t->pixels + i] = decoder->score_scale[j] / decoder->image_scale * features->basis[j * t->pixels + i];
  }
  decoder->feature_scale[k] = 1;
  memcpy(decoder->mean_image, statistics->mean_image, t->pixels * sizeof(float));
  t->imagined =
    pct_cgan_samples_new_imagined(decoder, &imagined, g_steal_pointer(&known), 2 * t->batch, error);
  return t->imagined != NULL;
}

static gboolean
prepare_decoder(PctCganTraining *t, GError **error)
{
  const PctFit *fit = t->fit;
  PctProgress progress = { .phase = _("Fitting the linear features") };
  if (!pct_run_report(t->run, &progress, error))
    return FALSE;
  PctRun preparing = pct_run_preparation(t->run);
  g_autoptr(PctLinearFeatures) linear = NULL;
  if (t->schedule.pretrain ? !prepare_informed(t, &preparing, error) : !prepare_linear(t, &linear, &preparing, error))
    return FALSE;
  PctCgan *decoder = t->decoder;
  t->latent = (gsize)decoder->n_latent;
  // Responses next to nothing need weights beyond float32.
  for (gsize i = 0; i < (gsize)decoder->decoder.n_neurons * (gsize)decoder->n_raw; i++)
    if (!isfinite(decoder->weights[i]) || !isfinite(decoder->bias[i % (gsize)decoder->n_raw])) {
      g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED, _("The linear features of the responses are not finite."));
      return FALSE;
    }
  memcpy(decoder->mean_image, fit->statistics->mean_image, t->pixels * sizeof(float));
  t->recorded = pct_cgan_samples_new_recorded(decoder, fit, linear, 2 * t->batch, &preparing, error);
  return t->recorded != NULL;
}

static gboolean
prepare_data(PctCganTraining *t, GError **error)
{
  const PctRecording *recording = t->fit->recording;
  const PctCgan *decoder = t->decoder;
  int n_validation;
  const int *validation = pct_recording_get_tier_trials(recording, PCT_TIER_VALIDATION, &n_validation);
  t->n_validation = (gsize)n_validation;
  t->validation_features = g_new(float, t->n_validation * t->k);
  t->validation_images = g_new(float, t->n_validation * t->pixels);
  g_autofree float *responses = g_new(float, t->n_validation * (gsize)decoder->decoder.n_neurons);
  pct_recording_read_trials(recording, validation, n_validation, responses);
  for (gsize i = 0; i < t->n_validation; i++)
    pct_recording_read_image(recording, pct_recording_get_trial_image(recording, validation[i]),
                             t->validation_images + i * t->pixels);
  gsize n_preview = (gsize)t->fit->n_preview;
  t->preview_features = g_new(float, n_preview * t->k);
  t->preview = g_new(float, n_preview * t->pixels);
  return pct_cgan_compute_features(decoder, responses, t->n_validation, 1, t->validation_features, t->pool, error) &&
         (n_preview == 0 || pct_cgan_compute_features(decoder, t->fit->preview_responses, n_preview,
                                                      t->fit->preview_averaged, t->preview_features, t->pool, error));
}

// A layer's linear map (K -> P) starts as `scale` times the features' own readout.
static void
start_readout(const PctCganTraining *t, PctParameters *parameters, const char *name, float scale)
{
  float *weight = pct_parameters_find(parameters, name);  // (P,K)
  for (gsize j = 0; j < t->pixels; j++)
    for (gsize i = 0; i < t->k; i++)
      weight[j * t->k + i] = scale * t->readout[i * t->pixels + j];
}

static gboolean
prepare_networks(PctCganTraining *t, GError **error)
{
  const PctCganNetwork *network = t->decoder->network;
  const PctParameterTable *g = pct_graph_get_parameters(network->generator);
  const PctParameterTable *d = pct_graph_get_parameters(network->discriminator);
  int batch = (int)t->batch;
  if (!(t->generator = pct_parameters_new(g, error)) || !(t->discriminator = pct_parameters_new(d, error)) ||
      !(t->generator_gradient = pct_aligned_new(g->n_values, error)) ||
      !(t->discriminator_gradient = pct_aligned_new(d->n_values, error)) ||
      !(t->generator_workspace = pct_workspace_new(network->generator, PCT_WORKSPACE_BACKWARD, 2 * batch, t->pool, error)) ||
      !(t->discriminator_workspace = pct_workspace_new(network->discriminator, PCT_WORKSPACE_BACKWARD, 3 * batch, t->pool, error)) ||
      !(t->drawing_workspace = pct_workspace_new(network->generator, PCT_WORKSPACE_FORWARD, PCT_CGAN_VALIDATION_BATCH, t->pool, error)))
    return FALSE;
  pct_parameters_initialise(t->generator, t->fit->seed);
  pct_parameters_initialise(t->discriminator, t->fit->seed + 1);
  start_readout(t, t->generator, "readout.weight", 1);
  // A little more than what is expected, as large as what is seen.
  start_readout(t, t->discriminator, "condition.weight", 1.5f);
  if (!(t->average = pct_parameters_copy(t->generator, error)) || !(t->best = pct_parameters_copy(t->generator, error)))
    return FALSE;
  PctOptimizerOptions options = PCT_ADAMW_DEFAULT;
  options.beta1 = 0.5;
  options.weight_decay = 1e-4;
  if (!(t->generator_optimizer = pct_optimizer_new(g, &options, error)))
    return FALSE;
  options.weight_decay = 1e-3;
  if (!(t->discriminator_optimizer = pct_optimizer_new(d, &options, error)))
    return FALSE;
  t->noisy = g_new(float, t->batch * t->k);
  PctSsimLossOptions structure = { .height = t->decoder->decoder.height, .width = t->decoder->decoder.width, .scale = 1 };
  // Frames smaller than its window have no structural similarity.
  if (t->structure > 0 && MIN(structure.height, structure.width) >= 11) {
    if (!(t->ssim_loss = pct_ssim_loss_new(&structure, batch, t->pool, error)) ||
        !(t->grey = pct_aligned_new(3 * t->batch * t->pixels, error)))
      return FALSE;
  }
  t->curves = pct_training_curves_new(pct_cgan_figure_names, PCT_CGAN_N_FIGURES);
  return TRUE;
}

gboolean
pct_cgan_prepare(PctCganTraining *t, GError **error)
{
  const PctFit *fit = t->fit;
  const PctOptionValues *options = fit->options;
  int n_trials;
  pct_recording_get_tier_trials(fit->recording, PCT_TIER_TRAIN, &n_trials);
  t->schedule.pretrain = (int)pct_option_values_get(options, "pretrain");
  t->schedule.epochs = (int)pct_option_values_get(options, "epochs");
  t->adversarial = (float)pct_option_values_get(options, "adversarial");
  t->l1 = (float)pct_option_values_get(options, "l1");
  t->l1_draw = (float)pct_option_values_get(options, "l1_draw");
  t->l2 = (float)pct_option_values_get(options, "l2");
  t->structure = (float)pct_option_values_get(options, "structure");
  t->feature_noise = (float)pct_option_values_get(options, "feature_noise");
  t->rate = pct_option_values_get(options, "rate");
  t->pixels = (gsize)fit->statistics->n_pixels;
  t->batch = MIN((gsize)pct_option_values_get(options, "batch"), (gsize)n_trials);
  if (!prepare_decoder(t, error))
    return FALSE;
  t->schedule.steps_an_epoch = (gint64)(t->recorded->n / t->batch);
  if (t->imagined && t->imagined->n < t->batch)  // fewer images than trials
    t->schedule.pretrain = 0;
  t->schedule.steps_pretraining = t->imagined ? (gint64)(t->imagined->n / t->batch) : 0;
  return prepare_data(t, error) && prepare_networks(t, error);
}
