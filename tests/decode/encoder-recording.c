// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder-recording.h"
#include <math.h>
#include "base/random.h"
#include "small-encoder.h"
#include "small-recording.h"

PctEncoder *
encoder_recording_new_encoder(void)
{
  PctEncoderDesign design = { .height = 12, .width = 16, .n_neurons = 40, .n_layers = 2, .channels = 6,
                              .input_kernel = 5, .hidden_kernel = 3, .depth_separable = TRUE,
                              .readout = PCT_READOUT_POINT, .pool = 1 };
  return small_encoder_new(&design, 8);
}

PctRecording *
encoder_recording_new(const EncoderRecording *options, const PctEncoder *encoder)
{
  // Gratings and tiers are the small recording's; the contrast is such that the random encoder does not saturate.
  SmallRecording shape = { options->n_train, options->n_validation, options->n_test, 1, 12, 16, 0, 3, .gratings = TRUE,
                           .scrambled_test = options->scrambled_test };
  g_autoptr(PctRecording) small = small_recording_new(&shape);
  int n = pct_recording_get_n_images(small), m = pct_encoder_get_design(encoder)->n_neurons, p = 12 * 16;
  PctRecordingData data = { .name = g_strdup("encoder"), .n_images = n, .height = 12, .width = 16, .n_neurons = m,
                            .n_trials = n };
  g_autofree float *images = g_new(float, n * p);
  data.image_bytes = g_new(guint8, n * p);
  data.responses_float = g_new(float, n * m);
  data.image_index = g_new(gint32, n);
  data.tiers = g_new(guint8, n);
  for (int i = 0; i < n; i++) {
    pct_recording_read_image(small, i, images + i * p);
    for (int j = 0; j < p; j++)
      images[i * p + j] = data.image_bytes[i * p + j] = (guint8)(98 + 0.2 * (images[i * p + j] - 128) + 0.5);
    data.image_index[i] = i;
    data.tiers[i] = (guint8)pct_recording_get_trial_tier(small, i);
  }
  g_autoptr(GError) error = NULL;
  g_assert_true(pct_encoder_predict(encoder, images, (gsize)n, data.responses_float, NULL, &error));
  PctRandom noise = pct_random(5, 5), scramble = pct_random(5, 6);
  for (int j = 0; j < m; j++) {
    double sum = 0, squares = 0;
    for (int i = 0; i < n; i++)
      if (data.tiers[i] == PCT_TIER_TRAIN) {
        sum += data.responses_float[i * m + j] / options->n_train;
        squares += (double)data.responses_float[i * m + j] * data.responses_float[i * m + j] / options->n_train;
      }
    double deviation = sqrt(MAX(squares - sum * sum, 1e-6));
    for (int i = 0; i < n; i++) {
      float *response = &data.responses_float[i * m + j];
      *response += (float)(options->noise * deviation * pct_random_normal(&noise));
      if (options->scrambled_test && data.tiers[i] == PCT_TIER_TEST)
        *response = (float)pct_random_normal(&scramble);
    }
  }
  PctRecording *recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return recording;
}
