// SPDX-License-Identifier: GPL-3.0-or-later
#include "small-recording.h"
#include <math.h>
#include "base/random.h"

// Random phases and contrasts, fixed frequencies.
static void
draw_gratings(guint8 *image, int height, int width, PctRandom *random)
{
  const int cycles[4][2] = { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 2, 1 } };
  double phase[4], contrast[4];
  for (int k = 0; k < 4; k++) {
    phase[k] = pct_random_uniform(random);
    contrast[k] = 60 * pct_random_uniform(random);
  }
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      double value = 128;
      for (int k = 0; k < 4; k++)
        value += contrast[k] * sin(2 * G_PI * (phase[k] + (double)cycles[k][0] * x / width + (double)cycles[k][1] * y / height));
      image[y * width + x] = (guint8)CLAMP(value, 0, 255);
    }
}

static void
draw_noise(guint8 *image, int n, PctRandom *random)
{
  for (int j = 0; j < n; j++)
    image[j] = (guint8)pct_random_below(random, 256);
}

PctRecording *
small_recording_new(const SmallRecording *options)
{
  int n = options->n_train + options->n_validation + options->n_test, m = options->n_neurons;
  int p = options->height * options->width, repeats = MAX(options->repeats, 1), most = n * repeats, trial = 0;
  PctRecordingData data = { .name = g_strdup("small"), .n_images = n, .height = options->height,
                            .width = options->width, .n_neurons = m };
  data.image_bytes = g_new(guint8, (gsize)n * p);
  data.responses_float = g_new(float, (gsize)most * m);
  data.image_index = g_new(gint32, most);
  data.tiers = g_new(guint8, most);
  g_autofree float *fields = g_new(float, (gsize)m * p);
  pct_random_fill_normal(fields, (gsize)m * p, 1, 1);
  PctRandom pixels = pct_random(1, 2), scramble = pct_random(1, 3);
  for (int i = 0; i < n; i++) {
    // Tiers are mixed, as in a real recording.
    int place = (i * 7) % n;
    PctTier tier = place < options->n_train                          ? PCT_TIER_TRAIN
                   : place < options->n_train + options->n_validation ? PCT_TIER_VALIDATION
                                                                      : PCT_TIER_TEST;
    gboolean scrambled = tier == PCT_TIER_TEST && options->scrambled_test;
    guint8 *image = data.image_bytes + (gsize)i * p;
    if (options->gratings)
      draw_gratings(image, options->height, options->width, &pixels);
    else
      draw_noise(image, p, &pixels);
    PctRandom noise = pct_random(tier == PCT_TIER_TEST ? options->test_seed : 2, 100 + (guint64)i);
    for (int r = 0; r < (tier == PCT_TIER_VALIDATION ? 1 : repeats); r++, trial++) {
      data.image_index[trial] = i;
      data.tiers[trial] = (guint8)tier;
      for (int j = 0; j < m; j++) {
        double sum = 0;
        for (int k = 0; k < p; k++)
          sum += fields[(gsize)j * p + k] * (image[k] - 127.5) / 74;
        double signal = sum / sqrt(p) + options->noise * pct_random_normal(&noise);
        if (scrambled)
          signal = pct_random_normal(&scramble);
        data.responses_float[(gsize)trial * m + j] = (float)(3 + j % 5 + (1 + j % 3) * signal);
      }
    }
    if (scrambled)
      draw_noise(image, p, &scramble);
  }
  data.n_trials = trial;
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return recording;
}
