// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <string.h>
#include "data/half.h"

static void
test_all_values(void)
{
  g_autofree guint16 *all = g_new(guint16, 65536), *back = g_new(guint16, 65536);
  g_autofree float *fast = g_new(float, 65536), *portable = g_new(float, 65536);
  for (guint i = 0; i < 65536; i++)
    all[i] = (guint16)i;
  pct_half_to_float(fast, all, 65536);
  pct_half_to_float_portable(portable, all, 65536);
  g_assert_cmpmem(fast, 65536 * sizeof *fast, portable, 65536 * sizeof *portable);
  pct_half_from_float_portable(back, portable, 65536);
  for (guint i = 0; i < 65536; i++) {
    g_assert_cmpint(pct_half_is_finite(all[i]), ==, isfinite(portable[i]) != 0);
    if (isnan(portable[i]))
      g_assert_cmpuint(back[i] & 0x7c00, ==, 0x7c00);
    else
      g_assert_cmphex(back[i], ==, i);
  }
}

static void
test_known(void)
{
  const struct {
    float value;
    guint16 half;
  } known[] = {
    { 1, 0x3c00 }, { -2, 0xc000 }, { 65504, 0x7bff }, { 65519, 0x7bff }, { 65520, 0x7c00 }, { -1e30f, 0xfc00 },
    { 0x1p-24f, 1 }, { 0x1p-25f, 0 }, { 0x1.8p-24f, 2 }, { 0x1.000002p-25f, 1 }, { 0x1p-14f, 0x400 },
    { 0x1.ff8p-15f, 0x3ff }, { 0x1.ffcp-15f, 0x400 }, { 1 + 0x1p-11f, 0x3c00 },
    { 1 + 0x1.8p-10f, 0x3c02 }, { 0, 0 }, { -0.0f, 0x8000 },
    { 0.333333f, 0x3555 },
  };
  for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
    guint16 half;
    pct_half_from_float_portable(&half, &known[i].value, 1);
    g_assert_cmphex(half, ==, known[i].half);
  }
}

// The processor's instructions and ours round alike, at ties, around the subnormals and at the far end.
static void
test_rounding(void)
{
  enum { N = 1 << 20 };
  g_autofree float *in = g_new(float, N);
  g_autofree guint16 *fast = g_new(guint16, N), *portable = g_new(guint16, N);
  for (guint32 step = 0; step < 4; step++) {
    for (guint32 i = 0; i < N; i++) {
      guint32 bits = i * 4096u + (const guint32[]){ 0, 1, 4095, 2048 }[step];
      memcpy(in + i, &bits, sizeof bits);
    }
    pct_half_from_float(fast, in, N);
    pct_half_from_float_portable(portable, in, N);
    g_assert_cmpmem(fast, N * sizeof *fast, portable, N * sizeof *portable);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/half/all-values", test_all_values);
  g_test_add_func("/half/known", test_known);
  g_test_add_func("/half/rounding", test_rounding);
  return g_test_run();
}
