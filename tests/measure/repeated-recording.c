// SPDX-License-Identifier: GPL-3.0-or-later
#include "repeated-recording.h"
#include <math.h>
#include "base/random.h"
#include "data/recording-file.h"

enum { N_TEST_IMAGES = 30, MOST_TRIALS = 400 };

double
repeated_rate(int image, int neuron)
{
  return neuron < 2 ? 0 : sin(image * (neuron + 1.0) * 0.41) * (0.2 + 0.05 * (neuron % 20));
}

PctRecording *
repeated_recording_new(int n)
{
  PctRecordingData data = { .name = g_strdup("repeated"), .n_images = REPEATED_K, .height = 2, .width = 2,
                            .n_neurons = REPEATED_M };
  PctRandom random = pct_random(7, 1);
  int shown[MOST_TRIALS], tiers[MOST_TRIALS], n_trials = 0;
  for (int i = 0; i < REPEATED_K; i++)
    for (int k = 0; k < (i >= N_TEST_IMAGES ? 1 : n > 0 ? n : 1 + i % 5); k++) {
      shown[n_trials] = i;
      tiers[n_trials++] = i < N_TEST_IMAGES ? PCT_TIER_TEST : PCT_TIER_TRAIN;
    }
  shown[n_trials] = 3;
  tiers[n_trials++] = PCT_TIER_TRAIN;
  guint32 order[MOST_TRIALS];
  pct_random_permutation(&random, order, (guint32)n_trials);
  data.n_trials = n_trials;
  data.image_bytes = g_malloc0(REPEATED_K * 4);
  data.image_index = g_new(gint32, n_trials);
  data.tiers = g_new(guint8, n_trials);
  data.responses_float = g_new(float, n_trials * REPEATED_M);
  for (int t = 0; t < n_trials; t++) {
    data.image_index[t] = shown[order[t]];
    data.tiers[t] = (guint8)tiers[order[t]];
    for (int j = 0; j < REPEATED_M; j++)
      data.responses_float[t * REPEATED_M + j] =
          j == 0 ? 0.1f : (float)(3 + repeated_rate(shown[order[t]], j) + 0.5 * pct_random_normal(&random));
  }
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return recording;
}

PctRecording *
repeated_open_twin(void)
{
  const char *root = g_getenv("PCT_TEST_DATA");
  g_autofree char *path = g_build_filename(root ? root : "", "twin.npz", NULL);
  if (!root || !g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_test_skip("twin.npz is not here");
    return NULL;
  }
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_open(path, NULL, &error);
  g_assert_no_error(error);
  return recording;
}

int
repeated_trials(const PctRecording *recording, int image, int neuron, double *out)
{
  int n = 0, n_trials = pct_recording_get_n_trials(recording);
  g_autofree float *responses = g_new(float, pct_recording_get_n_neurons(recording));
  for (int t = 0; t < n_trials; t++)
    if (pct_recording_get_trial_image(recording, t) == image &&
        pct_recording_get_trial_tier(recording, t) == PCT_TIER_TEST) {
      pct_recording_read_responses(recording, t, responses);
      out[n++] = responses[neuron];
    }
  return n;
}

double
repeated_mean(const double *values, int n)
{
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += values[i];
  return sum / n;
}

double
repeated_variance(const double *values, int n)
{
  double sum = 0;
  for (int i = 0; i < n; i++)
    for (int k = 0; k < i; k++)
      sum += (values[i] - values[k]) * (values[i] - values[k]);
  return sum / n / (n - 1);
}

double
repeated_correlation(const double *a, const double *b, int n)
{
  double ab = 0;
  for (int i = 0; i < n; i++)
    for (int k = 0; k < i; k++)
      ab += (a[i] - a[k]) * (b[i] - b[k]);
  return ab / n / (n - 1) / sqrt(repeated_variance(a, n) * repeated_variance(b, n));
}
