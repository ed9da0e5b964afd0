// SPDX-License-Identifier: GPL-3.0-or-later
// Included by each-target.h for depthwise-kernels.c, once an instruction set, with TARGET (an attribute), LANES (floats
// a vector) and NAME(x). No include guard: that is the point. Counts are constants wherever the inline functions are called, so
// that their sums are registers: at most 2 rows x 6 pixels, or 13 taps.

typedef float NAME(Vector) __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));
#define AT(pointer, i) (*(const NAME(Vector) *)((pointer) + (gssize)(i) * LANES))

TARGET static void
NAME(pack)(float *to, const float *from, int height, int width, int left, gsize channels, gsize used)
{
  for (int y = 0; y < height; y++) {
    memset(to, 0, (gsize)left * LANES * sizeof(float));
    to += left * LANES;
    if (used == LANES) {
      for (int x = 0; x < width; x++, to += LANES, from += channels)
        *(NAME(Vector) *)to = AT(from, 0);
    } else {
      memset(to, 0, (gsize)width * LANES * sizeof(float));
      for (int x = 0; x < width; x++, to += LANES, from += channels)
        memcpy(to, from, used * sizeof(float));
    }
    memset(to, 0, (gsize)left * LANES * sizeof(float));
    to += left * LANES;
  }
}

// One row of the picture goes into two rows of the result, by two rows of the kernel: a pixel is loaded once for both.
TARGET static inline __attribute__((always_inline)) void
NAME(add_row)(const gsize count, const gboolean upper, const gboolean lower, int n_taps, const float *in,
              const float *weights_up, const float *weights_low, NAME(Vector) sums[2][PIXELS])
{
  for (int t = 0; t < n_taps; t++) {
    NAME(Vector) up = AT(weights_up, t), low = AT(weights_low, t);
    // Or the compiler keeps this tap's pixels for the next, in registers that it does not have.
    __asm__("" : "+r"(in));
#pragma GCC unroll 8
    for (gsize p = 0; p < count; p++) {
      NAME(Vector) x = AT(in, t + (int)p);
      if (upper)
        sums[0][p] += up * x;
      if (lower)
        sums[1][p] += low * x;
    }
  }
}

TARGET static inline __attribute__((always_inline)) void
NAME(store)(NAME(Vector) value, float *out, const float *bias, float beta)
{
  if (bias)
    value += AT(bias, 0);
  if (beta != 0)
    value += AT(out, 0);
  *(NAME(Vector) *)out = value;
}

// The same for a vector that is not full.
TARGET static __attribute__((noinline)) void
NAME(store_some)(const float *values, float *out, const float *bias, gsize used, float beta)
{
  for (gsize i = 0; i < used; i++)
    out[i] = values[i] + (bias ? bias[i] : 0) + (beta != 0 ? out[i] : 0);
}

// Pixels x .. x + count - 1 of row y, and with `two` of the row below.
TARGET static inline __attribute__((always_inline)) void
NAME(block)(const gboolean two, const gsize count, const PctDepthwiseShape *s, const float *in, const float *weights,
            int y, int x, const float *bias, float *out, gsize channels, gsize used, float beta)
{
  NAME(Vector) sums[2][PIXELS];
#pragma GCC unroll 8
  for (gsize p = 0; p < count; p++)
    sums[0][p] = sums[1][p] = (NAME(Vector)){ 0 };
  int first = y - s->top, kw = s->kernel[1], end = MIN(first + s->kernel[0], s->in_height);
  gssize row = (gssize)s->in_width * LANES, kernel_row = (gssize)kw * LANES;
  in += x * LANES;
  if (two) {
    if (first >= 0)
      NAME(add_row)(count, TRUE, FALSE, kw, in + first * row, weights, weights, sums);
    for (int i = MAX(first + 1, 0); i < end; i++)
      NAME(add_row)(count, TRUE, TRUE, kw, in + i * row, weights + (i - first) * kernel_row,
                    weights + (i - first - 1) * kernel_row, sums);
    if (first + s->kernel[0] < s->in_height) {
      const float *last = weights + (s->kernel[0] - 1) * kernel_row;
      NAME(add_row)(count, FALSE, TRUE, kw, in + end * row, last, last, sums);
    }
  } else {
    for (int i = MAX(first, 0); i < end; i++) {
      const float *w = weights + (i - first) * kernel_row;
      NAME(add_row)(count, TRUE, FALSE, kw, in + i * row, w, w, sums);
    }
  }
  out += ((gsize)y * s->out_width + x) * channels;
  gsize below = (gsize)s->out_width * channels;
  if (used == LANES) {
#pragma GCC unroll 8
    for (gsize p = 0; p < count; p++) {
      NAME(store)(sums[0][p], out + p * channels, bias, beta);
      if (two)
        NAME(store)(sums[1][p], out + below + p * channels, bias, beta);
    }
    return;
  }
  float values[2][PIXELS][LANES];
#pragma GCC unroll 8
  for (gsize p = 0; p < count; p++) {
    *(NAME(Vector) *)values[0][p] = sums[0][p];
    *(NAME(Vector) *)values[1][p] = sums[1][p];
  }
  for (gsize p = 0; p < count; p++) {
    NAME(store_some)(values[0][p], out + p * channels, bias, used, beta);
    if (two)
      NAME(store_some)(values[1][p], out + below + p * channels, bias, used, beta);
  }
}

TARGET static inline __attribute__((always_inline)) void
NAME(rows)(const gboolean two, const PctDepthwiseShape *s, const float *in, const float *weights, int y,
           const float *bias, float *out, gsize channels, gsize used, float beta)
{
  for (int x = 0, left; (left = s->out_width - x) > 0;) {
    // Eight are better done as four and four than as six and two: short sums wait for themselves.
    if (left >= PIXELS && left != 8) {
      NAME(block)(two, PIXELS, s, in, weights, y, x, bias, out, channels, used, beta);
      x += PIXELS;
    } else if (left >= 4) {
      NAME(block)(two, 4, s, in, weights, y, x, bias, out, channels, used, beta);
      x += 4;
    } else {
      NAME(block)(two, 1, s, in, weights, y, x, bias, out, channels, used, beta);
      x += 1;
    }
  }
}

TARGET static void
NAME(correlate)(const PctDepthwiseShape *s, const float *in, const float *weights, const float *bias, float *out,
                gsize channels, gsize used, float beta)
{
  int y = 0;
  for (; y + 2 <= s->out_height; y += 2)
    NAME(rows)(TRUE, s, in, weights, y, bias, out, channels, used, beta);
  if (y < s->out_height)
    NAME(rows)(FALSE, s, in, weights, y, bias, out, channels, used, beta);
}

// Rows first .. end-1 of d_out, for `count` taps of one kernel row, from the tap at (ky, kx). Two pixels at a
// time: a load serves both, the first with one tap and the second with the tap before it.
TARGET static inline __attribute__((always_inline)) void
NAME(taps)(const gsize count, const PctDepthwiseShape *s, const float *in, const float *d_out, int first, int end,
           int ky, int kx, float *d_weights)
{
  NAME(Vector) sums[13];
#pragma GCC unroll 16
  for (gsize k = 0; k < count; k++)
    sums[k] = AT(d_weights, k);
  int width = s->out_width;
  for (int y = MAX(first, s->top - ky); y < MIN(end, s->in_height + s->top - ky); y++) {
    const float *from = in + ((gssize)(y + ky - s->top) * s->in_width + kx) * LANES;
    const float *d = d_out + (gssize)y * width * LANES;
    int x = 0;
    for (; x + 2 <= width; x += 2, from += 2 * LANES, d += 2 * LANES) {
      NAME(Vector) left = AT(d, 0), right = AT(d, 1), pixel = AT(from, 0);
      // As above.
      __asm__("" : "+r"(from));
#pragma GCC unroll 16
      for (gsize k = 0; k < count; k++) {
        sums[k] += pixel * left;
        pixel = AT(from, k + 1);
        sums[k] += pixel * right;
      }
    }
    if (x < width) {
      NAME(Vector) last = AT(d, 0);
#pragma GCC unroll 16
      for (gsize k = 0; k < count; k++)
        sums[k] += AT(from, k) * last;
    }
  }
#pragma GCC unroll 16
  for (gsize k = 0; k < count; k++)
    *(NAME(Vector) *)(d_weights + k * LANES) = sums[k];
}

TARGET static void
NAME(weights)(const PctDepthwiseShape *s, const float *in, const float *d_out, float *d_weights)
{
  // A few rows stay in the first-level cache for all taps.
  for (int y = 0; y < s->out_height; y += ROWS)
    for (int ky = 0; ky < s->kernel[0]; ky++)
      for (int kx = 0, left; (left = s->kernel[1] - kx) > 0;) {
        float *to = d_weights + ((gssize)ky * s->kernel[1] + kx) * LANES;
        int count = left >= 13 ? 13 : left >= 7 ? 7 : left >= 5 ? 5 : left >= 3 ? 3 : 1;
        int end = MIN(y + ROWS, s->out_height);
        if (count == 13)
          NAME(taps)(13, s, in, d_out, y, end, ky, kx, to);
        else if (count == 7)
          NAME(taps)(7, s, in, d_out, y, end, ky, kx, to);
        else if (count == 5)
          NAME(taps)(5, s, in, d_out, y, end, ky, kx, to);
        else if (count == 3)
          NAME(taps)(3, s, in, d_out, y, end, ky, kx, to);
        else
          NAME(taps)(1, s, in, d_out, y, end, ky, kx, to);
        kx += count;
      }
}

static const PctDepthwiseKernels NAME(kernels) = { STRING(NAME_OF), LANES, NAME(pack), NAME(correlate), NAME(weights) };

#undef AT
