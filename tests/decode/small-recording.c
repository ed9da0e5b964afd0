// SPDX-License-Identifier: GPL-3.0-or-later
#include "small-recording.h"
#include <math.h>
#include "base/random.h"

PctRecording *
small_recording_new(const SmallRecording *options)
{
  int n = options->n_train + options->n_validation + options->n_test, m = options->n_neurons;
  int p = options->height * options->width;
  PctRecordingData data = { .name = g_strdup("small"), .n_images = n, .height = options->height,
                            .width = options->width, .n_trials = n, .n_neurons = m };
  data.image_bytes = g_new(guint8, (gsize)n * p);
  data.responses_float = g_new(float, (gsize)n * m);
  data.tiers = g_new(guint8, n);
  g_autofree float *fields = g_new(float, (gsize)m * p);
  pct_random_fill_normal(fields, (gsize)m * p, 1, 1);
  PctRandom pixels = pct_random(1, 2);
  for (int i = 0; i < n; i++) {
    // Tiers are mixed, as in a real recording.
    int place = (i * 7) % n;
    data.tiers[i] = place < options->n_train                          ? PCT_TIER_TRAIN
                    : place < options->n_train + options->n_validation ? PCT_TIER_VALIDATION
                                                                       : PCT_TIER_TEST;
    guint8 *image = data.image_bytes + (gsize)i * p;
    for (int j = 0; j < p; j++)
      image[j] = (guint8)pct_random_below(&pixels, 256);
    PctRandom noise = pct_random(data.tiers[i] == PCT_TIER_TEST ? options->test_seed : 2, 100 + (guint64)i);
    for (int j = 0; j < m; j++) {
      double sum = 0;
      for (int k = 0; k < p; k++)
        sum += fields[(gsize)j * p + k] * (image[k] - 127.5) / 74;
      data.responses_float[(gsize)i * m + j] =
        (float)(3 + j % 5 + (1 + j % 3) * (sum / sqrt(p) + options->noise * pct_random_normal(&noise)));
    }
  }
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return recording;
}
