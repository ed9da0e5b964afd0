// SPDX-License-Identifier: GPL-3.0-or-later
// The noise of training: that it is normal and white, that pieces do not depend on each other or on the threads.
#include <math.h>
#include <string.h>
#include "nn/fast-noise.h"

#define N 1000003

static void
test_moments(void)
{
  g_autofree float *x = g_new(float, N);
  pct_fast_noise(x, N, 5, 6, NULL);
  double sums[5] = { 0 }, lag[3] = { 0 };
  int tail[3] = { 0 };
  for (gsize i = 0; i < N; i++) {
    double power = 1;
    for (int k = 1; k < 5; k++)
      sums[k] += (power *= x[i]) / N;
    tail[0] += fabsf(x[i]) > 1;
    tail[1] += x[i] > 2;
    tail[2] += x[i] < -3;
    const gsize lags[] = { 1, 64, 256 };
    for (int k = 0; k < 3 && i + lags[k] < N; k++)
      lag[k] += (double)x[i] * x[i + lags[k]] / N;
  }
  // Five standard errors each.
  g_assert_cmpfloat_with_epsilon(sums[1], 0, 5 * sqrt(1.0 / N));
  g_assert_cmpfloat_with_epsilon(sums[2], 1, 5 * sqrt(2.0 / N));
  g_assert_cmpfloat_with_epsilon(sums[3], 0, 5 * sqrt(15.0 / N));
  g_assert_cmpfloat_with_epsilon(sums[4], 3, 5 * sqrt(96.0 / N));
  g_assert_cmpfloat_with_epsilon(tail[0] / (double)N, 0.317311, 5 * sqrt(0.22 / N));
  g_assert_cmpfloat_with_epsilon(tail[1] / (double)N, 0.022750, 5 * sqrt(0.0222 / N));
  g_assert_cmpfloat_with_epsilon(tail[2] / (double)N, 0.001350, 5 * sqrt(0.00135 / N));
  for (int k = 0; k < 3; k++)
    g_assert_cmpfloat_with_epsilon(lag[k], 0, 5 * sqrt(1.0 / N));
}

static void
test_pieces(void)
{
  g_autofree float *one = g_new(float, N), *two = g_new(float, N), *start = g_new(float, 777);
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  pct_fast_noise(one, N, 5, 6, NULL);
  pct_fast_noise(two, N, 5, 6, pool);
  g_assert_cmpmem(one, N * sizeof(float), two, N * sizeof(float));
  pct_fast_noise(start, 777, 5, 6, NULL);
  g_assert_cmpmem(one, 777 * sizeof(float), start, 777 * sizeof(float));
  pct_fast_noise(start, 777, 5, 7, NULL);
  g_assert_cmpint(memcmp(one, start, 777 * sizeof(float)), !=, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/nn/fast-noise/moments", test_moments);
  g_test_add_func("/nn/fast-noise/pieces", test_pieces);
  return g_test_run();
}
