// SPDX-License-Identifier: GPL-3.0-or-later
// Included by each-target.h for point-kernels.c, once an instruction set, with TARGET (an attribute), LANES (floats a
// vector) and NAME(x). No include guard: that is the point. Each sum over channels is whole vectors first, then what is left.

typedef float NAME(Vector) __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));
#define AT(pointer) (*(const NAME(Vector) *)(pointer))
#define MUTABLE(pointer) (*(NAME(Vector) *)(pointer))

TARGET static inline __attribute__((always_inline)) float
NAME(sum)(NAME(Vector) vector)
{
  float v[LANES];
  memcpy(v, &vector, sizeof v);
#pragma GCC unroll 4
  for (int half = LANES / 2; half > 0; half /= 2)
#pragma GCC unroll 8
    for (int i = 0; i < half; i++)
      v[i] += v[i + half];
  return v[0];
}

TARGET static void
NAME(forward)(PctShape shape, gsize first, gsize end, const float *picture, const float *positions,
              const float *weights, const float *bias, float *out)
{
  gsize n = (gsize)shape.channels, whole = n / LANES * LANES;
  for (gsize m = first; m < end; m++) {
    Corners at = corners_of(shape, positions + 2 * m);
    const float *p = picture + at.at[0], *q = picture + at.at[1], *r = picture + at.at[2], *s = picture + at.at[3];
    const float *w = weights + m * n;
    NAME(Vector) sums = { 0 };
    float rest = 0;
    for (gsize c = 0; c < whole; c += LANES)
      sums += (at.value[0] * AT(p + c) + at.value[1] * AT(q + c) + at.value[2] * AT(r + c) + at.value[3] * AT(s + c)) *
              AT(w + c);
    for (gsize c = whole; c < n; c++)
      rest += (at.value[0] * p[c] + at.value[1] * q[c] + at.value[2] * r[c] + at.value[3] * s[c]) * w[c];
    out[m] = NAME(sum)(sums) + rest + bias[m];
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
    for (int k = 0; k < 4; k++) {
      float scale = d_out[m] * at.value[k], *to = d_picture + at.at[k];
      for (gsize c = 0; c < whole; c += LANES)
        MUTABLE(to + c) += scale * AT(w + c);
      for (gsize c = whole; c < n; c++)
        to[c] += scale * w[c];
    }
  }
}

TARGET static void
NAME(positions)(PctShape shape, gsize first, gsize end, const float *picture, const float *positions,
                const float *weights, const float *d_out, float *d_positions, float beta)
{
  gsize n = (gsize)shape.channels, whole = n / LANES * LANES;
  for (gsize m = first; m < end; m++) {
    Corners at = corners_of(shape, positions + 2 * m);
    const float *p = picture + at.at[0], *q = picture + at.at[1], *r = picture + at.at[2], *s = picture + at.at[3];
    const float *w = weights + m * n;
    NAME(Vector) sums[4] = { { 0 }, { 0 }, { 0 }, { 0 } }, along[2];
    float rest[4] = { 0 }, d[2];
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
    for (int i = 0; i < 2; i++) {
      const float *slope = at.slope[i];
      along[i] = slope[0] * sums[0] + slope[1] * sums[1] + slope[2] * sums[2] + slope[3] * sums[3];
      d[i] = slope[0] * rest[0] + slope[1] * rest[1] + slope[2] * rest[2] + slope[3] * rest[3];
      d[i] = d_out[m] * (d[i] + NAME(sum)(along[i]));
      d_positions[2 * m + (gsize)i] = beta != 0 ? d_positions[2 * m + (gsize)i] + d[i] : d[i];
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

static const PctPointKernels NAME(kernels) = { STRING(NAME_OF), NAME(forward), NAME(picture), NAME(positions),
                                               NAME(weights) };

#undef AT
#undef MUTABLE
