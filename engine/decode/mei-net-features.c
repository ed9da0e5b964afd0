// SPDX-License-Identifier: GPL-3.0-or-later
// What mei-net sees with a linear start: a few hundred linear features of the responses instead of 5,335 noisy numbers,
// from which it would learn its 4,000 trials by heart. Either those that are predicted of each trial without it
// (linear-features.h), or, pretrained, estimates of the images' principal components from single trials
// (informed-features.h), to which imagined trials' noise is then a K x K matrix. Both become the decoder's first layer,
// each feature divided by the root of its size, so that what is important is large.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "decode/imagined-trials.h"
#include "decode/informed-features.h"
#include "decode/linear-features.h"
#include "decode/mei-net-training.h"

static gboolean
make_decoder(PctMeiNetTraining *t, gsize k, GError **error)
{
  const PctRecording *recording = t->fit->recording;
  t->n_in = k;
  t->decoder = pct_mei_net_new((int)t->m, pct_recording_get_height(recording), pct_recording_get_width(recording), (int)k,
                               t->fit->options, error);
  t->readout = g_new(float, k * t->pixels);
  return t->decoder && (t->recorded.inputs = pct_aligned_new(t->recorded.n * k, error));
}

static gboolean
use_linear(PctMeiNetTraining *t, const PctRun *preparing, GError **error)
{
  const PctFit *fit = t->fit;
  g_autoptr(PctLinearFeatures) features =
    pct_linear_features_new(fit->recording, fit->statistics, (int)pct_option_values_get(fit->options, "features"),
                            preparing, error);
  if (!features || !make_decoder(t, (gsize)features->n_features, error))
    return FALSE;
  PctMeiNet *decoder = t->decoder;
  pct_linear_features_fold(features, fit->statistics, decoder->first, decoder->bias);
  for (gsize j = 0; j < t->n_in; j++) {
    float scale = sqrtf(features->deviations[j] / features->deviations[0]);
    decoder->bias[j] *= scale;
    for (gsize i = 0; i < t->m; i++)
      decoder->first[i * t->n_in + j] *= scale;
    for (gsize i = 0; i < t->recorded.n; i++)
      t->recorded.inputs[i * t->n_in + j] = scale * features->train[i * t->n_in + j];
    for (gsize i = 0; i < t->pixels; i++)
      t->readout[j * t->pixels + i] = features->image_scale / scale * features->readout[j * t->pixels + i];
  }
  return TRUE;
}

// out (K,K): features of single trials to inputs, and the readout that belongs to those.
static gboolean
scale_estimates(PctMeiNetTraining *t, const PctInformedFeatures *features, float *out, GError **error)
{
  gsize k = t->n_in, p = t->pixels;
  if (!pct_informed_features_get_estimator(features, 1, out, error))
    return FALSE;
  g_autofree float *deviations = g_new(float, k);
  pct_informed_features_get_deviations(features, out, deviations);
  float largest = 0;
  for (gsize j = 0; j < k; j++)
    largest = MAX(largest, deviations[j]);
  for (gsize j = 0; j < k; j++) {
    float unit = sqrtf(deviations[j] * largest);
    for (gsize i = 0; i < k; i++)
      out[i * k + j] /= unit;
    for (gsize i = 0; i < p; i++)
      t->readout[j * p + i] = unit * features->basis[j * p + i];
  }
  return TRUE;
}

// The covariance's root R: rows of independent numbers times R^T F have the noise of features, as inputs.
static gboolean
root_noise(PctMeiNetTraining *t, const PctInformedFeatures *features, const float *to_inputs, GError **error)
{
  gsize k = t->n_in;
  g_autofree float *factor = g_memdup2(features->noise, k * k * sizeof(float));
  if (!pct_informed_features_factorise(factor, k)) {
    pct_informed_features_refuse(error);
    return FALSE;
  }
  for (gsize i = 0; i < k; i++)
    for (gsize j = i + 1; j < k; j++)
      factor[i * k + j] = 0;
  t->noise_root = g_new(float, k * k);
  pct_gemm(t->pool, TRUE, FALSE, k, k, k, 1, factor, k, to_inputs, k, 0, t->noise_root, k);
  return TRUE;
}

static gboolean
use_informed(PctMeiNetTraining *t, const PctRun *preparing, GError **error)
{
  const PctFit *fit = t->fit;
  PctInformedOptions what = PCT_INFORMED_OPTIONS_DEFAULT;
  if (pct_option_values_get(fit->options, "features") > 0)
    what.n_features = (int)pct_option_values_get(fit->options, "features");
  g_auto(PctTrialRows) imagined = { 0 };
  if (!pct_imagined_trials_new(&imagined, fit, (int)pct_option_values_get(fit->options, "copies"), preparing, error))
    return FALSE;
  g_autoptr(PctFloats) known = NULL;
  g_autoptr(PctInformedFeatures) features =
    pct_informed_features_new(fit, &imagined, &what, &known, preparing, error);
  if (!features || !make_decoder(t, (gsize)features->n_features, error))
    return FALSE;
  PctMeiNet *decoder = t->decoder;
  gsize m = t->m, k = t->n_in;
  g_autofree float *to_inputs = g_new(float, k * k), *bias = g_new(float, k);
  g_autoptr(PctFloats) weights = pct_aligned_new(m * k, error);
  t->imagined.n = imagined.n;
  if (!weights || !scale_estimates(t, features, to_inputs, error) || !root_noise(t, features, to_inputs, error) ||
      !(t->imagined.inputs = pct_aligned_new(imagined.n * k, error)))
    return FALSE;
  pct_informed_features_fold(features, fit->statistics, weights, bias);
  pct_gemm(t->pool, FALSE, FALSE, m, k, k, 1, weights, k, to_inputs, k, 0, decoder->first, k);
  pct_gemm(t->pool, FALSE, FALSE, 1, k, k, 1, bias, k, to_inputs, k, 0, decoder->bias, k);
  pct_gemm(t->pool, FALSE, FALSE, imagined.n, k, k, 1, known, k, to_inputs, k, 0, t->imagined.inputs, k);
  t->imagined.targets = g_steal_pointer(&imagined.pictures);
  int n_trials;
  const int *trials = pct_recording_get_tier_trials(fit->recording, PCT_TIER_TRAIN, &n_trials);
  g_autofree float *responses = g_new(float, m);
  for (gsize i = 0; i < t->recorded.n; i++) {
    pct_recording_read_responses(fit->recording, trials[i], responses);
    pct_mei_net_compute_first(decoder, responses, 1, t->recorded.inputs + i * k, t->pool);
  }
  return TRUE;
}

gboolean
pct_mei_net_prepare_features(PctMeiNetTraining *t, GError **error)
{
  PctRun preparing = pct_run_preparation(t->run);
  PctProgress progress = { .phase = _("Fitting the linear features") };
  if (!pct_run_report(t->run, &progress, error) ||
      !(t->schedule.pretrain ? use_informed(t, &preparing, error) : use_linear(t, &preparing, error)))
    return FALSE;
  // Responses next to nothing need weights beyond float32.
  const PctMeiNet *decoder = t->decoder;
  for (gsize i = 0; i < t->m * t->n_in; i++)
    if (!isfinite(decoder->first[i]) || !isfinite(decoder->bias[i % t->n_in])) {
      g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED, _("The linear features of the responses are not finite."));
      return FALSE;
    }
  return TRUE;
}
