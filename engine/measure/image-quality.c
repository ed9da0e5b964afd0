// SPDX-License-Identifier: GPL-3.0-or-later
// Everything in double: a variance as a difference of large means would lose the fifth digit in float.
#include "measure/image-quality.h"
#include <math.h>
#include <string.h>

#define TAPS 11
#define RADIUS 5
#define SIGMA 1.5
#define MAPS 5  // a, b, a^2, b^2, a b

// The loops over a row are compiled for wider registers too and chosen when the program starts. No variant fuses a
// multiplication with an addition, so all give the same bits. (Clang's and the thread sanitizer's start-up do not get
// along with functions chosen then.)
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

PctWindow
pct_window_full(int height, int width)
{
  return (PctWindow){ 0, height, 0, width };
}

PctWindow
pct_window_central(int height, int width)
{
  return (PctWindow){ height / 4, height - height / 4, 18 * width / 64, 46 * width / 64 };
}

static inline double
clip(double value)
{
  return CLAMP(value, 0, 255);
}

double
pct_mse(const float *a, const float *b, int height, int width, PctWindow window)
{
  double sum = 0;
  for (int y = window.y0; y < window.y1; y++)
    for (int x = window.x0; x < window.x1; x++) {
      double difference = clip(a[y * width + x]) - b[y * width + x];
      sum += difference * difference;
    }
  return sum / ((double)(window.y1 - window.y0) * (window.x1 - window.x0));
}

double
pct_pixcorr(const float *a, const float *b, int height, int width, PctWindow window)
{
  double n = (double)(window.y1 - window.y0) * (window.x1 - window.x0), mean_a = 0, mean_b = 0;
  for (int y = window.y0; y < window.y1; y++)
    for (int x = window.x0; x < window.x1; x++) {
      mean_a += a[y * width + x];
      mean_b += b[y * width + x];
    }
  mean_a /= n;
  mean_b /= n;
  double aa = 0, bb = 0, ab = 0;
  for (int y = window.y0; y < window.y1; y++)
    for (int x = window.x0; x < window.x1; x++) {
      double da = a[y * width + x] - mean_a, db = b[y * width + x] - mean_b;
      aa += da * da;
      bb += db * db;
      ab += da * db;
    }
  // A flat picture's deviations are rounding alone: against a grey level's own size they are nothing.
  double tiny = 1e-12 * n;
  return aa <= tiny * (1 + mean_a * mean_a) || bb <= tiny * (1 + mean_b * mean_b) ? 0 : ab / sqrt(aa * bb);
}

// weights (TAPS,) sum to 1.
static void
gaussian(double *weights)
{
  double sum = 0;
  for (int i = 0; i < TAPS; i++)
    sum += weights[i] = exp(-0.5 * (i - RADIUS) * (i - RADIUS) / (SIGMA * SIGMA));
  for (int i = 0; i < TAPS; i++)
    weights[i] /= sum;
}

// out (n,) = the weighted sum of TAPS shifted reads of in; the kernel is symmetric.
WIDE static void
filter(double *restrict out, const double *restrict in, gsize stride, int n, const double *restrict weights)
{
  for (int x = 0; x < n; x++)
    out[x] = weights[RADIUS] * in[x + RADIUS * stride];
  for (int k = 0; k < RADIUS; k++) {
    const double *low = in + k * stride, *high = in + (TAPS - 1 - k) * stride;
    double weight = weights[k];
    for (int x = 0; x < n; x++)
      out[x] += weight * (low[x] + high[x]);
  }
}

// Sum of the structural similarity over one row of n windows; maps is MAPS rows of n filtered values.
WIDE static double
row_similarity(const double *const maps[MAPS], int n, double *restrict values, double c1, double c2)
{
  const double *restrict a = maps[0], *restrict b = maps[1], *restrict aa = maps[2], *restrict bb = maps[3],
                        *restrict ab = maps[4];
  for (int x = 0; x < n; x++) {
    double va = aa[x] - a[x] * a[x], vb = bb[x] - b[x] * b[x], vab = ab[x] - a[x] * b[x];
    values[x] = (2 * a[x] * b[x] + c1) * (2 * vab + c2) / ((a[x] * a[x] + b[x] * b[x] + c1) * (va + vb + c2));
  }
  double sum = 0;
  for (int x = 0; x < n; x++)
    sum += values[x];
  return sum;
}

// a, b (h,w) dense.
static double
similarity(const double *a, const double *b, int h, int w, double range)
{
  double weights[TAPS], c1 = 0.01 * range * (0.01 * range), c2 = 0.03 * range * (0.03 * range), sum = 0;
  int rows = h - TAPS + 1, columns = w - TAPS + 1;
  gaussian(weights);
  gsize map = (gsize)h * (gsize)columns;
  g_autofree double *across = g_new(double, MAPS * map + MAPS * (gsize)columns + (gsize)columns + (gsize)w);
  double *filtered = across + MAPS * map, *values = filtered + MAPS * columns, *product = values + columns;
  for (int y = 0; y < h; y++) {
    const double *ra = a + (gsize)y * w, *rb = b + (gsize)y * w, *factors[MAPS][2] = {
      { ra, NULL }, { rb, NULL }, { ra, ra }, { rb, rb }, { ra, rb },
    };
    for (int i = 0; i < MAPS; i++) {
      const double *row = factors[i][0];
      if (factors[i][1]) {
        for (int x = 0; x < w; x++)
          product[x] = row[x] * factors[i][1][x];
        row = product;
      }
      filter(across + i * map + (gsize)y * columns, row, 1, columns, weights);
    }
  }
  for (int y = 0; y < rows; y++) {
    const double *maps[MAPS];
    for (int i = 0; i < MAPS; i++) {
      filter(filtered + i * columns, across + i * map + (gsize)y * columns, columns, columns, weights);
      maps[i] = filtered + i * columns;
    }
    sum += row_similarity(maps, columns, values, c1, c2);
  }
  return sum / ((double)rows * columns);
}

// Copies a window; free with g_free.
static double *
crop(const float *picture, int width, PctWindow window)
{
  int h = window.y1 - window.y0, w = window.x1 - window.x0;
  double *out = g_new(double, (gsize)h * (gsize)w);
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      out[(gsize)y * w + x] = picture[(gsize)(window.y0 + y) * width + window.x0 + x];
  return out;
}

static gboolean
too_small(PctWindow window)
{
  return window.y1 - window.y0 < TAPS || window.x1 - window.x0 < TAPS;
}

double
pct_ssim(const float *a, const float *b, int height, int width, PctWindow window)
{
  if (too_small(window))
    return NAN;
  int h = window.y1 - window.y0, w = window.x1 - window.x0;
  g_autofree double *clipped = crop(a, width, window), *original = crop(b, width, window);
  for (gsize i = 0; i < (gsize)h * (gsize)w; i++)
    clipped[i] = clip(clipped[i]);
  return similarity(clipped, original, h, w, 255);
}

// A flat picture becomes zeros.
static void
stretch(double *picture, gsize n)
{
  double low = INFINITY, high = -INFINITY;
  for (gsize i = 0; i < n; i++) {
    low = MIN(low, picture[i]);
    high = MAX(high, picture[i]);
  }
  for (gsize i = 0; i < n; i++)
    picture[i] = high > low ? (picture[i] - low) / (high - low) : 0;
}

double
pct_ssim_min_max(const float *a, const float *b, int height, int width, PctWindow window)
{
  if (too_small(window))
    return NAN;
  int h = window.y1 - window.y0, w = window.x1 - window.x0;
  g_autofree double *stretched = crop(a, width, window), *original = crop(b, width, window);
  stretch(stretched, (gsize)h * (gsize)w);
  stretch(original, (gsize)h * (gsize)w);
  return similarity(stretched, original, h, w, 1);
}
