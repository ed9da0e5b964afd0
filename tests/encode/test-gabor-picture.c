// SPDX-License-Identifier: GPL-3.0-or-later
// What an encoder makes of grey and of Gabors: a linear-nonlinear encoder that has learned from simulated cells.
#include <math.h>
#include "base/error.h"
#include "encode/gabor-picture.h"
#include "encode/gradient-field.h"
#include "gabor-recording.h"

#define HEIGHT 15
#define WIDTH 19
#define P (HEIGHT * WIDTH)
#define N 4
#define MEAN 110.0
#define CONTRAST 12.0

static const Cell cells[] = {
  { CELL_LINEAR, 8, 7, 35, 0.12, 2.4, 0.8, 40, 1, 3 },
  { CELL_LINEAR, 11, 8, 120, 0.10, 2.4, 1, 200, 1, 3 },
};

// Two cells; asked for in any order and more than once.
static const int neurons[N] = { 1, 0, 1, 0 };

static PctEncoder *
fit(void)
{
  g_autoptr(PctRecording) recording =
    gabor_recording_new(&(GaborRecording){ HEIGHT, WIDTH, 400, 60, 0, 0.3, cells, G_N_ELEMENTS(cells) });
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  const PctModelKind *kind = pct_encoder_find_kind("ln");
  g_autoptr(PctOptionValues) options = pct_option_values_new(kind->options);
  g_assert_true(pct_option_values_parse(options, "batch=20", NULL) &&
                pct_option_values_parse(options, "epochs=25", NULL));
  PctFit what = { .recording = recording, .statistics = statistics, .options = options, .seed = 3 };
  g_autoptr(GError) error = NULL;
  PctEncoder *encoder = pct_encoder_fit(kind, &what, NULL, &error);
  g_assert_no_error(error);
  return encoder;
}

static PctGaborFit
fit_of(const Cell *cell, PctGaborKind kind)
{
  return (PctGaborFit){ .kind = kind, .amplitude = 1, .drive_scale = 1,
                        .gabor = { cell->x, cell->y, cell->orientation, cell->frequency, cell->size, cell->aspect,
                                   kind == PCT_GABOR_ENERGY ? 0 : cell->phase } };
}

// By central differences of the rate at grey, along the cell's own Gabor.
static void
test_gradient(void)
{
  g_autoptr(PctEncoder) encoder = fit();
  g_autofree float *gradients = g_new(float, N * P), *image = g_new(float, P), *one = g_new(float, G_N_ELEMENTS(cells));
  float rates[N];
  g_assert_true(pct_gradient_fields(encoder, MEAN, neurons, N, gradients, rates, NULL, NULL));
  for (int i = 0; i < N; i++) {
    double along = 0, difference = 0, step = 0.5;
    for (int sign = -1; sign <= 1; sign += 1) {
      for (int k = 0; k < P; k++)
        image[k] = (float)(MEAN + sign * step * gabor_recording_filter(&cells[neurons[i]], 0, k % WIDTH, k / WIDTH));
      g_assert_true(pct_encoder_compute_rates(encoder, image, 1, one, NULL, NULL));
      difference += sign * one[neurons[i]] / (2 * step);
      if (sign == 0)
        g_assert_cmpfloat_with_epsilon(one[neurons[i]], rates[i], 1e-5);
    }
    for (int k = 0; k < P; k++)
      along += gradients[i * P + k] * gabor_recording_filter(&cells[neurons[i]], 0, k % WIDTH, k / WIDTH);
    g_test_message("neuron %d: %g, by differences %g", neurons[i], along, difference);
    g_assert_cmpfloat(along, >, 0);
    g_assert_cmpfloat_with_epsilon(along / difference, 1, 0.02);
  }
}

static void
test_pictures(void)
{
  g_autoptr(PctEncoder) encoder = fit();
  // A simple cell, the same cell as a pair without a phase, none, and a simple cell of the opposite phase.
  PctGaborFit fits[N] = { fit_of(&cells[1], PCT_GABOR_SIMPLE), fit_of(&cells[0], PCT_GABOR_ENERGY),
                          fit_of(&cells[1], PCT_GABOR_SIMPLE), fit_of(&cells[0], PCT_GABOR_SIMPLE) };
  fits[2].gabor.x = NAN;
  fits[3].gabor.phase += 180;
  g_autofree float *pictures = g_new(float, N * P), *one = g_new(float, G_N_ELEMENTS(cells));
  float rates[N];
  double phases[N];
  g_assert_true(pct_gabor_pictures(encoder, neurons, fits, N, MEAN, CONTRAST, pictures, rates, phases, NULL, NULL));
  for (int i = 0; i < N; i++) {
    double mean = 0, variance = 0;
    for (int k = 0; k < P; k++)
      mean += pictures[i * P + k] / P;
    for (int k = 0; k < P; k++)
      variance += (pictures[i * P + k] - mean) * (pictures[i * P + k] - mean) / P;
    g_assert_cmpfloat_with_epsilon(mean, MEAN, 1e-3);
    g_assert_cmpfloat_with_epsilon(sqrt(variance), i == 2 ? 0 : CONTRAST, 1e-2);
    g_assert_true(pct_encoder_compute_rates(encoder, pictures + i * P, 1, one, NULL, NULL));
    g_assert_cmpfloat_with_epsilon(one[neurons[i]], rates[i], 1e-5);
  }
  g_test_message("rates %g %g, grey %g, opposite %g; phase found %g of %g", rates[0], rates[1], rates[2], rates[3],
                 phases[1], cells[0].phase);
  g_assert_true(isnan(phases[2]));
  g_assert_cmpfloat(rates[0], >, rates[2]);
  // The linear cell's own phase is the best one, up to the search's grain and what the encoder has learned.
  g_assert_cmpfloat(fabs(phases[1] - cells[0].phase), <, 20);
  g_assert_cmpfloat(rates[1], >, rates[3]);
}

static gboolean
stop(const PctProgress *progress, gpointer data)
{
  return FALSE;
}

static void
test_cancel(void)
{
  g_autoptr(PctEncoder) encoder = fit();
  PctRun run = { .func = stop };
  g_autofree float *out = g_new(float, N * P);
  float rates[N];
  PctGaborFit fits[N];
  for (int i = 0; i < N; i++)
    fits[i] = fit_of(&cells[neurons[i]], PCT_GABOR_ENERGY);
  g_autoptr(GError) error = NULL;
  g_assert_false(pct_gradient_fields(encoder, MEAN, neurons, N, out, NULL, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  g_clear_error(&error);
  g_assert_false(pct_gabor_pictures(encoder, neurons, fits, N, MEAN, CONTRAST, out, rates, NULL, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/gabor-picture/gradient", test_gradient);
  g_test_add_func("/gabor-picture/pictures", test_pictures);
  g_test_add_func("/gabor-picture/cancel", test_cancel);
  return g_test_run();
}
