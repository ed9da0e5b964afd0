// SPDX-License-Identifier: GPL-3.0-or-later
// IEEE float16, as responses are kept, to and from float32. Rounding is to nearest, ties to even, as numpy does;
// the processor's own instructions are used where it has them, and give the same bits.
#pragma once
#include <glib.h>

// out (n,) float32.
void pct_half_to_float(float *out, const guint16 *in, gsize n);
// out (n,); too large becomes infinite.
void pct_half_from_float(guint16 *out, const float *in, gsize n);

// The same without the processor's instructions: the reference in tests.
void pct_half_to_float_portable(float *out, const guint16 *in, gsize n);
void pct_half_from_float_portable(guint16 *out, const float *in, gsize n);

// FALSE for NaN and infinities.
static inline gboolean
pct_half_is_finite(guint16 half)
{
  return (half & 0x7c00) != 0x7c00;
}
