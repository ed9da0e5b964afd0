// SPDX-License-Identifier: GPL-3.0-or-later
#include "small-encoder.h"
#include <math.h>
#include <string.h>
#include "base/random.h"
#include "encode/encoder-private.h"
#include "encode/mei.h"

PctEncoder *
small_encoder_new(const PctEncoderDesign *design, guint64 seed)
{
  g_autoptr(GError) error = NULL;
  PctEncoder *encoder = pct_encoder_new(design, &PCT_ENCODER_INITIAL_DEFAULT, &error);
  g_assert_no_error(error);
  const PctParameterTable *table = encoder->parameters->table;
  for (guint i = 0; i < table->n_items; i++) {
    const PctParameter *item = &table->items[i];
    float *values = encoder->parameters->values + item->offset;
    pct_random_fill_normal(values, item->count, seed, i);
    // Weights: sums of about 1; of what sees grey levels, less.
    double inputs = 1;
    for (int k = 1; k < item->rank; k++)
      inputs *= (double)item->shape[k];
    double scale = item->rank > 1 && !strstr(item->name, "readout") ? 1 / sqrt(inputs) : 0.7;
    if (design->readout == PCT_READOUT_FULL)
      scale = item->rank > 1 ? 0.01 : 0.1;
    for (gsize k = 0; k < item->count; k++)
      values[k] = g_str_has_suffix(item->name, "running_var") ? 0.5f + values[k] * values[k]
                                                              : (float)(scale * values[k]);
  }
  if (design->n_layers > 0)
    encoder->input_scale = 5;
  encoder->input_mean = 98;
  pct_encoder_find_points(encoder);
  return encoder;
}

float *
small_encoder_image(const PctEncoderDesign *design, double mean, double deviation, guint64 seed)
{
  gsize n = (gsize)design->height * (gsize)design->width;
  float *image = g_new(float, n);
  pct_random_fill_normal(image, n, seed, 1000);
  for (gsize i = 0; i < n; i++)
    image[i] = (float)(mean + deviation * image[i]);
  return image;
}

PctOptionValues *
small_encoder_options(const char *const *assignments)
{
  g_autoptr(GError) error = NULL;
  PctOptionValues *options = pct_option_values_new(pct_mei_kind.options);
  for (int i = 0; assignments[i]; i++) {
    pct_option_values_parse(options, assignments[i], &error);
    g_assert_no_error(error);
  }
  pct_option_values_set_number(options, "mean", 100, &error);
  pct_option_values_set_number(options, "contrast", 5, &error);
  g_assert_no_error(error);
  return options;
}
