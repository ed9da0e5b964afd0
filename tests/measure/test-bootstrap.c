// SPDX-License-Identifier: GPL-3.0-or-later
// Intervals against a slow bootstrap of its own that draws whole lists of pictures, what the theory says of a mean, and
// what must not matter: threads, and how often an image's pictures agree.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/random.h"
#include "measure/bootstrap.h"

enum { N = 37, K = 11, RESAMPLES = 2000 };

// Images shown unequally often, in mixed order; one value is missing.
static void
make(int *images, float *values)
{
  pct_random_fill_normal(values, N, 3, 1);
  PctRandom random = pct_random(3, 2);
  for (int i = 0; i < N; i++) {
    images[i] = 100 - 7 * (i < K ? i : (int)pct_random_below(&random, K));
    values[i] += (float)images[i] / 30;
  }
  values[20] = NAN;
}

static int
compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// Draw after draw, every picture of every drawn image put into one list.
static void
naive(const int *images, const float *values, guint64 seed, double *out)
{
  int different[K];
  int k = 0;
  for (int i = 0; i < N; i++) {
    gboolean known = FALSE;
    for (int j = 0; j < k; j++)
      known |= different[j] == images[i];
    if (!known)
      different[k++] = images[i];
  }
  g_assert_cmpint(k, ==, K);
  for (int b = 0; b < RESAMPLES; b++) {
    PctRandom random = pct_random(seed, (guint64)b);
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(double));
    for (int d = 0; d < K; d++) {
      int drawn = different[pct_random_below(&random, K)];
      for (int i = 0; i < N; i++)
        if (images[i] == drawn && isfinite(values[i])) {
          double value = values[i];
          g_array_append_val(list, value);
        }
    }
    double sum = 0;
    for (guint i = 0; i < list->len; i++)
      sum += g_array_index(list, double, i);
    out[b] = sum / list->len;
  }
}

static void
test_naive(void)
{
  int images[N];
  float values[N], twice[N];
  g_autofree double *expected = g_new(double, RESAMPLES), *means = g_new(double, 2 * RESAMPLES);
  make(images, values);
  for (int i = 0; i < N; i++)
    twice[i] = 2 * values[i];
  const float *columns[] = { values, twice };
  naive(images, values, PCT_BOOTSTRAP_SEED, expected);
  pct_bootstrap_means(columns, 2, images, N, PCT_BOOTSTRAP_SEED, RESAMPLES, means, NULL);
  for (int b = 0; b < RESAMPLES; b++) {
    g_assert_cmpfloat_with_epsilon(means[b], expected[b], 1e-9);
    // The same draws for every column.
    g_assert_cmpfloat_with_epsilon(means[RESAMPLES + b], 2 * expected[b], 1e-6);
  }
  qsort(expected, RESAMPLES, sizeof *expected, compare);
  PctInterval intervals[2];
  pct_bootstrap_intervals(columns, 2, images, N, intervals, NULL);
  // 0.025 x 1999 = 49.975: between the 50th and the 51st of 2,000.
  double low = expected[49] + 0.975 * (expected[50] - expected[49]);
  double high = expected[1949] + 0.025 * (expected[1950] - expected[1949]);
  g_assert_cmpfloat_with_epsilon(intervals[0].low, low, 1e-9);
  g_assert_cmpfloat_with_epsilon(intervals[0].high, high, 1e-9);
}

// Of many images shown once, the interval is that of the normal distribution, within the bootstrap's own noise.
static void
test_normal(void)
{
  enum { MANY = 400 };
  g_autofree int *images = g_new(int, MANY);
  g_autofree float *values = g_new(float, MANY);
  pct_random_fill_normal(values, MANY, 9, 9);
  double mean = 0, variance = 0;
  for (int i = 0; i < MANY; i++) {
    images[i] = i;
    mean += values[i] / (double)MANY;
  }
  for (int i = 0; i < MANY; i++)
    variance += (values[i] - mean) * (values[i] - mean) / (MANY - 1);
  double error = sqrt(variance / MANY);
  const float *columns[] = { values };
  PctInterval interval;
  pct_bootstrap_intervals(columns, 1, images, MANY, &interval, NULL);
  g_assert_cmpfloat_with_epsilon(interval.low, mean - 1.96 * error, 0.15 * error);
  g_assert_cmpfloat_with_epsilon(interval.high, mean + 1.96 * error, 0.15 * error);
}

// Eight pictures alike of every image say no more than one of each; trials drawn one by one would say they do.
static void
test_trials_of_one_image(void)
{
  enum { IMAGES = 60, REPEATS = 8 };
  int images[IMAGES * REPEATS], once[IMAGES];
  float values[IMAGES * REPEATS], of_once[IMAGES];
  pct_random_fill_normal(of_once, IMAGES, 4, 4);
  for (int i = 0; i < IMAGES * REPEATS; i++) {
    images[i] = once[i % IMAGES] = i % IMAGES;
    values[i] = of_once[i % IMAGES];
  }
  PctInterval many, one;
  pct_bootstrap_intervals((const float *[]){ values }, 1, images, IMAGES * REPEATS, &many, NULL);
  pct_bootstrap_intervals((const float *[]){ of_once }, 1, once, IMAGES, &one, NULL);
  g_assert_cmpfloat_with_epsilon(many.low, one.low, 1e-9);
  g_assert_cmpfloat_with_epsilon(many.high, one.high, 1e-9);
  g_assert_cmpfloat(one.high - one.low, >, 0.3);
}

static void
test_same_bits(void)
{
  int images[N];
  float values[N];
  make(images, values);
  g_autofree double *first = g_new(double, RESAMPLES), *again = g_new(double, RESAMPLES);
  pct_bootstrap_means((const float *[]){ values }, 1, images, N, 5, RESAMPLES, first, NULL);
  for (guint threads = 2; threads <= 3; threads++) {
    g_autoptr(PctPool) pool = pct_pool_new(threads, 0);
    pct_bootstrap_means((const float *[]){ values }, 1, images, N, 5, RESAMPLES, again, pool);
    g_assert_cmpmem(first, RESAMPLES * sizeof *first, again, RESAMPLES * sizeof *again);
  }
  pct_bootstrap_means((const float *[]){ values }, 1, images, N, 6, RESAMPLES, again, NULL);
  g_assert_true(memcmp(first, again, RESAMPLES * sizeof *first) != 0);
}

static void
test_unknown(void)
{
  const int images[] = { 4, 4, 4, 5 };
  const float values[] = { 1, 2, 3, NAN }, none[] = { NAN, NAN, NAN, NAN }, both[] = { 1, 2, 3, 4 };
  PctInterval intervals[3];
  pct_bootstrap_intervals((const float *[]){ values, none, both }, 3, images, 4, intervals, NULL);
  g_assert_true(isnan(intervals[0].low) && isnan(intervals[0].high));
  g_assert_true(isnan(intervals[1].low) && isnan(intervals[1].high));
  g_assert_cmpfloat(intervals[2].low, ==, 2);
  g_assert_cmpfloat(intervals[2].high, ==, 4);
  pct_bootstrap_intervals((const float *[]){ both }, 1, images, 0, intervals, NULL);
  g_assert_true(isnan(intervals[0].low));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bootstrap/naive", test_naive);
  g_test_add_func("/bootstrap/normal", test_normal);
  g_test_add_func("/bootstrap/trials-of-one-image", test_trials_of_one_image);
  g_test_add_func("/bootstrap/same-bits", test_same_bits);
  g_test_add_func("/bootstrap/unknown", test_unknown);
  return g_test_run();
}
