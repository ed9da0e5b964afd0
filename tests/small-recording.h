// SPDX-License-Identifier: GPL-3.0-or-later
// A recording small enough for a test to train on: smooth random images, responses linear in them plus noise, every
// image shown `repeats` times in train, some images once in validation and in test.
#pragma once
#include <math.h>
#include "base/random.h"
#include "data/recording.h"

typedef struct {
  int n_neurons, height, width;
  int n_train, n_validation, n_test;  // images
  int repeats;                        // of train and test images
  float noise;                        // against responses of about unit variance
  gboolean scrambled_test;            // test images and responses are noise of their own
  guint64 seed;
} SmallRecording;

#define SMALL_RECORDING_DEFAULT ((SmallRecording){ 24, 12, 16, 60, 12, 8, 1, 0.5f, FALSE, 3 })

static inline void
small_images(const SmallRecording *o, guint8 *images, int n)
{
  PctRandom random = pct_random(o->seed, 1);
  for (int i = 0; i < n; i++) {
    // Four gratings of fixed frequencies with random phases and contrasts: eight dimensions, which a few neurons span.
    const int cycles[4][2] = { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 2, 1 } };
    double phase[4], contrast[4];
    for (int k = 0; k < 4; k++) {
      phase[k] = pct_random_uniform(&random);
      contrast[k] = 60 * pct_random_uniform(&random);
    }
    for (int y = 0; y < o->height; y++)
      for (int x = 0; x < o->width; x++) {
        double value = 128;
        for (int k = 0; k < 4; k++)
          value += contrast[k] * sin(2 * G_PI * (phase[k] + (double)cycles[k][0] * x / o->width + (double)cycles[k][1] * y / o->height));
        images[((gsize)i * o->height + y) * o->width + x] = (guint8)CLAMP(value, 0, 255);
      }
  }
}

static inline PctRecording *
small_recording_new(SmallRecording o)
{
  int n_images = o.n_train + o.n_validation + o.n_test, pixels = o.height * o.width;
  int n_trials = o.n_train * o.repeats + o.n_validation + o.n_test * o.repeats;
  PctRecordingData data = { .name = g_strdup("small"), .n_images = n_images, .height = o.height, .width = o.width,
                            .n_trials = n_trials, .n_neurons = o.n_neurons };
  data.image_bytes = g_new(guint8, (gsize)n_images * pixels);
  data.responses_float = g_new(float, (gsize)n_trials * o.n_neurons);
  data.image_index = g_new(gint32, n_trials);
  data.tiers = g_new(guint8, n_trials);
  small_images(&o, data.image_bytes, n_images);
  g_autofree float *filters = g_new(float, (gsize)o.n_neurons * pixels);
  pct_random_fill_normal(filters, (gsize)o.n_neurons * pixels, o.seed, 2);
  PctRandom noise = pct_random(o.seed, 3), scramble = pct_random(o.seed, 4);
  int trial = 0;
  for (int image = 0; image < n_images; image++) {
    PctTier tier = image < o.n_train ? PCT_TIER_TRAIN : image < o.n_train + o.n_validation ? PCT_TIER_VALIDATION : PCT_TIER_TEST;
    gboolean scrambled = tier == PCT_TIER_TEST && o.scrambled_test;
    guint8 *picture = data.image_bytes + (gsize)image * pixels;
    for (int r = 0; r < (tier == PCT_TIER_VALIDATION ? 1 : o.repeats); r++, trial++) {
      data.image_index[trial] = image;
      data.tiers[trial] = (guint8)tier;
      for (int i = 0; i < o.n_neurons; i++) {
        double drive = 3;
        for (int p = 0; p < pixels; p++)
          drive += filters[(gsize)i * pixels + p] * (picture[p] - 128.0) / 42 / sqrt(pixels);
        drive += o.noise * pct_random_normal(&noise);
        data.responses_float[(gsize)trial * o.n_neurons + i] = (float)(scrambled ? pct_random_normal(&scramble) : drive);
      }
    }
    if (scrambled)
      for (int p = 0; p < pixels; p++)
        picture[p] = (guint8)pct_random_below(&scramble, 256);
  }
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return recording;
}
