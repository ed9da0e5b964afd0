// SPDX-License-Identifier: GPL-3.0-or-later
// Included by each-target.h for point-kernels.c, once an instruction set, with TARGET (an attribute), LANES (floats a
// vector) and NAME(x). No include guard: that is the point. Each sum over channels is whole vectors first, then what is left.

typedef float NAME(Vector) __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));
#define AT(pointer) (*(const NAME(Vector) *)(pointer))
#define MUTABLE(pointer) (*(NAME(Vector) *)(pointer))

// Which lanes of two vectors make the sums of neighbours, then those of neighbouring pairs.
#if LANES == 4
#define EVEN 0, 4, 2, 6
#define ODD 1, 5, 3, 7
#define FIRST 0, 1, 4, 5
#define SECOND 2, 3, 6, 7
#elif LANES == 8
#define EVEN 0, 8, 2, 10, 4, 12, 6, 14
#define ODD 1, 9, 3, 11, 5, 13, 7, 15
#define FIRST 0, 1, 8, 9, 4, 5, 12, 13
#define SECOND 2, 3, 10, 11, 6, 7, 14, 15
#else
#define EVEN 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define ODD 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31
#define FIRST 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define SECOND 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#endif

// out (4,) = the sum of each of four vectors.
TARGET static inline __attribute__((always_inline)) void
NAME(sum_four)(const NAME(Vector) *v, float *out)
{
  typedef gint32 Lanes __attribute__((vector_size(LANES * sizeof(gint32))));
  NAME(Vector) a = __builtin_shuffle(v[0], v[1], (Lanes){ EVEN }) + __builtin_shuffle(v[0], v[1], (Lanes){ ODD });
  NAME(Vector) b = __builtin_shuffle(v[2], v[3], (Lanes){ EVEN }) + __builtin_shuffle(v[2], v[3], (Lanes){ ODD });
  NAME(Vector) sums = __builtin_shuffle(a, b, (Lanes){ FIRST }) + __builtin_shuffle(a, b, (Lanes){ SECOND });
  float lanes[LANES];
  memcpy(lanes, &sums, sizeof lanes);
  for (int k = 0; k < 4; k++) {
    float sum = lanes[k];
    for (int i = k + 4; i < LANES; i += 4)
      sum += lanes[i];
    out[k] = sum;
  }
}

TARGET static void
NAME(forward)(PctShape shape, gsize first, gsize end, const float *picture, const float *positions,
              const float *weights, const float *bias, float *products, float *out)
{
  gsize n = (gsize)shape.channels, whole = n / LANES * LANES;
  for (gsize m = first; m < end; m++) {
    Corners at = corners_of(shape, positions + 2 * m);
    const float *p = picture + at.at[0], *q = picture + at.at[1], *r = picture + at.at[2], *s = picture + at.at[3];
    const float *w = weights + m * n;
    NAME(Vector) sums[4] = { { 0 }, { 0 }, { 0 }, { 0 } };
    float rest[4] = { 0 }, value = 0;
    for (gsize c = 0; c < whole; c += LANES) {
      NAME(Vector) weight = AT(w + c);
      sums[0] += weight * AT(p + c);
      sums[1] += weight * AT(q + c);
      sums[2] += weight * AT(r + c);
      sums[3] += weight * AT(s + c);
    }
    for (gsize c = whole; c < n; c++) {
      rest[0] += w[c] * p[c];
      rest[1] += w[c] * q[c];
      rest[2] += w[c] * r[c];
      rest[3] += w[c] * s[c];
    }
    float *product = products + 4 * m;
    NAME(sum_four)(sums, product);
    for (int k = 0; k < 4; k++) {
      product[k] += rest[k];
      value += at.value[k] * product[k];
    }
    out[m] = value + bias[m];
  }
}

TARGET static void
NAME(picture)(PctShape shape, gsize first, gsize end, const float *positions, const float *weights, const float *d_out,
              float *d_picture)
{
  gsize n = (gsize)shape.channels, whole = n / LANES * LANES;
  for (gsize m = first; m < end; m++) {
    Corners at = corners_of(shape, positions + 2 * m);
    const float *w = weights + m * n;
    float *p = d_picture + at.at[0], *q = d_picture + at.at[1], *r = d_picture + at.at[2], *t = d_picture + at.at[3];
    float a = d_out[m] * at.value[0], b = d_out[m] * at.value[1], g = d_out[m] * at.value[2], h = d_out[m] * at.value[3];
    // One after the other: two of them may be one pixel.
    for (gsize c = 0; c < whole; c += LANES) {
      NAME(Vector) weight = AT(w + c);
      MUTABLE(p + c) += a * weight;
      MUTABLE(q + c) += b * weight;
      MUTABLE(r + c) += g * weight;
      MUTABLE(t + c) += h * weight;
    }
    for (gsize c = whole; c < n; c++) {
      p[c] += a * w[c];
      q[c] += b * w[c];
      r[c] += g * w[c];
      t[c] += h * w[c];
    }
  }
}

TARGET static void
NAME(weights)(PctShape shape, gsize first, gsize end, const float *picture, const float *positions, const float *d_out,
              float *d_weights)
{
  gsize n = (gsize)shape.channels, whole = n / LANES * LANES;
  for (gsize m = first; m < end; m++) {
    Corners at = corners_of(shape, positions + 2 * m);
    const float *p = picture + at.at[0], *q = picture + at.at[1], *r = picture + at.at[2], *s = picture + at.at[3];
    float d = d_out[m], a = d * at.value[0], b = d * at.value[1], g = d * at.value[2], h = d * at.value[3];
    float *to = d_weights + m * n;
    for (gsize c = 0; c < whole; c += LANES)
      MUTABLE(to + c) += a * AT(p + c) + b * AT(q + c) + g * AT(r + c) + h * AT(s + c);
    for (gsize c = whole; c < n; c++)
      to[c] += a * p[c] + b * q[c] + g * r[c] + h * s[c];
  }
}

static const PctPointKernels NAME(kernels) = { STRING(NAME_OF), NAME(forward), NAME(picture), NAME(weights) };

#undef AT
#undef MUTABLE
#undef EVEN
#undef ODD
#undef FIRST
#undef SECOND
