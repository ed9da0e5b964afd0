// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/cgan-samples.h"
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/random.h"

// Numbers of trials that an imagined one may be the mean of; half of them are single.
static const double levels[] = { 1, 2, 4, 8, 16 };
#define N_LEVELS G_N_ELEMENTS(levels)

void
pct_cgan_samples_free(PctCganSamples *samples)
{
  if (!samples)
    return;
  pct_aligned_free(samples->targets);
  g_free(samples->images);
  pct_aligned_free(samples->features);
  g_free(samples->estimators);
  g_free(samples->noise_root);
  g_free(samples->scratch);
  g_free(samples);
}

static PctCganSamples *
samples_new(const PctCgan *decoder, gsize n, GError **error)
{
  PctCganSamples *samples = g_new0(PctCganSamples, 1);
  samples->decoder = decoder;
  samples->n = n;
  samples->n_features = (gsize)decoder->n_features;
  samples->pixels = (gsize)decoder->decoder.height * (gsize)decoder->decoder.width;
  samples->images = g_new(int, n);
  if ((samples->targets = pct_aligned_new(n * samples->pixels, error)))
    return samples;
  pct_cgan_samples_free(samples);
  return NULL;
}

// What informed features need to be drawn.
static gboolean
prepare_informed(PctCganSamples *samples, gsize most, GError **error)
{
  const PctInformedFeatures *informed = samples->decoder->informed;
  gsize k = (gsize)informed->n_features;
  samples->estimators = g_new(float, N_LEVELS * k * k);
  samples->noise_root = g_new0(float, k * k);
  samples->scratch = g_new(float, 2 * most * k);
  for (gsize level = 0; level < N_LEVELS; level++)
    if (!pct_informed_features_get_estimator(informed, levels[level], samples->estimators + level * k * k, error))
      return FALSE;
  // L L^T = noise; drawn rows are multiplied by L^T.
  g_autofree float *factor = g_memdup2(informed->noise, k * k * sizeof(float));
  if (!pct_informed_features_factorise(factor, k)) {
    pct_informed_features_refuse(error);
    return FALSE;
  }
  for (gsize i = 0; i < k; i++)
    for (gsize j = 0; j <= i; j++)
      samples->noise_root[j * k + i] = factor[i * k + j];
  return TRUE;
}

PctCganSamples *
pct_cgan_samples_new_recorded(const PctCgan *decoder, const PctFit *fit, PctLinearFeatures *linear, gsize most,
                              const PctRun *run, GError **error)
{
  const PctRecording *recording = fit->recording;
  PctPool *pool = pct_run_get_pool(run);
  int n;
  const int *trials = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n);
  PctCganSamples *samples = samples_new(decoder, (gsize)n, error);
  if (!samples)
    return NULL;
  gsize m = (gsize)decoder->decoder.n_neurons, f = (gsize)decoder->n_raw, p = samples->pixels;
  samples->features = pct_aligned_new((gsize)n * f, error);
  if (!samples->features || (decoder->informed && !prepare_informed(samples, most, error))) {
    pct_cgan_samples_free(samples);
    return NULL;
  }
  g_autofree float *responses = g_new(float, m);
  for (gsize i = 0; i < (gsize)n; i++) {
    float *target = samples->targets + i * p;
    samples->images[i] = pct_recording_get_trial_image(recording, trials[i]);
    pct_recording_read_image(recording, samples->images[i], target);
    for (gsize j = 0; j < p; j++)
      target[j] = (target[j] - decoder->mean_image[j]) / decoder->image_scale;
    if (linear)
      continue;
    pct_recording_read_responses(recording, trials[i], responses);
    pct_cgan_compute_raw_features(decoder, responses, 1, samples->features + i * f, pool);
  }
  if (linear)
    memcpy(samples->features, linear->train, (gsize)n * f * sizeof(float));
  return samples;
}

PctCganSamples *
pct_cgan_samples_new_imagined(const PctCgan *decoder, const PctTrialRows *imagined, float *features, gsize most,
                              GError **error)
{
  PctCganSamples *samples = samples_new(decoder, imagined->n, error);
  if (!samples) {
    pct_aligned_free(features);
    return NULL;
  }
  samples->features = features;
  samples->imagined = TRUE;
  for (gsize i = 0; i < samples->n; i++)
    samples->images[i] = (int)i;
  for (gsize i = 0; i < samples->n * samples->pixels; i++)
    samples->targets[i] = imagined->pictures[i] / decoder->image_scale;
  if (prepare_informed(samples, most, error))
    return samples;
  pct_cgan_samples_free(samples);
  return NULL;
}

// Which of the levels each of count samples is drawn at.
static void
draw_levels(const PctCganSamples *samples, gsize count, guint64 seed, guint64 stream, int *out)
{
  g_autofree float *uniform = g_new(float, count);
  pct_random_fill_uniform(uniform, count, seed, stream);
  for (gsize i = 0; i < count; i++) {
    float u = 2 * uniform[i] - 1;
    out[i] = samples->imagined && u > 0 ? MIN((int)N_LEVELS - 1, 1 + (int)(u * (N_LEVELS - 1))) : 0;
  }
}

// Rows of one level at a time through its estimator.
static void
draw_informed(PctCganSamples *samples, const guint32 *numbers, gsize n_numbers, gsize count, guint64 seed,
              guint64 stream, float *out, PctPool *pool)
{
  const PctInformedFeatures *informed = samples->decoder->informed;
  gsize k = (gsize)informed->n_features;
  float *noise = samples->scratch, *raw = noise + count * k;
  g_autofree int *at = g_new(int, count);
  g_autofree float *part = g_new(float, 2 * count * k);
  // Streams of a step have room between them: the upper half draws the levels.
  draw_levels(samples, count, seed, stream + (1ull << 62), at);
  memset(raw, 0, count * k * sizeof(float));
  if (samples->imagined) {
    pct_random_fill_normal(noise, count * k, seed, stream);
    pct_gemm(pool, FALSE, FALSE, count, k, k, 1, noise, k, samples->noise_root, k, 0, raw, k);
  }
  for (gsize i = 0; i < count; i++) {
    double keeps = informed->model_error + (1 - informed->model_error) / levels[at[i]];
    for (gsize j = 0; j < k; j++)
      raw[i * k + j] = samples->features[(gsize)numbers[i % n_numbers] * k + j] + (float)sqrt(keeps) * raw[i * k + j];
  }
  for (int level = 0; level < (int)N_LEVELS; level++) {
    gsize rows = 0;
    for (gsize i = 0; i < count; i++)
      if (at[i] == level)
        memcpy(part + rows++ * k, raw + i * k, k * sizeof(float));
    if (rows == 0)
      continue;
    float *scores = part + count * k;
    pct_gemm(pool, FALSE, FALSE, rows, k, k, 1, part, k, samples->estimators + (gsize)level * k * k, k, 0, scores, k);
    rows = 0;
    for (gsize i = 0; i < count; i++)
      if (at[i] == level)
        pct_cgan_finish_scores(samples->decoder, scores + rows++ * k, levels[level], out + i * samples->n_features);
  }
}

void
pct_cgan_samples_draw(PctCganSamples *samples, const guint32 *numbers, gsize n_numbers, gsize count, float noise,
                      guint64 seed, guint64 stream, float *noisy, float *clean, PctPool *pool)
{
  gsize k = samples->n_features;
  if (samples->decoder->informed) {
    draw_informed(samples, numbers, n_numbers, count, seed, stream, noisy, pool);
    if (clean)
      memcpy(clean, noisy, count * k * sizeof(float));
    return;
  }
  pct_random_fill_normal(noisy, count * k, seed, stream);
  for (gsize i = 0; i < count; i++)
    for (gsize j = 0; j < k; j++) {
      float known = samples->features[(gsize)numbers[i % n_numbers] * k + j];
      noisy[i * k + j] = known + noise * noisy[i * k + j];
      if (clean)
        clean[i * k + j] = known;
    }
}
