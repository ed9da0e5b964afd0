// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/neuron-effect.h"
#include <string.h>
#include "base/blas.h"

// Half the distance of the two responses compared, as a share of the scale.
#define STEP 0.1f
// Images whose weighted sum is one matrix product.
#define CHUNK 256

gboolean
pct_direction_filter(const PctDecoder *decoder, const float *responses, double n_averaged, const float *z,
                     const float *direction, float *filter, const PctRun *run, GError **error)
{
  gsize m = (gsize)decoder->n_neurons, pixels = (gsize)decoder->height * (gsize)decoder->width;
  gsize latent = (gsize)pct_decoder_get_latent(decoder);
  g_autofree float *both = g_new(float, 2 * m), *pictures = g_new(float, 2 * pixels);
  g_autofree float *twice = z && latent ? g_new(float, 2 * latent) : NULL;
  for (gsize i = 0; i < m; i++) {
    both[i] = responses[i] - STEP * direction[i];
    both[m + i] = responses[i] + STEP * direction[i];
  }
  for (gsize i = 0; twice && i < 2; i++)
    memcpy(twice + i * latent, z, latent * sizeof(float));
  if (!pct_decoder_reconstruct(decoder, both, 2, n_averaged, twice, pictures, run, error))
    return FALSE;
  for (gsize j = 0; j < pixels; j++)
    filter[j] = (pictures[pixels + j] - pictures[j]) / (2 * STEP);
  return TRUE;
}

gboolean
pct_neuron_filter(const PctDecoder *decoder, const float *responses, double n_averaged, const float *z, int neuron,
                  float scale, float *filter, const PctRun *run, GError **error)
{
  g_autofree float *direction = g_new0(float, decoder->n_neurons);
  direction[neuron] = scale;
  return pct_direction_filter(decoder, responses, n_averaged, z, direction, filter, run, error);
}

gboolean
pct_neuron_pattern(const PctRecording *recording, const PctStatistics *statistics, int neuron, float *pattern,
                   const PctRun *run, GError **error)
{
  int n;
  const int *trials = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n);
  gsize pixels = (gsize)statistics->n_pixels;
  float mean = statistics->response_mean[neuron], spread = statistics->response_std[neuron];
  g_autofree float *images = g_new(float, CHUNK * pixels), *z = g_new(float, CHUNK);
  g_autofree float *answers = g_new(float, pct_recording_get_n_trials(recording));
  memset(pattern, 0, pixels * sizeof(float));
  if (!(spread > 0))
    return TRUE;
  pct_recording_read_neuron(recording, neuron, answers);
  for (int first = 0; first < n; first += CHUNK) {
    gsize count = (gsize)MIN(CHUNK, n - first);
    for (gsize i = 0; i < count; i++) {
      int trial = trials[first + (int)i];
      float *image = images + i * pixels;
      z[i] = (answers[trial] - mean) / (spread * (float)n);
      pct_recording_read_image(recording, pct_recording_get_trial_image(recording, trial), image);
      for (gsize j = 0; j < pixels; j++)
        image[j] -= statistics->mean_image[j];
    }
    pct_gemm(pct_run_get_pool(run), FALSE, FALSE, 1, pixels, count, 1, z, count, images, pixels, 1, pattern, pixels);
    if (!pct_run_step(run, first + (double)count, n, error))
      return FALSE;
  }
  return TRUE;
}
