// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers of files, by their bits.
#pragma once
#include <glib.h>
#include <string.h>

static inline float
pct_float_of_bits(guint32 bits)
{
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction.
static inline float
pct_float_of_half(guint16 half)
{
  guint32 sign = (guint32)(half & 0x8000) << 16, exponent = half >> 10 & 31, fraction = half & 1023;
  if (exponent == 0) {
    float magnitude = (float)fraction * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  return pct_float_of_bits(sign | (exponent == 31 ? 255u << 23 : (exponent + 112) << 23) | fraction << 13);
}
