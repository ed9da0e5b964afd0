// SPDX-License-Identifier: GPL-3.0-or-later
// An encoder and a set of a few neurons against those of all; and where encoders and points say that neurons look.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "encode/encoder-private.h"
#include "encode/field-density.h"
#include "encode/neuron-subset.h"
#include "small-encoder.h"

enum { H = 14, W = 18, M = 11 };
static const int few[] = { 2, 3, 7, 10 };
#define N_FEW ((int)G_N_ELEMENTS(few))

static const PctEncoderDesign designs[] = {
  { .height = H, .width = W, .n_neurons = M, .n_layers = 2, .channels = 4, .input_kernel = 5, .hidden_kernel = 3,
    .depth_separable = TRUE, .readout = PCT_READOUT_POINT, .pool = 1 },
  { .height = H, .width = W, .n_neurons = M, .n_layers = 1, .channels = 4, .input_kernel = 5, .hidden_kernel = 3,
    .readout = PCT_READOUT_POINT, .has_positions = TRUE, .pool = 1 },
  { .height = H, .width = W, .n_neurons = M, .n_layers = 1, .channels = 3, .input_kernel = 5, .hidden_kernel = 3,
    .readout = PCT_READOUT_MASK, .pool = 2 },
  { .height = H, .width = W, .n_neurons = M, .readout = PCT_READOUT_FULL },
  { .height = H, .width = W, .n_neurons = M, .readout = PCT_READOUT_FULL, .rank = 3 },
};

static void
test_encoder(gconstpointer data)
{
  const PctEncoderDesign *design = data;
  g_autoptr(PctEncoder) whole = small_encoder_new(design, 3);
  for (int j = 0; j < M; j++)
    whole->response_scale[j] = 1 + (float)j;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctEncoder) part = pct_encoder_subset(whole, few, N_FEW, &error);
  g_assert_no_error(error);
  g_autofree float *image = small_encoder_image(design, 100, 20, 8);
  float all[M], some[N_FEW];
  g_assert_true(pct_encoder_predict(whole, image, 1, all, NULL, &error));
  g_assert_true(pct_encoder_predict(part, image, 1, some, NULL, &error));
  g_assert_cmpfloat(fabsf(all[few[0]] - all[few[1]]), >, 1e-3);
  for (int j = 0; j < N_FEW; j++)
    g_assert_cmpfloat_with_epsilon(some[j], all[few[j]], 1e-4 * (1 + fabs(all[few[j]])));
  const float *points = pct_encoder_get_readout_points(part);
  g_assert_true((points != NULL) == (design->readout == PCT_READOUT_POINT));
  for (int j = 0; points && j < N_FEW; j++)
    g_assert_cmpfloat(points[2 * j + 1], ==, pct_encoder_get_readout_points(whole)[2 * few[j] + 1]);
}

static void
test_meis(void)
{
  // Not of every neuron, and the last not ready.
  static const int neurons[] = { 10, 2, 4, 3 };
  g_autoptr(PctMeiSet) whole = pct_mei_set_new(neurons, 4, 2, 3, NULL);
  for (int i = 0; i < 4; i++) {
    for (int j = 0; j < 6; j++)
      whole->images[6 * i + j] = (float)(100 * neurons[i] + j);
    whole->activations[i] = (float)neurons[i];
    whole->baselines[i] = (float)-neurons[i];
    if (i < 3)
      pct_mei_set_mark_ready(whole, i);
  }
  whole->mean = 111;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctMeiSet) part = pct_mei_set_subset(whole, few, N_FEW, &error);
  g_assert_no_error(error);
  g_assert_cmpint(part->n, ==, 2);
  // Neurons 2 and 10 are the first and the last of the few.
  static const int expected[] = { 0, 3 }, from[] = { 2, 10 };
  for (int i = 0; i < 2; i++) {
    g_assert_true(pct_mei_set_is_ready(part, i));
    g_assert_cmpint(part->neurons[i], ==, expected[i]);
    g_assert_cmpfloat(part->images[6 * i + 5], ==, (float)(100 * from[i] + 5));
    g_assert_cmpfloat(part->activations[i], ==, (float)from[i]);
    g_assert_cmpfloat(part->baselines[i], ==, (float)-from[i]);
  }
  g_assert_cmpfloat(part->mean, ==, 111);
}

// Sums of Gaussians, pixel by pixel.
static void
test_density_of_points(void)
{
  static const float x[] = { 4, 4, 12, NAN, 6 }, y[] = { 5, 5, 9, 3, NAN }, spread[] = { 2, 2, 3, 2, 2 };
  float found[H * W];
  double expected[H * W], most = 0;
  for (int row = 0; row < H; row++)
    for (int column = 0; column < W; column++) {
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        double distance = (row - y[i]) * (row - y[i]) + (column - x[i]) * (column - x[i]);
        sum += exp(-distance / (2 * spread[i] * spread[i])) / (spread[i] * spread[i]);
      }
      expected[row * W + column] = sum;
      most = MAX(most, sum);
    }
  pct_field_density_of_points(x, y, spread, 5, H, W, found);
  for (int i = 0; i < H * W; i++)
    g_assert_cmpfloat_with_epsilon(found[i], expected[i] / most, 1e-6);
  g_assert_cmpfloat(found[5 * W + 4], ==, 1);
  pct_field_density_of_points(x + 3, y + 3, NULL, 2, H, W, found);
  for (int i = 0; i < H * W; i++)
    g_assert_cmpfloat(found[i], ==, 0);
}

// All neurons at one point of the map, and all with one pixel's weight.
static void
test_density_of_encoders(void)
{
  float found[H * W];
  g_autoptr(GError) error = NULL;
  g_autoptr(PctEncoder) point = small_encoder_new(&designs[0], 3);
  float *mu = pct_parameters_find(point->parameters, "readout.dataset.mu");
  for (int j = 0; j < M; j++) {
    mu[2 * j] = 0;  // the map's middle, which is the image's
    mu[2 * j + 1] = -1;  // its first row, which is the image's third
  }
  pct_encoder_find_points(point);
  g_assert_true(pct_field_density_of_encoder(point, 100, found, NULL, &error));
  g_assert_cmpfloat(found[2 * W + W / 2], >, 0.9);
  g_assert_cmpfloat_with_epsilon(found[2 * W + W / 2], found[2 * W + W / 2 - 1], 1e-6);
  g_assert_cmpfloat(found[8 * W + W / 2], <, 0.01);

  g_autoptr(PctEncoder) full = small_encoder_new(&designs[3], 3);
  float *weight = pct_parameters_find(full->parameters, "readout.weight");
  for (int i = 0; i < M * H * W; i++)
    weight[i] = i % (H * W) == 4 * W + 6 ? (float)(1 + i % 5) * 1e-2f : 0;
  g_assert_true(pct_field_density_of_encoder(full, 100, found, NULL, &error));
  for (int i = 0; i < H * W; i++)
    g_assert_cmpfloat_with_epsilon(found[i], i == 4 * W + 6, 1e-6);
}

static gboolean
stop(const PctProgress *progress, gpointer data)
{
  return FALSE;
}

static void
test_density_cancelled(void)
{
  float found[H * W];
  PctRun run = { stop, NULL, NULL };
  for (int i = 0; i < 4; i += 3) {
    g_autoptr(PctEncoder) encoder = small_encoder_new(&designs[i], 3);
    g_autoptr(GError) error = NULL;
    g_assert_false(pct_field_density_of_encoder(encoder, 100, found, &run, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  static const char *const names[] = { "point", "point-of-cortex", "mask", "full", "basis" };
  for (guint i = 0; i < G_N_ELEMENTS(designs); i++) {
    g_autofree char *path = g_strconcat("/neuron-subset/", names[i], NULL);
    g_test_add_data_func(path, &designs[i], test_encoder);
  }
  g_test_add_func("/neuron-subset/meis", test_meis);
  g_test_add_func("/field-density/points", test_density_of_points);
  g_test_add_func("/field-density/encoders", test_density_of_encoders);
  g_test_add_func("/field-density/cancelled", test_density_cancelled);
  return g_test_run();
}
