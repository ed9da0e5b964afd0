// SPDX-License-Identifier: GPL-3.0-or-later
// For loops that the compiler can vectorise: PCT_SIMD before a function compiles it for several processors and picks
// the best at start-up, so that a binary for any x86-64 still uses what it finds. Also an exponential without branches
// or calls, which such a loop may hold.
#pragma once
#include <glib.h>
#include <string.h>

// Clang's and the thread sanitizer's start-up do not get along with functions that are chosen at start-up.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define PCT_SIMD __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define PCT_SIMD
#endif

// exp x to about 2e-7 relative for |x| <= 87; beyond, as at the ends; NaN stays NaN.
// x = k log 2 + r, |r| <= (log 2) / 2, log 2 in two parts so that r is exact; exp r by its series to r^7.
static inline float
pct_exp(float x)
{
  x = x > 87.0f ? 87.0f : x;
  x = x < -87.0f ? -87.0f : x;
  // Adding 1.5 x 2^23 rounds to a whole number and leaves it in the low bits.
  float shifted = x * 1.44269504f + 0x1.8p23f, k = shifted - 0x1.8p23f;
  float r = x - k * 0.693359375f + k * 2.12194440e-4f;
  float series = 1 + r * (1 + r * (0.5f + r * (1 / 6.0f + r * (1 / 24.0f + r * (1 / 120.0f +
                 r * (1 / 720.0f + r * (1 / 5040.0f)))))));
  guint32 bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits << 23) + 0x3f800000u;
  float power;
  memcpy(&power, &bits, sizeof power);
  return series * power;
}
