// SPDX-License-Identifier: GPL-3.0-or-later
// Philox 4x32-10 against the known answers of the Random123 distribution (kat_vectors, lines "philox4x32 10"), and what
// is made of it against the moments it must have.
#include <math.h>
#include <string.h>
#include "base/philox.h"
#include "base/random.h"

static void
test_known_answers(void)
{
  static const struct {
    guint32 counter[4], key[2], words[4];
  } cases[] = {
    { { 0, 0, 0, 0 }, { 0, 0 }, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
    { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
      { 0xffffffff, 0xffffffff },
      { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
    { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
      { 0xa4093822, 0x299f31d0 },
      { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const guint32 *c = cases[i].counter, *k = cases[i].key;
    guint32 words[4];
    pct_philox(k[0] | (guint64)k[1] << 32, c[2] | (guint64)c[3] << 32, c[0] | (guint64)c[1] << 32, words);
    for (int j = 0; j < 4; j++)
      g_assert_cmphex(words[j], ==, cases[i].words[j]);
  }
}

// A cursor reads the blocks in order, from wherever it stands.
static void
test_cursor(void)
{
  PctRandom random = pct_random(7, 9);
  for (guint i = 0; i < 41; i++) {
    guint32 words[4];
    pct_philox(7, 9, i / 4, words);
    g_assert_cmphex(pct_random_next(&random), ==, words[i % 4]);
  }
  PctRandom later = { 7, 9, 30 }, other = pct_random(7, 10);
  random = pct_random(7, 9);
  for (int i = 0; i < 30; i++)
    pct_random_next(&random);
  g_assert_cmphex(pct_random_next(&random), ==, pct_random_next(&later));
  g_assert_cmphex(pct_random_next(&random), !=, pct_random_next(&other));
}

static void
moments(const float *values, gsize n, double *mean, double *variance, double *fourth)
{
  *mean = *variance = *fourth = 0;
  for (gsize i = 0; i < n; i++)
    *mean += values[i] / (double)n;
  for (gsize i = 0; i < n; i++) {
    double d = values[i] - *mean;
    *variance += d * d / (double)n;
    *fourth += d * d * d * d / (double)n;
  }
}

// Five standard errors either way: with fixed seeds these hold for good or fail for good.
static void
test_distributions(void)
{
  gsize n = 200000;
  g_autofree float *values = g_new(float, n);
  double mean, variance, fourth;
  pct_random_fill_normal(values, n, 1, 2);
  moments(values, n, &mean, &variance, &fourth);
  g_assert_cmpfloat(fabs(mean), <, 5 / sqrt(n));
  g_assert_cmpfloat(fabs(variance - 1), <, 5 * sqrt(2.0 / n));
  g_assert_cmpfloat(fabs(fourth - 3), <, 5 * sqrt(96.0 / n));
  pct_random_fill_uniform(values, n, 1, 3);
  moments(values, n, &mean, &variance, &fourth);
  g_assert_cmpfloat(fabs(mean - 0.5), <, 5 / sqrt(12.0 * n));
  g_assert_cmpfloat(fabs(variance - 1 / 12.0), <, 5 * sqrt(1 / 180.0 / n));
  for (gsize i = 0; i < n; i++)
    g_assert_true(values[i] >= 0 && values[i] < 1);
  PctRandom random = pct_random(5, 0);
  for (gsize i = 0; i < n; i++)
    values[i] = (float)pct_random_normal(&random);
  moments(values, n, &mean, &variance, &fourth);
  g_assert_cmpfloat(fabs(mean), <, 5 / sqrt(n));
  g_assert_cmpfloat(fabs(variance - 1), <, 5 * sqrt(2.0 / n));
}

// Element i is the same however long the array is.
static void
test_fill_is_positional(void)
{
  float whole[23], part[6];
  pct_random_fill_normal(whole, 23, 4, 4);
  pct_random_fill_normal(part, 6, 4, 4);
  g_assert_cmpmem(part, sizeof part, whole, sizeof part);
  pct_random_fill_uniform(whole, 23, 4, 4);
  pct_random_fill_uniform(part, 6, 4, 4);
  g_assert_cmpmem(part, sizeof part, whole, sizeof part);
}

static void
test_below_and_permutation(void)
{
  PctRandom random = pct_random(11, 0);
  int counts[7] = { 0 };
  for (int i = 0; i < 70000; i++)
    counts[pct_random_below(&random, 7)]++;
  for (int i = 0; i < 7; i++)
    g_assert_cmpint(ABS(counts[i] - 10000), <, 5 * 93);
  g_assert_cmpuint(pct_random_below(&random, 1), ==, 0);
  guint32 order[50];
  gboolean seen[50] = { FALSE }, moved = FALSE;
  pct_random_permutation(&random, order, 50);
  for (guint32 i = 0; i < 50; i++) {
    g_assert_cmpuint(order[i], <, 50);
    g_assert_false(seen[order[i]]);
    seen[order[i]] = TRUE;
    moved |= order[i] != i;
  }
  g_assert_true(moved);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/random/known-answers", test_known_answers);
  g_test_add_func("/random/cursor", test_cursor);
  g_test_add_func("/random/distributions", test_distributions);
  g_test_add_func("/random/fill-is-positional", test_fill_is_positional);
  g_test_add_func("/random/below-and-permutation", test_below_and_permutation);
  return g_test_run();
}
