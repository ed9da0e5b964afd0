// SPDX-License-Identifier: GPL-3.0-or-later
// The table is what
//   build/tests/bench/bench-expected twin.npz 10
// prints, twin.npz being the simulated recording of 5,335 neurons that the tests with real data use.
#include "measure/expected-score.h"
#include <math.h>

#define N_NEURONS 5
#define N_IMAGES 4

static const int neurons[N_NEURONS] = { 50, 150, 500, 1500, 5335 }, images[N_IMAGES] = { 100, 300, 1000, 4000 };
static const double table[N_NEURONS][N_IMAGES] = {
  { 0.0488, 0.0794, 0.1060, 0.1380 },
  { 0.0640, 0.1067, 0.1498, 0.1940 },
  { 0.0908, 0.1499, 0.2098, 0.2624 },
  { 0.1221, 0.1936, 0.2625, 0.3138 },
  { 0.1545, 0.2420, 0.3110, 0.3612 },
};

const int *
pct_expected_get_neurons(guint *n)
{
  *n = N_NEURONS;
  return neurons;
}

const int *
pct_expected_get_images(guint *n)
{
  *n = N_IMAGES;
  return images;
}

// Where count stands among sizes (n,): the index below, and how far on to the next in logarithms. FALSE: outside.
static gboolean
locate(const int *sizes, int n, double count, int *below, double *share)
{
  *below = 0;
  while (*below < n - 2 && count >= sizes[*below + 1])
    (*below)++;
  double at = log(count / sizes[*below]) / log((double)sizes[*below + 1] / sizes[*below]);
  *share = CLAMP(at, 0, 1);
  return at >= 0 && at <= 1;
}

double
pct_expected_pixcorr(double n_neurons, double n_images, gboolean *inside)
{
  g_return_val_if_fail(n_neurons >= 1 && n_images >= 1, NAN);
  int i, j;
  double u, v;
  gboolean within = locate(neurons, N_NEURONS, n_neurons, &i, &u);
  within &= locate(images, N_IMAGES, n_images, &j, &v);
  if (inside)
    *inside = within;
  return exp((1 - u) * ((1 - v) * log(table[i][j]) + v * log(table[i][j + 1])) +
             u * ((1 - v) * log(table[i + 1][j]) + v * log(table[i + 1][j + 1])));
}
