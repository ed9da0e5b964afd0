// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/half.h"
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>
#endif

static float
widen(guint16 half)
{
  guint32 sign = (guint32)(half & 0x8000) << 16, exponent = (half >> 10) & 0x1f, fraction = half & 0x3ff, bits;
  if (exponent == 0x1f) {
    // As the processor does it, a NaN becomes a quiet one.
    bits = sign | 0x7f800000 | (fraction ? 0x400000 | fraction << 13 : 0);
  } else if (exponent != 0) {
    bits = sign | (exponent + 112) << 23 | fraction << 13;
  } else {
    // A subnormal is its fraction times 2^-24, which float32 holds exactly.
    float value = (float)fraction * 0x1p-24f;
    memcpy(&bits, &value, sizeof bits);
    bits |= sign;
  }
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static guint16
narrow(float value)
{
  guint32 bits;
  memcpy(&bits, &value, sizeof bits);
  guint16 sign = (guint16)(bits >> 16 & 0x8000);
  guint32 magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000)
    return (guint16)(sign | 0x7e00 | (magnitude >> 13 & 0x3ff));
  if (magnitude >= 0x477ff000)  // from 65520 on: the tie between the largest half and what would follow it
    return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Below 2^-14: adding 0.5 lets float32's own rounding drop all but multiples of 2^-24.
    float small;
    memcpy(&small, &magnitude, sizeof small);
    small += 0.5f;
    guint32 rounded;
    memcpy(&rounded, &small, sizeof rounded);
    return (guint16)(sign | (rounded - 0x3f000000));
  }
  guint32 odd = magnitude >> 13 & 1;
  return (guint16)(sign | (magnitude - (112u << 23) + 0xfff + odd) >> 13);
}

void
pct_half_to_float_portable(float *out, const guint16 *in, gsize n)
{
  for (gsize i = 0; i < n; i++)
    out[i] = widen(in[i]);
}

void
pct_half_from_float_portable(guint16 *out, const float *in, gsize n)
{
  for (gsize i = 0; i < n; i++)
    out[i] = narrow(in[i]);
}

#if defined(__x86_64__)
__attribute__((target("avx,f16c"))) static void
to_float_f16c(float *out, const guint16 *in, gsize n)
{
  gsize i = 0;
  for (; i + 8 <= n; i += 8)
    _mm256_storeu_ps(out + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)(in + i))));
  pct_half_to_float_portable(out + i, in + i, n - i);
}

__attribute__((target("avx,f16c"))) static void
from_float_f16c(guint16 *out, const float *in, gsize n)
{
  gsize i = 0;
  for (; i + 8 <= n; i += 8)
    _mm_storeu_si128((__m128i *)(void *)(out + i), _mm256_cvtps_ph(_mm256_loadu_ps(in + i), _MM_FROUND_TO_NEAREST_INT));
  pct_half_from_float_portable(out + i, in + i, n - i);
}

// Not __builtin_cpu_supports("f16c"), which clang learned late. Asked once: in a virtual machine cpuid is slow.
static gboolean
have_f16c(void)
{
  static atomic_int known;  // 0: not asked yet, 1: no, 2: yes; whoever asks finds the same
  int answer = atomic_load_explicit(&known, memory_order_relaxed);
  if (answer == 0) {
    unsigned a, b, c = 0, d;
    gboolean have = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_F16C) && __builtin_cpu_supports("avx");
    answer = have ? 2 : 1;
    atomic_store_explicit(&known, answer, memory_order_relaxed);
  }
  return answer == 2;
}
#endif

void
pct_half_to_float(float *out, const guint16 *in, gsize n)
{
#if defined(__x86_64__)
  if (have_f16c()) {
    to_float_f16c(out, in, n);
    return;
  }
#endif
  pct_half_to_float_portable(out, in, n);
}

void
pct_half_from_float(guint16 *out, const float *in, gsize n)
{
#if defined(__x86_64__)
  if (have_f16c()) {
    from_float_f16c(out, in, n);
    return;
  }
#endif
  pct_half_from_float_portable(out, in, n);
}
