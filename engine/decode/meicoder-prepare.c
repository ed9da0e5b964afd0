// SPDX-License-Identifier: GPL-3.0-or-later
// What comes before meicoder's first step. With codes the linear path's features are predicted without the image at hand
// (linear-features.h), or learned from an encoder's answers: given an overfitted path, the convolutions would learn to
// trust it. Codes start as matched filters: what a neuron's response says of its own MEI in the train images.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "decode/imagined-trials.h"
#include "decode/linear-features.h"
#include "decode/meicoder-training.h"
#include "decode/neuron-pictures.h"

#define CODE_STREAM ((guint64)0x61 << 32)
// Of the size of a response, as a share of what its value itself starts as.
#define EVEN_START 0.5f
#define TRIALS_A_CHUNK 256
#define SSIM_WINDOW 11

const char *const pct_meicoder_figure_names[PCT_MEICODER_N_FIGURES] = {
  "epoch", "structure", "l1", "adversarial", "discriminator", "validation_pixcorr", "validation_ssim",
};

static gboolean
say(const PctMeicoderTraining *t, const char *phase, GError **error)
{
  PctProgress progress = { .phase = phase };
  return pct_run_report(t->run, &progress, error);
}

static gboolean
prepare_imagined(PctMeicoderTraining *t, const PctRun *preparing, GError **error)
{
  const PctFit *fit = t->fit;
  int n = 0;
  const int *numbers = pct_recording_get_tier_trials(fit->recording, PCT_TIER_VALIDATION, &n);
  if (n == 0)
    numbers = pct_recording_get_tier_trials(fit->recording, PCT_TIER_TRAIN, &n);
  g_auto(PctTrialRows) trials = { 0 };
  if (!pct_imagined_trials_new(&t->imagined, fit, (int)pct_option_values_get(fit->options, "copies"), preparing, error) ||
      !say(t, _("Measuring the noise of the responses"), error) ||
      !pct_trial_rows_read(&trials, fit->recording, fit->statistics, numbers, (gsize)n, preparing, error))
    return FALSE;
  const PctInformedOptions defaults = PCT_INFORMED_OPTIONS_DEFAULT;
  t->response_noise =
    pct_informed_features_measure_noise(fit, &trials, numbers, defaults.n_modes, preparing, error);
  return t->response_noise != NULL;
}

// parameters' path.weight (P,K) from a readout (K,P), each feature's times its scale.
static void
start_path(const PctMeicoderTraining *t, const float *readout, const float *scale)
{
  float *weight = pct_parameters_find(t->parameters, "path.weight");
  for (gsize j = 0; j < t->k; j++)
    for (gsize i = 0; i < t->pixels; i++)
      weight[i * t->k + j] = (scale ? scale[j] / t->decoder->image_scale : 1) * readout[j * t->pixels + i];
}

static gboolean
make_decoder(PctMeicoderTraining *t, gsize k, PctInformedFeatures *informed, GError **error)
{
  const PctStatistics *statistics = t->fit->statistics;
  PctMeicoder *decoder = t->decoder =
    pct_meicoder_new((int)t->m, pct_recording_get_height(t->fit->recording), pct_recording_get_width(t->fit->recording),
                     (int)k, informed, t->fit->options, error);
  if (!decoder)
    return FALSE;
  t->k = k;
  for (gsize i = 0; i < t->m; i++) {
    decoder->response_mean[i] = statistics->response_mean[i];
    decoder->response_scale[i] = statistics->response_scale[i] > 0 ? statistics->response_scale[i] : 1;
  }
  memcpy(decoder->mean_image, statistics->mean_image, t->pixels * sizeof(float));
  decoder->image_scale = MAX(statistics->image_std, 1e-3f);
  pct_parameters_initialise(decoder->parameters, t->fit->seed);
  return (t->parameters = pct_parameters_copy(decoder->parameters, error)) != NULL;
}

static gboolean
prepare_informed(PctMeicoderTraining *t, const PctRun *preparing, GError **error)
{
  PctInformedOptions what = PCT_INFORMED_OPTIONS_DEFAULT;
  int wanted = (int)pct_option_values_get(t->fit->options, "features");
  if (wanted > 0)
    what.n_features = wanted;
  // A copy, as its rows are overwritten.
  g_auto(PctTrialRows) rows = { .n = t->imagined.n };
  if (!(rows.z = pct_aligned_new(rows.n * t->m, error)) || !(rows.pictures = pct_aligned_new(rows.n * t->pixels, error)))
    return FALSE;
  memcpy(rows.z, t->imagined.z, rows.n * t->m * sizeof(float));
  memcpy(rows.pictures, t->imagined.pictures, rows.n * t->pixels * sizeof(float));
  PctInformedFeatures *informed = pct_informed_features_new(t->fit, &rows, &what, NULL, preparing, error);
  if (!informed || !make_decoder(t, (gsize)informed->n_features, informed, error))
    return FALSE;
  gsize k = t->k;
  memcpy(t->decoder->weights, informed->weights, t->m * k * sizeof(float));
  g_autofree float *estimator = g_new(float, k * k);
  if (!pct_informed_features_get_estimator(informed, 1, estimator, error))
    return FALSE;
  pct_informed_features_get_deviations(informed, estimator, t->decoder->score_scale);
  start_path(t, informed->basis, t->decoder->score_scale);
  t->recorded_features = g_new(float, t->recorded.n * k);
  return pct_meicoder_compute_features(t->decoder, t->recorded.z, t->recorded.n, 1, t->recorded_features, t->pool, error);
}

static gboolean
prepare_linear(PctMeicoderTraining *t, const PctRun *preparing, GError **error)
{
  if (!say(t, _("Fitting the linear features"), error))
    return FALSE;
  g_autoptr(PctLinearFeatures) features =
    pct_linear_features_new(t->fit->recording, t->fit->statistics, (int)pct_option_values_get(t->fit->options, "features"),
                            preparing, error);
  if (!features || !make_decoder(t, (gsize)features->n_features, NULL, error))
    return FALSE;
  t->decoder->image_scale = features->image_scale;
  memcpy(t->decoder->weights, features->weights, t->m * t->k * sizeof(float));
  start_path(t, features->readout, NULL);
  t->recorded_features = g_memdup2(features->train, t->recorded.n * t->k * sizeof(float));
  return TRUE;
}

// The set's pictures by neuron, each about its own mean. Of equal size, so that no neuron counts more than its code says,
// and together such that the context of independent codes of unit variance has that, too.
static gboolean
prepare_meis(PctMeicoderTraining *t, const PctRun *preparing, GError **error)
{
  float *meis = t->decoder->meis;
  gsize m = t->m, p = t->pixels;
  if (!pct_neuron_pictures(PCT_BASIS_MEI, t->fit, meis, preparing, error))
    return FALSE;
  for (gsize i = 0; i < m; i++) {
    float *mei = meis + i * p;
    double sum = 0, squares = 0;
    for (gsize j = 0; j < p; j++)
      sum += mei[j];
    for (gsize j = 0; j < p; j++) {
      mei[j] -= (float)(sum / (double)p);
      squares += (double)mei[j] * mei[j];
    }
    float scale = squares > 1e-12 ? (float)sqrt((double)p / (double)m / squares) : 0;
    for (gsize j = 0; j < p; j++)
      mei[j] *= scale;
  }
  return TRUE;
}

// matches (M,): the correlation of each neuron's response with its MEI's product with the image, over the train trials.
static gboolean
measure_matches(const PctMeicoderTraining *t, float *matches, GError **error)
{
  gsize m = t->m, p = t->pixels;
  g_autofree double *sums = g_new0(double, m), *squares = g_new0(double, m), *products = g_new0(double, m);
  g_autoptr(PctFloats) seen = pct_aligned_new(TRIALS_A_CHUNK * m, error);
  if (!seen)
    return FALSE;
  for (gsize first = 0; first < t->recorded.n; first += TRIALS_A_CHUNK) {
    gsize n = MIN(TRIALS_A_CHUNK, t->recorded.n - first);
    pct_gemm(t->pool, FALSE, TRUE, n, m, p, 1, t->recorded.pictures + first * p, p, t->decoder->meis, p, 0, seen, m);
    for (gsize i = 0; i < n; i++)
      for (gsize j = 0; j < m; j++) {
        double x = seen[i * m + j];
        sums[j] += x;
        squares[j] += x * x;
        products[j] += x * t->recorded.z[(first + i) * m + j];  // which has mean 0 and variance 1
      }
    if (!say(t, NULL, error))
      return FALSE;
  }
  double n = (double)t->recorded.n;
  for (gsize j = 0; j < m; j++) {
    double variance = squares[j] / n - sums[j] / n * (sums[j] / n);
    matches[j] = variance > 0 ? (float)(products[j] / n / sqrt(variance)) : 0;
  }
  return TRUE;
}

// The first channel is the sum of all neurons' MEIs, each by its response and its match; the others are random shares of
// the same, and of what the size of the response says.
static gboolean
start_codes(PctMeicoderTraining *t, GError **error)
{
  gsize m = t->m, c = (gsize)t->decoder->network->sizes.channels;
  g_autofree float *matches = g_new(float, m), *random = g_new(float, 2 * m * c);
  if (!say(t, _("Matching responses to the MEIs"), error) || !measure_matches(t, matches, error))
    return FALSE;
  double squares = 0;
  for (gsize i = 0; i < m; i++)
    squares += (double)matches[i] * matches[i] / (double)m;
  float unit = squares > 0 ? (float)(1 / sqrt(squares)) : 1;
  float *linear = pct_parameters_find(t->parameters, "codes.linear");
  float *even = pct_parameters_find(t->parameters, "codes.even");
  pct_random_fill_normal(random, 2 * m * c, t->fit->seed, CODE_STREAM);
  for (gsize i = 0; i < m * c; i++) {
    gboolean first = i % c == 0;
    linear[i] = unit * matches[i / c] * (first ? 1 : random[i]);
    even[i] = first ? 0 : EVEN_START * unit * matches[i / c] * random[m * c + i];
  }
  return TRUE;
}

static gboolean
prepare_data(PctMeicoderTraining *t, GError **error)
{
  const PctFit *fit = t->fit;
  PctRun preparing = pct_run_preparation(t->run);
  gboolean codes = (PctMeicoderFrontKind)pct_option_values_get(fit->options, "front") == PCT_MEICODER_CODES;
  int n, n_validation;
  const int *trials = pct_recording_get_tier_trials(fit->recording, PCT_TIER_TRAIN, &n);
  if (!pct_trial_rows_read(&t->recorded, fit->recording, fit->statistics, trials, (gsize)n, &preparing, error) ||
      (t->schedule.pretrain && !prepare_imagined(t, &preparing, error)) ||
      !(codes ? t->schedule.pretrain ? prepare_informed(t, &preparing, error) : prepare_linear(t, &preparing, error)
              : make_decoder(t, 0, NULL, error)) ||
      !prepare_meis(t, &preparing, error) || (codes && !start_codes(t, error)))
    return FALSE;
  PctTrialRows *rows[] = { &t->recorded, &t->imagined };
  for (gsize r = 0; r < G_N_ELEMENTS(rows); r++)
    for (gsize i = 0; i < rows[r]->n * t->pixels; i++)
      rows[r]->pictures[i] /= t->decoder->image_scale;
  pct_recording_get_tier_trials(fit->recording, PCT_TIER_VALIDATION, &n_validation);
  t->validation = n_validation ? pct_score_set_new(fit->recording, PCT_TIER_VALIDATION, FALSE) : NULL;
  t->preview = g_new(float, (gsize)fit->n_preview * t->pixels);
  return TRUE;
}

static gboolean
prepare_discriminator(PctMeicoderTraining *t, const PctOptimizerOptions *adam, GError **error)
{
  const PctMeicoderNetwork *network = t->decoder->network;
  const PctParameterTable *table = pct_graph_get_parameters(network->discriminator);
  if (!(t->discriminator = pct_parameters_new(table, error)) ||
      !(t->discriminator_gradient = pct_aligned_new(table->n_values, error)) ||
      !(t->discriminator_optimizer = pct_optimizer_new(table, adam, error)) ||
      !(t->discriminator_workspace =
          pct_workspace_new(network->discriminator, PCT_WORKSPACE_BACKWARD, 2 * (int)t->batch, t->pool, error)))
    return FALSE;
  pct_parameters_initialise(t->discriminator, t->fit->seed + 1);
  return TRUE;
}

static gboolean
prepare_networks(PctMeicoderTraining *t, GError **error)
{
  const PctMeicoder *decoder = t->decoder;
  const PctMeicoderNetwork *network = decoder->network;
  const PctParameterTable *table = pct_graph_get_parameters(network->generator);
  PctOptimizerOptions adam = PCT_ADAMW_DEFAULT;
  adam.weight_decay = pct_option_values_get(t->fit->options, "decay");
  memcpy(decoder->parameters->values, t->parameters->values, table->n_values * sizeof(float));
  if (!(t->best = pct_parameters_copy(t->parameters, error)) ||
      !(t->gradient = pct_aligned_new(table->n_values, error)) ||
      !(t->optimizer = pct_optimizer_new(table, &adam, error)) ||
      !(t->workspace = pct_workspace_new(network->generator, PCT_WORKSPACE_BACKWARD, (int)t->batch, t->pool, error)) ||
      !(t->front = pct_meicoder_front_new(network, decoder->meis, (int)t->batch, t->pool, error)) ||
      (t->adversarial > 0 && !prepare_discriminator(t, &adam, error)))
    return FALSE;
  gsize size = t->batch * t->pixels;
  t->z = g_new(float, t->batch * t->m);
  t->scattered = g_new(float, t->batch * t->m);
  t->target = g_new(float, size);
  t->drawn = g_new(float, size);
  t->slope = g_new(float, size);
  t->curves = pct_training_curves_new(pct_meicoder_figure_names, PCT_MEICODER_N_FIGURES);
  PctSsimLossOptions structure = { .height = decoder->decoder.height, .width = decoder->decoder.width, .scale = 1,
                                   .logarithm = TRUE };
  if (t->structure > 0 && MIN(structure.height, structure.width) >= SSIM_WINDOW)
    return (t->ssim_loss = pct_ssim_loss_new(&structure, (int)t->batch, t->pool, error)) != NULL;
  t->l1 += t->structure;
  t->structure = 0;
  return TRUE;
}

gboolean
pct_meicoder_prepare(PctMeicoderTraining *t, GError **error)
{
  const PctOptionValues *options = t->fit->options;
  t->pixels = (gsize)t->fit->statistics->n_pixels;
  t->m = (gsize)t->fit->statistics->n_neurons;
  t->schedule.pretrain = (int)pct_option_values_get(options, "pretrain");
  t->schedule.epochs = (int)pct_option_values_get(options, "epochs");
  t->patience = (int)pct_option_values_get(options, "patience");
  t->rate = pct_option_values_get(options, "rate");
  t->average = pct_option_values_get(options, "average");
  t->noise = (float)pct_option_values_get(options, "noise");
  t->structure = (float)pct_option_values_get(options, "structure");
  t->l1 = (float)pct_option_values_get(options, "l1");
  t->adversarial = (float)pct_option_values_get(options, "adversarial");
  if (!prepare_data(t, error))
    return FALSE;
  t->batch = MIN((gsize)pct_option_values_get(options, "batch"), t->recorded.n);
  t->schedule.steps_an_epoch = (gint64)(t->recorded.n / t->batch);
  t->schedule.steps_pretraining = (gint64)(t->imagined.n / t->batch);
  if (t->schedule.steps_pretraining == 0)  // fewer images than trials
    t->schedule.pretrain = 0;
  return prepare_networks(t, error);
}

void
pct_meicoder_training_clear(PctMeicoderTraining *t)
{
  float *plain[] = { t->recorded_features, t->preview, t->z, t->scattered, t->target, t->drawn, t->slope };
  for (gsize i = 0; i < G_N_ELEMENTS(plain); i++)
    g_free(plain[i]);
  pct_trial_rows_clear(&t->recorded);
  pct_trial_rows_clear(&t->imagined);
  pct_response_noise_free(t->response_noise);
  pct_score_set_free(t->validation);
  pct_meicoder_front_free(t->front);
  pct_workspace_free(t->workspace);
  pct_workspace_free(t->discriminator_workspace);
  PctParameters *parameters[] = { t->parameters, t->best, t->discriminator };
  for (gsize i = 0; i < G_N_ELEMENTS(parameters); i++)
    pct_parameters_free(parameters[i]);
  pct_aligned_free(t->gradient);
  pct_aligned_free(t->discriminator_gradient);
  pct_optimizer_free(t->optimizer);
  pct_optimizer_free(t->discriminator_optimizer);
  pct_ssim_loss_free(t->ssim_loss);
  pct_training_curves_free(t->curves);
  if (t->decoder)
    pct_decoder_unref(&t->decoder->decoder);
}
