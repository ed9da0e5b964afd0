// SPDX-License-Identifier: GPL-3.0-or-later
// Bands of frequency against the direct Fourier transform of the mirrored picture, sum by sum, and on pictures whose
// answer is known.
#include <complex.h>
#include <math.h>
#include "base/blas.h"
#include "base/random.h"
#include "measure/frequency.h"

// Coefficient (v, u) of the picture (h,w), mirrored to (2h,2w), at exp(-2 pi i (v y / 2h + u x / 2w)).
static double complex
direct(const double *picture, int h, int w, int v, int u)
{
  double complex sum = 0;
  for (int y = 0; y < 2 * h; y++)
    for (int x = 0; x < 2 * w; x++) {
      int my = y < h ? y : 2 * h - 1 - y, mx = x < w ? x : 2 * w - 1 - x;
      sum += picture[my * w + mx] * cexp(-2 * G_PI * I * ((double)v * y / (2 * h) + (double)u * x / (2 * w)));
    }
  return sum;
}

static void
naive(const double *a, const double *b, int h, int w, double *out)
{
  double aa[PCT_N_BANDS] = { 0 }, bb[PCT_N_BANDS] = { 0 }, ab[PCT_N_BANDS] = { 0 };
  for (int v = -h; v < h; v++)
    for (int u = -w; u < w; u++) {
      if (v == 0 && u == 0)
        continue;
      double fy = (double)v / (2 * h), fx = (double)u / (2 * w), frequency = sqrt(fy * fy + fx * fx);
      int band = frequency < 1.0 / 32 + 1e-9   ? 0
                 : frequency < 1.0 / 16 + 1e-9 ? 1
                 : frequency < 1.0 / 8 + 1e-9  ? 2
                 : frequency < 1.0 / 4 + 1e-9  ? 3
                                               : 4;
      double complex ca = direct(a, h, w, v, u), cb = direct(b, h, w, v, u);
      aa[band] += creal(ca * conj(ca));
      bb[band] += creal(cb * conj(cb));
      ab[band] += creal(ca * conj(cb));
    }
  for (int band = 0; band < PCT_N_BANDS; band++)
    out[band] = ab[band] / sqrt(aa[band] * bb[band]);
}

static void
test_direct(void)
{
  static const struct { int h, w, stride, y, x; } sizes[] = { { 9, 16, 20, 2, 3 }, { 7, 5, 5, 0, 0 }, { 18, 13, 13, 1, 0 } };
  for (guint s = 0; s < G_N_ELEMENTS(sizes); s++) {
    int h = sizes[s].h, w = sizes[s].w, stride = sizes[s].stride, rows = h + sizes[s].y;
    PctWindow window = { sizes[s].y, sizes[s].y + h, sizes[s].x, sizes[s].x + w };
    g_autofree float *a = g_new(float, rows * stride), *b = g_new(float, rows * stride);
    pct_random_fill_normal(a, (gsize)(rows * stride), 1, s);
    pct_random_fill_normal(b, (gsize)(rows * stride), 2, s);
    g_autofree double *ca = g_new(double, h * w), *cb = g_new(double, h * w);
    for (int y = 0; y < rows; y++)
      for (int x = 0; x < stride; x++) {
        b[y * stride + x] = 100 + 20 * b[y * stride + x] + 15 * a[y * stride + x];
        a[y * stride + x] = 130 + 30 * a[y * stride + x];
      }
    for (int y = 0; y < h; y++)
      for (int x = 0; x < w; x++) {
        ca[y * w + x] = a[(y + window.y0) * stride + x + window.x0];
        cb[y * w + x] = b[(y + window.y0) * stride + x + window.x0];
      }
    double found[PCT_N_BANDS], expected[PCT_N_BANDS];
    g_autoptr(PctFrequency) frequency = pct_frequency_new(h, w);
    pct_frequency_correlate(frequency, a, b, stride, window, found);
    naive(ca, cb, h, w, expected);
    for (int band = 0; band < PCT_N_BANDS; band++) {
      // Half a period a frame is the lowest there is.
      g_assert_true(isnan(found[band]) == (0.5 / MAX(h, w) > pct_band_get_highest(band)));
      if (isfinite(found[band]))
        g_assert_cmpfloat_with_epsilon(found[band], expected[band], 1e-5);
    }
  }
}

// A coarse wave that both share and a fine one that they have with opposite signs.
static void
test_known(void)
{
  enum { H = 32, W = 48 };
  float a[H * W], b[H * W], flat[H * W];
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++) {
      double coarse = 20 * cos(G_PI * 2 * (x + 0.5) / W), fine = 10 * cos(G_PI * 20 * (y + 0.5) / H);
      a[y * W + x] = (float)(120 + coarse + fine);
      b[y * W + x] = (float)(60 + 2 * coarse - fine);
      flat[y * W + x] = 77;
    }
  double found[PCT_N_BANDS];
  g_autoptr(PctFrequency) frequency = pct_frequency_new(H, W);
  PctWindow window = pct_window_full(H, W);
  pct_frequency_correlate(frequency, a, b, W, window, found);
  // 1 / 48 and 10 / 32 cycles a pixel.
  g_assert_cmpfloat_with_epsilon(found[0], 1, 1e-6);
  g_assert_cmpfloat_with_epsilon(found[4], -1, 1e-6);
  for (int band = 1; band < 4; band++)
    g_assert_cmpfloat(found[band], ==, 0);
  pct_frequency_correlate(frequency, a, flat, W, window, found);
  for (int band = 0; band < PCT_N_BANDS; band++)
    g_assert_cmpfloat(found[band], ==, 0);
}

// A ramp has a jump between its edges, but nothing fine: the mirror keeps it where it is.
static void
test_no_edge(void)
{
  enum { H = 36, W = 64 };
  float ramp[H * W], other[H * W];
  PctRandom random = pct_random(8, 8);
  for (int i = 0; i < H * W; i++) {
    ramp[i] = (float)(i % W);
    other[i] = ramp[i] + (float)pct_random_normal(&random);
  }
  double found[PCT_N_BANDS];
  g_autoptr(PctFrequency) frequency = pct_frequency_new(H, W);
  pct_frequency_correlate(frequency, ramp, other, W, pct_window_full(H, W), found);
  g_assert_cmpfloat(found[0], >, 0.99);
  // The plain transform would find 1 / f of the jump there, and a correlation of about a half.
  g_assert_cmpfloat(fabs(found[4]), <, 0.1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_test_add_func("/frequency/direct", test_direct);
  g_test_add_func("/frequency/known", test_known);
  g_test_add_func("/frequency/no-edge", test_no_edge);
  return g_test_run();
}
