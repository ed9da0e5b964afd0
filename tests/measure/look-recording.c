// SPDX-License-Identifier: GPL-3.0-or-later
#include "look-recording.h"
#include <math.h>
#include <string.h>
#include "base/random.h"

enum { P = LOOK_HEIGHT * LOOK_WIDTH, FIRST_VALIDATION = LOOK_TRAIN, FIRST_TEST = LOOK_TRAIN + LOOK_VALIDATION };

static void
plant_images(guint8 *images, const LookPlant *plant)
{
  if (plant->copies) {
    memcpy(images + FIRST_TEST * P, images + 5 * P, P);
    memcpy(images + (FIRST_TEST + 1) * P, images + 7 * P, P);
    memcpy(images + FIRST_VALIDATION * P, images + (FIRST_TEST + 3) * P, P);
  }
  for (int i = 0; i < P && plant->alike; i++)
    images[(FIRST_TEST + 2) * P + i] = (guint8)(images[11 * P + i] * 0.7 + 40 + i % 3);
}

static void
answer(float *out, const guint8 *image, const float *fields, double gain, double offset, double shared,
       PctRandom *noise)
{
  double common = shared * pct_random_normal(noise);
  for (int j = 0; j < LOOK_M; j++) {
    double sum = 0;
    for (int k = 0; k < P; k++)
      sum += fields[j * P + k] * (image[k] - 127.5) / 74;
    double answer = gain * sum / sqrt(P) + offset + common + 0.8 * pct_random_normal(noise);
    out[j] = (float)(3 + j % 4 + (1 + j % 3) * answer);
  }
}

static void
plant_neurons(PctRecordingData *data, const LookPlant *plant)
{
  for (int t = 0; t < data->n_trials; t++) {
    if (plant->constant)
      data->responses_float[t * LOOK_M + 4] = 2.5f;
    if (plant->silent && data->tiers[t] == PCT_TIER_TRAIN)
      data->responses_float[t * LOOK_M + 6] = 0;
  }
}

PctRecording *
look_recording_new(const LookPlant *given)
{
  const LookPlant none = { 0 }, *plant = given ? given : &none;
  int k = LOOK_IMAGES + (plant->unshown ? 2 : 0), n = 0, shown[LOOK_TRIALS];
  PctRecordingData data = { .name = g_strdup("look"), .n_images = k, .height = LOOK_HEIGHT, .width = LOOK_WIDTH,
                            .n_neurons = LOOK_M, .n_trials = LOOK_TRIALS, .averaged = plant->averaged };
  PctRandom pixels = pct_random(3, 0), mixing = pct_random(3, 1), noise = pct_random(3, 2), speed = pct_random(3, 3);
  float fields[LOOK_M * P];
  pct_random_fill_normal(fields, LOOK_M * P, 3, 4);
  data.image_bytes = g_new(guint8, k * P);
  for (int i = 0; i < k * P; i++)
    data.image_bytes[i] = (guint8)pct_random_below(&pixels, 256);
  plant_images(data.image_bytes, plant);
  for (int i = 0; i < LOOK_IMAGES; i++)
    for (int r = 0; r < (i >= FIRST_TEST ? LOOK_REPEATS : 1); r++)
      shown[n++] = i;
  guint32 order[LOOK_TRIALS];
  pct_random_permutation(&mixing, order, LOOK_TRIALS);
  data.image_index = g_new(gint32, n);
  data.tiers = g_new(guint8, n);
  data.responses_float = g_new(float, n * LOOK_M);
  data.running_speed = plant->running ? g_new(float, n) : NULL;
  data.pupil_size = plant->pupil ? g_new(float, n) : NULL;
  data.trial_time = plant->timed ? g_new(double, n) : NULL;
  for (int t = 0; t < n; t++) {
    int image = data.image_index[t] = shown[order[t]];
    data.tiers[t] = image < FIRST_VALIDATION ? PCT_TIER_TRAIN
                    : image < FIRST_TEST     ? PCT_TIER_VALIDATION
                                             : PCT_TIER_TEST;
    double running = pct_random_uniform(&speed), gain = plant->running ? 0.4 + 1.6 * running : plant->scrambled ? 0 : 1;
    answer(data.responses_float + t * LOOK_M, data.image_bytes + image * P, fields, gain,
           plant->drift * ((double)t / (n - 1) - 0.5), plant->shared, &noise);
    if (plant->running)
      data.running_speed[t] = t % 10 == 3 ? NAN : (float)(30 * running);
    if (plant->pupil)
      data.pupil_size[t] = (float)pct_random_uniform(&speed);
    if (plant->timed)
      data.trial_time[t] = 5.0 * (n - t);
  }
  for (int t = 0; t < n && plant->same_number; t++)
    if (data.image_index[t] == FIRST_TEST + 5) {
      data.image_index[t] = 9;
      break;
    }
  plant_neurons(&data, plant);
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return recording;
}
