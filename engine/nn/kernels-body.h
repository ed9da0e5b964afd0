// SPDX-License-Identifier: GPL-3.0-or-later
// Included by each-target.h for kernels.c, once an instruction set, with TARGET (an attribute), LANES (floats a vector),
// ROWS (of accumulators held in registers) and NAME(x). No include guard: that is the point.

typedef float NAME(Vector) __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));
#define VECTORS (PCT_PANEL / LANES)

// `count` rows of one panel; a constant wherever it is called, so that the accumulators are registers.
TARGET static inline __attribute__((always_inline)) void
NAME(rows_of_panel)(const gsize count, gsize n_taps, gsize n_channels, gsize n, const float *const *in,
                    const float *zeros, const float *panel, float *const *out, gsize column, const float *bias, float beta)
{
  NAME(Vector) sums[ROWS][VECTORS];
#pragma GCC unroll 16
  for (gsize r = 0; r < count; r++)
#pragma GCC unroll 4
    for (gsize v = 0; v < VECTORS; v++)
      sums[r][v] = (NAME(Vector)){ 0 };
  for (gsize t = 0; t < n_taps; t++) {
    const float *rows[ROWS];
    gboolean nothing = TRUE;
#pragma GCC unroll 16
    for (gsize r = 0; r < count; r++) {
      rows[r] = in[r * n_taps + t];
      nothing = nothing && rows[r] == zeros;
    }
    if (nothing) {
      panel += n_channels * PCT_PANEL;
      continue;
    }
    for (gsize c = 0; c < n_channels; c++, panel += PCT_PANEL) {
      NAME(Vector) weights[VECTORS];
#pragma GCC unroll 4
      for (gsize v = 0; v < VECTORS; v++)
        weights[v] = *(const NAME(Vector) *)(panel + v * LANES);
#pragma GCC unroll 16
      for (gsize r = 0; r < count; r++)
#pragma GCC unroll 4
        for (gsize v = 0; v < VECTORS; v++)
          sums[r][v] += weights[v] * rows[r][c];
    }
  }
  gsize width = MIN(PCT_PANEL, n - column);
#pragma GCC unroll 16
  for (gsize r = 0; r < count; r++) {
    float *to = out[r] + column;
    if (width == PCT_PANEL) {
#pragma GCC unroll 4
      for (gsize v = 0; v < VECTORS; v++) {
        NAME(Vector) value = sums[r][v];
        if (bias)
          value += *(const NAME(Vector) *)(bias + column + v * LANES);
        if (beta != 0)
          value += *(const NAME(Vector) *)(to + v * LANES);
        *(NAME(Vector) *)(to + v * LANES) = value;
      }
    } else {
      float values[PCT_PANEL];
      memcpy(values, sums[r], sizeof values);
      for (gsize i = 0; i < width; i++)
        to[i] = values[i] + (bias ? bias[column + i] : 0) + (beta != 0 ? to[i] : 0);
    }
  }
}

TARGET static void
NAME(indirect)(gsize rows, gsize n_taps, gsize n_channels, gsize n, const float *const *in, const float *zeros,
               const float *panels, float *const *out, const float *bias, float beta)
{
  // A panel stays in the cache while all rows pass.
  for (gsize column = 0; column < n; column += PCT_PANEL, panels += n_taps * n_channels * PCT_PANEL) {
    gsize r = 0;
    for (; r + ROWS <= rows; r += ROWS)
      NAME(rows_of_panel)(ROWS, n_taps, n_channels, n, in + r * n_taps, zeros, panels, out + r, column, bias, beta);
    for (; r < rows; r++)
      NAME(rows_of_panel)(1, n_taps, n_channels, n, in + r * n_taps, zeros, panels, out + r, column, bias, beta);
  }
}

TARGET static inline __attribute__((always_inline)) void
NAME(outer_block)(const gsize count, gsize rows, gsize n, const float *const *a, gsize a_step, const float *const *b,
                  gsize b_step, gsize first, gsize column, float *c)
{
  NAME(Vector) sums[MAX(ROWS, 4)][VECTORS];
#pragma GCC unroll 16
  for (gsize i = 0; i < count; i++)
#pragma GCC unroll 4
    for (gsize v = 0; v < VECTORS; v++)
      sums[i][v] = (NAME(Vector)){ 0 };
  for (gsize r = 0; r < rows; r++) {
    const float *x = a[r * a_step] + first, *y = b[r * b_step] + column;
    NAME(Vector) right[VECTORS];
#pragma GCC unroll 4
    for (gsize v = 0; v < VECTORS; v++)
      right[v] = *(const NAME(Vector) *)(y + v * LANES);
#pragma GCC unroll 16
    for (gsize i = 0; i < count; i++)
#pragma GCC unroll 4
      for (gsize v = 0; v < VECTORS; v++)
        sums[i][v] += right[v] * x[i];
  }
#pragma GCC unroll 16
  for (gsize i = 0; i < count; i++)
#pragma GCC unroll 4
    for (gsize v = 0; v < VECTORS; v++)
      *(NAME(Vector) *)(c + i * n + v * LANES) += sums[i][v];
}

TARGET static void
NAME(outer)(gsize rows, gsize k, gsize n, const float *const *a, gsize a_step, const float *const *b, gsize b_step, float *c)
{
  for (gsize column = 0; column < n; column += PCT_PANEL) {
    gsize i = 0;
    for (; i + ROWS <= k; i += ROWS)
      NAME(outer_block)(ROWS, rows, n, a, a_step, b, b_step, i, column, c + i * n + column);
    for (; i + 4 <= k; i += 4)
      NAME(outer_block)(4, rows, n, a, a_step, b, b_step, i, column, c + i * n + column);
    for (; i + 3 <= k; i += 3)
      NAME(outer_block)(3, rows, n, a, a_step, b, b_step, i, column, c + i * n + column);
    for (; i + 2 <= k; i += 2)
      NAME(outer_block)(2, rows, n, a, a_step, b, b_step, i, column, c + i * n + column);
    if (i < k)
      NAME(outer_block)(1, rows, n, a, a_step, b, b_step, i, column, c + i * n + column);
  }
}

static const PctKernels NAME(kernels) = { STRING(NAME_OF), NAME(indirect), NAME(outer) };

#undef VECTORS
