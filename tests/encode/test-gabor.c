// SPDX-License-Identifier: GPL-3.0-or-later
// A Gabor against its formula, its derivatives against central differences, its picture against mean and contrast.
#include <math.h>
#include "encode/gabor.h"
#include "gabor-recording.h"

static const PctGabor gabors[] = {
  { 11.3, 6.8, 37, 0.11, 3.1, 0.6, 70 },
  { 0, 0, 0, 0.05, 2, 1, 0 },
  { 20.5, 12.2, 170, 0.2, 1.4, 2.5, 300 },
};
#define HEIGHT 15
#define WIDTH 23

static void
test_formula(void)
{
  for (guint k = 0; k < G_N_ELEMENTS(gabors); k++) {
    const PctGabor *g = &gabors[k];
    Cell cell = { CELL_SIMPLE, g->x, g->y, g->orientation, g->frequency, g->size, g->aspect, g->phase, 1, 0 };
    for (int shift = -90; shift <= 0; shift += 90) {
      float out[HEIGHT * WIDTH];
      pct_gabor_draw_filter(g, shift, HEIGHT, WIDTH, out);
      for (int i = 0; i < HEIGHT * WIDTH; i++)
        g_assert_cmpfloat_with_epsilon(out[i], gabor_recording_filter(&cell, shift, i % WIDTH, i / WIDTH), 1e-6);
    }
  }
}

// The same Gabor by other angles, and the parameters of a fit and back.
static void
test_normalise(void)
{
  const PctGabor turned = { 11.3, 6.8, 37 + 180 - 720, 0.11, 3.1, 0.6, -70 - 360 };
  PctGabor same = turned, back;
  pct_gabor_normalise(&same);
  g_assert_cmpfloat_with_epsilon(same.orientation, 37, 1e-9);
  g_assert_cmpfloat_with_epsilon(same.phase, 70, 1e-9);
  float a[HEIGHT * WIDTH], b[HEIGHT * WIDTH];
  pct_gabor_draw_filter(&turned, 0, HEIGHT, WIDTH, a);
  pct_gabor_draw_filter(&same, 0, HEIGHT, WIDTH, b);
  for (int i = 0; i < HEIGHT * WIDTH; i++)
    g_assert_cmpfloat_with_epsilon(a[i], b[i], 1e-6);
  double parameters[PCT_GABOR_N_PARAMETERS];
  pct_gabor_to_parameters(&same, parameters);
  pct_gabor_from_parameters(parameters, &back);
  g_assert_cmpfloat_with_epsilon(back.x, 11.3, 1e-9);
  g_assert_cmpfloat_with_epsilon(back.frequency, 0.11, 1e-9);
  g_assert_cmpfloat_with_epsilon(back.size, 3.1, 1e-9);
  g_assert_cmpfloat_with_epsilon(back.aspect, 0.6, 1e-9);
}

static void
test_derivatives(void)
{
  const int columns[] = { 0, 5, 11, 12, 20, 22 }, rows[] = { 1, 6, 7, 9, 12, 3 };
  const gsize n = G_N_ELEMENTS(rows);
  for (guint k = 0; k < G_N_ELEMENTS(gabors); k++)
    for (int odd = 0; odd < 2; odd++) {
      double p[PCT_GABOR_N_PARAMETERS], shift = odd ? -G_PI_2 : 0, h = 1e-3;
      float all[(1 + PCT_GABOR_N_PARAMETERS) * G_N_ELEMENTS(rows)], low[G_N_ELEMENTS(rows)], high[G_N_ELEMENTS(rows)];
      pct_gabor_to_parameters(&gabors[k], p);
      pct_gabor_differentiate(p, shift, PCT_GABOR_N_PARAMETERS, columns, rows, n, all);
      for (int i = 0; i < PCT_GABOR_N_PARAMETERS; i++) {
        double at = p[i];
        p[i] = at - h;
        pct_gabor_differentiate(p, shift, 0, columns, rows, n, low);
        p[i] = at + h;
        pct_gabor_differentiate(p, shift, 0, columns, rows, n, high);
        p[i] = at;
        for (gsize j = 0; j < n; j++)
          g_assert_cmpfloat_with_epsilon(all[(gsize)(i + 1) * n + j], (high[j] - low[j]) / (2 * h), 2e-4);
      }
    }
}

static void
test_picture(void)
{
  float out[HEIGHT * WIDTH];
  for (guint k = 0; k < G_N_ELEMENTS(gabors); k++) {
    double mean = 0, variance = 0;
    pct_gabor_draw(&gabors[k], 104.6, 4.5, HEIGHT, WIDTH, out);
    for (int i = 0; i < HEIGHT * WIDTH; i++)
      mean += out[i] / (HEIGHT * WIDTH);
    for (int i = 0; i < HEIGHT * WIDTH; i++)
      variance += (out[i] - mean) * (out[i] - mean) / (HEIGHT * WIDTH);
    g_assert_cmpfloat_with_epsilon(mean, 104.6, 1e-3);
    g_assert_cmpfloat_with_epsilon(sqrt(variance), 4.5, 1e-3);
  }
  const PctGabor far = { 900, 900, 0, 0.1, 2, 1, 0 };
  pct_gabor_draw(&far, 104.6, 4.5, HEIGHT, WIDTH, out);
  for (int i = 0; i < HEIGHT * WIDTH; i++)
    g_assert_cmpfloat_with_epsilon(out[i], 104.6, 1e-3);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/gabor/formula", test_formula);
  g_test_add_func("/gabor/normalise", test_normalise);
  g_test_add_func("/gabor/derivatives", test_derivatives);
  g_test_add_func("/gabor/picture", test_picture);
  return g_test_run();
}
