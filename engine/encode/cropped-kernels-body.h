// SPDX-License-Identifier: GPL-3.0-or-later
// Included by each-target.h for cropped-kernels.c, once an instruction set, with TARGET (an attribute), LANES (floats a
// vector) and NAME(x). No include guard: that is the point. Counts are constants wherever the inline functions are
// called, so that their sums are registers. A row is cut into nearly equal pieces of at most PIXELS: four pixels are
// enough to keep the multipliers busy, a rest of one or two is not.

typedef float NAME(Vector) __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));
typedef gint32 NAME(Integers) __attribute__((vector_size(LANES * sizeof(gint32)), aligned(4), may_alias));
#define AT(pointer, i) (*(NAME(Vector) *)((pointer) + (gssize)(i) * LANES))
#define PANEL (2 * LANES)

// Calls f(count, ...) with a constant count for x, the first pixel of each piece of a row.
#define FOR_PIECES(width, f, ...) \
  for (int x = 0, left_over = (width), n_pieces = ((width) + PIXELS - 1) / PIXELS; n_pieces > 0; n_pieces--) { \
    int count = (left_over + n_pieces - 1) / n_pieces; \
    switch (count) { \
      case 6: f(6, x, __VA_ARGS__); break; \
      case 5: f(5, x, __VA_ARGS__); break; \
      case 4: f(4, x, __VA_ARGS__); break; \
      case 3: f(3, x, __VA_ARGS__); break; \
      case 2: f(2, x, __VA_ARGS__); break; \
      default: f(1, x, __VA_ARGS__); break; \
    } \
    x += count; \
    left_over -= count; \
  }
G_STATIC_ASSERT(PIXELS == 6);

TARGET static inline __attribute__((always_inline)) NAME(Vector)
NAME(not_above_zero)(NAME(Vector) x)
{
  return (NAME(Vector))((NAME(Integers))x & (x < 0.0f));
}

// As pct_exp (nn/simd.h) for x <= 0, a vector at a time: max(x, 0) + exp(min(x, 0)) - 1.
TARGET static __attribute__((noinline)) void
NAME(elu)(float *values, int n_vectors)
{
  for (int i = 0; i < n_vectors; i++) {
    NAME(Vector) x = AT(values, i), low = NAME(not_above_zero)(x), high = x - low;
    NAME(Integers) finite = low > -87.0f, lowest = (NAME(Integers))((NAME(Vector)){ 0 } - 87.0f);
    low = (NAME(Vector))(((NAME(Integers))low & finite) | (lowest & ~finite));
    NAME(Vector) shifted = low * 1.44269504f + 0x1.8p23f, k = shifted - 0x1.8p23f;
    NAME(Vector) r = low - k * 0.693359375f + k * 2.12194440e-4f;
    NAME(Vector) series = 1 + r * (1 + r * (0.5f + r * (1 / 6.0f + r * (1 / 24.0f + r * (1 / 120.0f +
                          r * (1 / 720.0f + r * (1 / 5040.0f)))))));
    NAME(Vector) power = (NAME(Vector))(((NAME(Integers))shifted << 23) + 0x3f800000);
    AT(values, i) = high + (series * power - 1);
  }
}

// Which taps (first .. end-1) of the result's row y meet rows that are there; of pixels x .. x + count - 1, columns.
static inline void
NAME(rows_of)(const PctCroppedShape *s, int y, int *first, int *end)
{
  int from = y * s->row_step - s->top;
  *first = MIN(from < 0 ? (-from + s->tap_step - 1) / s->tap_step : 0, s->kernel_height);
  *end = from >= s->in_height ? 0 : MIN(s->kernel_height, (s->in_height - from + s->tap_step - 1) / s->tap_step);
}

static inline void
NAME(columns_of)(const PctCroppedShape *s, int x, int count, int *first, int *end)
{
  *first = MAX(0, s->first + s->left - x - count + 1);
  *end = MIN(s->kernel_width, s->end + s->left - x);
}

TARGET static inline __attribute__((always_inline)) void
NAME(convolve_piece)(const int count, int x, const gboolean image, const PctCroppedShape *s, const float *in,
                     const float *weights, int y, int top, int bottom, const float *bias, const float *gate, float *out)
{
  NAME(Vector) sums[PIXELS][2];
#pragma GCC unroll 8
  for (int r = 0; r < count; r++)
    sums[r][0] = sums[r][1] = (NAME(Vector)){ 0 };
  int first, end;
  NAME(columns_of)(s, x, count, &first, &end);
  for (int i = top; i < bottom; i++) {
    gssize row = (gssize)(y * s->row_step + i * s->tap_step - s->top) * s->in_stride + x - s->left;
    if (image) {
      const float *pixels = in + row + first, *w = weights + (gssize)(i * s->kernel_width + first) * PANEL;
      for (int j = first; j < end; j++, pixels++, w += PANEL) {
        NAME(Vector) w0 = AT(w, 0), w1 = AT(w, 1);
        __asm__("" : "+r"(pixels));
#pragma GCC unroll 8
        for (int r = 0; r < count; r++) {
          sums[r][0] += w0 * pixels[r];
          sums[r][1] += w1 * pixels[r];
        }
      }
      continue;
    }
    for (int j = first; j < end; j++) {
      const float *w = weights + (gssize)(i * s->kernel_width + j) * s->n_blocks * LANES * PANEL;
      const float *block = in + (row + j) * LANES;
      for (int b = 0; b < s->n_blocks; b++, block += s->in_block) {
        const float *pixels = block;
#pragma GCC unroll 2
        for (int c = 0; c < LANES; c++, pixels++, w += PANEL) {
          NAME(Vector) w0 = AT(w, 0), w1 = AT(w, 1);
          // Or the compiler gathers pixels for several channels, in registers that it does not have.
          __asm__("" : "+r"(pixels));
#pragma GCC unroll 8
          for (int r = 0; r < count; r++) {
            sums[r][0] += w0 * pixels[r * LANES];
            sums[r][1] += w1 * pixels[r * LANES];
          }
        }
      }
    }
  }
  gssize at = ((gssize)y * s->out_stride + x) * LANES;
#pragma GCC unroll 2
  for (int v = 0; v < 2; v++, at += (gssize)s->out_block) {
#pragma GCC unroll 8
    for (int r = 0; r < count; r++) {
      NAME(Vector) value = sums[r][v];
      if (bias)
        value += AT(bias, v);
      // An ELU's slope is 1 above 0 and its value + 1 below.
      if (gate)
        value *= NAME(not_above_zero)(AT(gate + at, r)) + 1;
      AT(out + at, r) = value;
    }
  }
}

// A 1x1 convolution between pictures of one layout knows no rows: pixels by the hundred, cut into full pieces, few
// enough that they are still in the first-level cache for their ELU.
TARGET static void
NAME(mix)(const PctCroppedShape *s, const float *in, const float *weights, const float *bias, gboolean elu,
          const float *gate, float *out)
{
  PctCroppedShape run = *s;
  for (int start = 0, n = s->out_height * s->out_width; start < n; start += MIX_PIXELS) {
    gssize at = (gssize)start * LANES;
    run.end = run.out_width = MIN(MIX_PIXELS, n - start);
    FOR_PIECES(run.out_width, NAME(convolve_piece), FALSE, &run, in + at, weights, 0, 0, 1, bias,
               gate ? gate + at : NULL, out + at)
    for (int v = 0; elu && v < 2; v++)
      NAME(elu)(out + at + (gsize)v * s->out_block, run.out_width);
  }
}

TARGET static void
NAME(convolve)(const PctCroppedShape *s, const float *in, const float *weights, const float *bias, gboolean elu,
               const float *gate, float *out)
{
  if (s->n_blocks > 0 && s->kernel_height == 1 && s->kernel_width == 1 && s->in_stride == s->out_width &&
      s->out_stride == s->out_width) {
    NAME(mix)(s, in, weights, bias, elu, gate, out);
    return;
  }
  for (int y = 0; y < s->out_height; y++) {
    int top, bottom;
    NAME(rows_of)(s, y, &top, &bottom);
    if (s->n_blocks == 0) {
      FOR_PIECES(s->out_width, NAME(convolve_piece), TRUE, s, in, weights, y, top, bottom, bias, gate, out)
    } else {
      FOR_PIECES(s->out_width, NAME(convolve_piece), FALSE, s, in, weights, y, top, bottom, bias, gate, out)
    }
    for (int v = 0; elu && v < 2; v++)
      NAME(elu)(out + (gsize)v * s->out_block + (gssize)y * s->out_stride * LANES, s->out_width);
  }
}

// A row of in goes into two rows of the result, by two rows of the kernel: a pixel is loaded once for both.
TARGET static inline __attribute__((always_inline)) void
NAME(depthwise_row)(const int count, const gboolean upper, const gboolean lower, int first, int end, const float *in,
                    const float *up, const float *low, NAME(Vector) sums[2][PIXELS])
{
  in += first * LANES;
  for (int j = first; j < end; j++, in += LANES) {
    NAME(Vector) a = AT(up, j), b = AT(low, j);
    // As above.
    __asm__("" : "+r"(in));
#pragma GCC unroll 8
    for (int r = 0; r < count; r++) {
      NAME(Vector) pixel = AT(in, r);
      if (upper)
        sums[0][r] += a * pixel;
      if (lower)
        sums[1][r] += b * pixel;
    }
  }
}

TARGET static inline __attribute__((always_inline)) void
NAME(depthwise_piece)(const int count, int x, const gboolean two, const PctCroppedShape *s, const float *in,
                      const float *weights, int y, float *out)
{
  NAME(Vector) sums[2][PIXELS];
#pragma GCC unroll 8
  for (int r = 0; r < count; r++)
    sums[0][r] = sums[1][r] = (NAME(Vector)){ 0 };
  int first, end, from = y - s->top, k = s->kernel_height;
  NAME(columns_of)(s, x, count, &first, &end);
  gssize row = (gssize)s->in_stride * LANES, tap = (gssize)s->kernel_width * LANES;
  in += (gssize)(x - s->left) * LANES;
  if (!two) {
    for (int q = MAX(from, 0); q < MIN(from + k, s->in_height); q++)
      NAME(depthwise_row)(count, TRUE, FALSE, first, end, in + q * row, weights + (q - from) * tap, weights, sums);
  } else {
    if (from >= 0 && from < s->in_height)
      NAME(depthwise_row)(count, TRUE, FALSE, first, end, in + from * row, weights, weights, sums);
    for (int q = MAX(from + 1, 0); q < MIN(from + k, s->in_height); q++)
      NAME(depthwise_row)(count, TRUE, TRUE, first, end, in + q * row, weights + (q - from) * tap,
                          weights + (q - from - 1) * tap, sums);
    if (from + k >= 0 && from + k < s->in_height)
      NAME(depthwise_row)(count, FALSE, TRUE, first, end, in + (from + k) * row, weights, weights + (k - 1) * tap,
                          sums);
  }
  out += ((gssize)y * s->out_stride + x) * LANES;
#pragma GCC unroll 8
  for (int r = 0; r < count; r++) {
    AT(out, r) = sums[0][r];
    if (two)
      AT(out, s->out_stride + r) = sums[1][r];
  }
}

TARGET static void
NAME(depthwise)(const PctCroppedShape *s, const float *in, const float *weights, float *out)
{
  int y = 0;
  for (; y + 2 <= s->out_height; y += 2) {
    FOR_PIECES(s->out_width, NAME(depthwise_piece), TRUE, s, in, weights, y, out)
  }
  if (y < s->out_height) {
    FOR_PIECES(s->out_width, NAME(depthwise_piece), FALSE, s, in, weights, y, out)
  }
}

// Two vectors of taps at a time, in the order of (row, vector) of the kernel; the second may be beyond the last.
TARGET static inline __attribute__((always_inline)) void
NAME(spread_piece)(const int count, int x, const float *row, int n_blocks, gsize in_block, const float *weights,
                   float *to_first, float *to_second)
{
  NAME(Vector) sums[PIXELS][2];
#pragma GCC unroll 8
  for (int r = 0; r < count; r++)
    sums[r][0] = sums[r][1] = (NAME(Vector)){ 0 };
  const float *block = row + (gssize)x * LANES, *w = weights;
  for (int b = 0; b < n_blocks; b++, block += in_block) {
    const float *pixels = block;
#pragma GCC unroll 2
    for (int c = 0; c < LANES; c++, pixels++, w += PANEL) {
      NAME(Vector) w0 = AT(w, 0), w1 = AT(w, 1);
      __asm__("" : "+r"(pixels));
#pragma GCC unroll 8
      for (int r = 0; r < count; r++) {
        sums[r][0] += w0 * pixels[r * LANES];
        sums[r][1] += w1 * pixels[r * LANES];
      }
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < count; r++)
    AT(to_first + x + r, 0) += sums[r][0];
  if (!to_second)
    return;
#pragma GCC unroll 8
  for (int r = 0; r < count; r++)
    AT(to_second + x + r, 0) += sums[r][1];
}

TARGET static void
NAME(spread)(const float *row, int width, int n_blocks, gsize in_block, const float *weights, int height,
             int kernel_width, float *image, gsize step)
{
  int a_row = (kernel_width + LANES - 1) / LANES, n = height * a_row;
  for (int u = 0; u < n; u += 2, weights += (gssize)n_blocks * LANES * PANEL) {
    float *to_first = image + (gsize)(u / a_row) * step + u % a_row * LANES;
    float *to_second = u + 1 < n ? image + (gsize)((u + 1) / a_row) * step + (u + 1) % a_row * LANES : NULL;
    FOR_PIECES(width, NAME(spread_piece), row, n_blocks, in_block, weights, to_first, to_second)
  }
}

TARGET static void
NAME(combine)(const float *products, int width, const float *bias, gboolean elu, float *upper, float *lower,
              gsize out_block)
{
  gssize n = (gssize)width * LANES;
  for (int v = 0; v < 2; v++, products += n, upper += out_block) {
    NAME(Vector) b = AT(bias, v);
    const float *m1 = products + 2 * n, *m2 = products + 4 * n, *m3 = products + 6 * n;
    for (int x = 0; x < width; x++)
      AT(upper, x) = AT(products, x) + AT(m1, x) + AT(m2, x) + b;
    if (elu)
      NAME(elu)(upper, width);
    if (!lower)
      continue;
    for (int x = 0; x < width; x++)
      AT(lower, x) = AT(m1, x) - AT(m2, x) + AT(m3, x) + b;
    if (elu)
      NAME(elu)(lower, width);
    lower += out_block;
  }
}

static const PctCroppedKernels NAME(kernels) = { STRING(NAME_OF), LANES, NAME(convolve), NAME(depthwise), NAME(spread),
                                                 NAME(combine) };

#undef AT
#undef PANEL
#undef FOR_PIECES
