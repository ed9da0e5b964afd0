// SPDX-License-Identifier: GPL-3.0-or-later
// One neuron's rate and gradient where it sees, against the whole encoder's and against central differences, with every
// instruction set this processor has, at odd sizes and at borders.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "encode/cropped-encoder.h"
#include "small-encoder.h"

static const PctEncoderDesign designs[] = {
  { .height = 19, .width = 33, .n_neurons = 12, .n_layers = 3, .channels = 20, .input_kernel = 7, .hidden_kernel = 5,
    .depth_separable = TRUE },
  { .height = 36, .width = 64, .n_neurons = 8, .n_layers = 4, .channels = 64, .input_kernel = 15, .hidden_kernel = 13,
    .depth_separable = TRUE },
  { .height = 18, .width = 21, .n_neurons = 10, .n_layers = 3, .channels = 5, .input_kernel = 6, .hidden_kernel = 3 },
  { .height = 17, .width = 40, .n_neurons = 10, .n_layers = 3, .channels = 33, .input_kernel = 5, .hidden_kernel = 7,
    .linear = TRUE, .has_positions = TRUE },
  { .height = 9, .width = 8, .n_neurons = 6, .n_layers = 4, .channels = 3, .input_kernel = 8, .hidden_kernel = 9,
    .depth_separable = TRUE, .softplus = TRUE },
  { .height = 11, .width = 12, .n_neurons = 7, .n_layers = 1, .channels = 9, .input_kernel = 1, .hidden_kernel = 3 },
  { .height = 30, .width = 14, .n_neurons = 9, .n_layers = 2, .channels = 16, .input_kernel = 3, .hidden_kernel = 1,
    .depth_separable = TRUE },
};

// Largest |a - b| over the largest |b|.
static double
distance(const float *a, const float *b, gsize n)
{
  double worst = 0, scale = 0;
  for (gsize i = 0; i < n; i++) {
    worst = fmax(worst, fabs((double)a[i] - b[i]));
    scale = fmax(scale, fabs((double)b[i]));
  }
  return scale > 0 ? worst / scale : worst;
}

static void
test_against_whole(gconstpointer data)
{
  const PctEncoderDesign *design = data;
  gsize m = (gsize)design->n_neurons, pixels = (gsize)design->height * (gsize)design->width;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctEncoder) encoder = small_encoder_new(design, 3);
  g_autofree float *images = g_new(float, m * pixels), *gradients = g_new(float, m * pixels), *rates = g_new(float, m);
  g_autofree float *gradient = g_new(float, pixels);
  g_autofree int *neurons = g_new(int, m);
  for (gsize i = 0; i < m; i++) {
    g_autofree float *image = small_encoder_image(design, 100, 5, i);
    memcpy(images + i * pixels, image, pixels * sizeof(float));
    neurons[i] = (int)i;
  }
  g_assert_true(pct_encoder_compute_gradients(encoder, images, neurons, m, rates, gradients, NULL, &error));
  for (const PctCroppedKernels *const *k = pct_cropped_kernels_get_all(); *k; k++) {
    g_autoptr(PctCroppedEncoder) cropped = pct_cropped_encoder_new(encoder, *k, &error);
    g_autoptr(PctCroppedScratch) scratch = pct_cropped_scratch_new(cropped, &error);
    g_assert_no_error(error);
    gsize n_alive = 0;
    for (gsize i = 0; i < m; i++) {
      for (gsize j = 0; j < pixels; j++)
        gradient[j] = NAN;
      float rate = pct_cropped_encoder_evaluate(cropped, scratch, (int)i, images + i * pixels, gradient);
      g_assert_cmpfloat_with_epsilon(rate, rates[i], 2e-5 * (1 + rates[i]));
      g_assert_cmpfloat(distance(gradient, gradients + i * pixels, pixels), <, 2e-4);
      // The same bits without a gradient, after another neuron, and again.
      g_assert_true(pct_cropped_encoder_evaluate(cropped, scratch, (int)i, images + i * pixels, NULL) == rate);
      n_alive += rates[i] > 0.01f;
    }
    g_assert_cmpuint(n_alive, >, m / 2);
  }
}

static void
test_central_differences(gconstpointer data)
{
  const PctEncoderDesign *design = data;
  gsize pixels = (gsize)design->height * (gsize)design->width;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctEncoder) encoder = small_encoder_new(design, 5);
  g_autoptr(PctCroppedEncoder) cropped = pct_cropped_encoder_new(encoder, NULL, &error);
  g_autoptr(PctCroppedScratch) scratch = pct_cropped_scratch_new(cropped, &error);
  g_autofree float *gradient = g_new(float, pixels), *moved = g_new(float, pixels);
  for (int neuron = 0; neuron < design->n_neurons; neuron++) {
    g_autofree float *image = small_encoder_image(design, 100, 5, 77 + (guint64)neuron);
    pct_cropped_encoder_evaluate(cropped, scratch, neuron, image, gradient);
    // Along the gradient, and along a direction of chance.
    g_autofree float *chance = small_encoder_image(design, 0, 1, 99 + (guint64)neuron);
    for (int way = 0; way < 2; way++) {
      const float *d = way == 0 ? gradient : chance;
      double length = 0, slope = 0, rates[2];
      for (gsize i = 0; i < pixels; i++)
        length += (double)d[i] * d[i];
      length = sqrt(length);
      if (!(length > 1e-6))
        continue;
      for (gsize i = 0; i < pixels; i++)
        slope += gradient[i] * (d[i] / length);
      for (int side = 0; side < 2; side++) {
        for (gsize i = 0; i < pixels; i++)
          moved[i] = image[i] + (float)((side ? 0.05 : -0.05) * d[i] / length);
        rates[side] = pct_cropped_encoder_evaluate(cropped, scratch, neuron, moved, NULL);
      }
      g_assert_cmpfloat_with_epsilon((rates[1] - rates[0]) / 0.1, slope, 5e-3 * fabs(slope) + 1e-4);
    }
  }
}

// Nothing that a neuron cannot see is in its gradient, and what it sees is no more than its layers' kernels reach.
static void
test_field(void)
{
  const PctEncoderDesign *design = &designs[0];
  gsize pixels = (gsize)design->height * (gsize)design->width;
  int reach = (design->n_layers - 1) * (design->hidden_kernel / 2);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctEncoder) encoder = small_encoder_new(design, 3);
  g_autoptr(PctCroppedEncoder) cropped = pct_cropped_encoder_new(encoder, NULL, &error);
  g_autoptr(PctCroppedScratch) scratch = pct_cropped_scratch_new(cropped, &error);
  g_autofree float *gradient = g_new(float, pixels), *image = small_encoder_image(design, 100, 5, 1);
  const float *points = pct_encoder_get_readout_points(encoder);
  for (int neuron = 0; neuron < design->n_neurons; neuron++) {
    pct_cropped_encoder_evaluate(cropped, scratch, neuron, image, gradient);
    int first = (int)floorf(points[2 * neuron]) - reach, end = first + 2 + 2 * reach + design->input_kernel - 1;
    int n_seen = 0;
    for (int y = 0; y < design->height; y++)
      for (int x = 0; x < design->width; x++) {
        gboolean seen = gradient[(gsize)y * (gsize)design->width + (gsize)x] != 0;
        g_assert_true(!seen || (x >= first && x < end));
        n_seen += seen;
      }
    g_assert_cmpint(n_seen, >, 0);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_assert_true(pct_blas_init(NULL));
  for (gsize i = 0; i < G_N_ELEMENTS(designs); i++) {
    g_autofree char *whole = g_strdup_printf("/cropped-encoder/whole/%u", (guint)i);
    g_autofree char *differences = g_strdup_printf("/cropped-encoder/differences/%u", (guint)i);
    g_test_add_data_func(whole, &designs[i], test_against_whole);
    g_test_add_data_func(differences, &designs[i], test_central_differences);
  }
  g_test_add_func("/cropped-encoder/field", test_field);
  return g_test_run();
}
