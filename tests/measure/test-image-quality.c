// SPDX-License-Identifier: GPL-3.0-or-later
// MSE, PixCorr and SSIM against scikit-image 0.19.3 and numpy 1.24.2 (Debian 12's python3-skimage). The pictures are
// integer formulae, the same on both sides:
//   y, x = numpy.mgrid[0:h, 0:w]
//   b = (3*x*x + 5*y*y + 7*x*y) // 16 % 256
//   a = (3*b + 4*((29*x + 43*y) % 101)) // 3 - 60          (-60 .. 325: clipping matters)
// and with a, b the window's pixels as float64, c = numpy.clip(a, 0, 255), mm(p) = (p - p.min()) / (p.max() - p.min()):
//   mse      ((c - b)**2).mean()
//   pixcorr  numpy.corrcoef(a.ravel(), b.ravel())[0, 1]
//   ssim     skimage.metrics.structural_similarity(c, b, gaussian_weights=True, sigma=1.5, use_sample_covariance=False,
//            data_range=255), whose mean leaves out the 5 pixels at the border; ssim_min_max the same of mm(a), mm(b)
//            with data_range=1
#include <math.h>
#include "measure/image-quality.h"

static void
draw(int height, int width, float *a, float *b)
{
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      int original = (3 * x * x + 5 * y * y + 7 * x * y) / 16 % 256;
      b[y * width + x] = (float)original;
      a[y * width + x] = (float)((3 * original + 4 * ((29 * x + 43 * y) % 101)) / 3 - 60);
    }
}

static void
test_reference(void)
{
  static const struct {
    int height, width;
    gboolean central;
    double mse, pixcorr, ssim, ssim_min_max;
  } cases[] = {
    { 36, 64, FALSE, 1352.581597, 0.88395500, 0.78561833, 0.77414011 },
    { 36, 64, TRUE, 1346.357143, 0.88623235, 0.82500325, 0.80849149 },
    { 25, 31, FALSE, 1382.153548, 0.87978060, 0.57694704, 0.60930031 },
    { 25, 31, TRUE, 1493.571429, 0.84220352, 0.50384930, 0.56308458 },
    { 112, 112, FALSE, 1337.519930, 0.88553130, 0.87119106, 0.83754393 },
    { 112, 112, TRUE, 1357.747813, 0.88286003, 0.88467761, 0.85115321 },
    { 41, 70, FALSE, 1357.547387, 0.88434885, 0.80629204, 0.78872891 },
    { 41, 70, TRUE, 1341.519201, 0.88556544, 0.85119219, 0.82961895 },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    int h = cases[i].height, w = cases[i].width;
    g_autofree float *a = g_new(float, h * w), *b = g_new(float, h * w);
    draw(h, w, a, b);
    PctWindow window = cases[i].central ? pct_window_central(h, w) : pct_window_full(h, w);
    g_assert_cmpfloat_with_epsilon(pct_mse(a, b, h, w, window), cases[i].mse, 1e-5);
    g_assert_cmpfloat_with_epsilon(pct_pixcorr(a, b, h, w, window), cases[i].pixcorr, 1e-7);
    g_assert_cmpfloat_with_epsilon(pct_ssim(a, b, h, w, window), cases[i].ssim, 1e-7);
    g_assert_cmpfloat_with_epsilon(pct_ssim_min_max(a, b, h, w, window), cases[i].ssim_min_max, 1e-7);
  }
}

static void
test_windows(void)
{
  PctWindow central = pct_window_central(36, 64), full = pct_window_full(36, 64), odd = pct_window_central(37, 50);
  g_assert_cmpint(central.y0, ==, 9);
  g_assert_cmpint(central.y1, ==, 27);
  g_assert_cmpint(central.x0, ==, 18);
  g_assert_cmpint(central.x1, ==, 46);
  g_assert_cmpint(full.y1 - full.y0, ==, 36);
  g_assert_cmpint(full.x1 - full.x0, ==, 64);
  g_assert_cmpint(odd.y0, ==, 9);   // floor(37/4)
  g_assert_cmpint(odd.y1, ==, 28);  // 37 - 9
  g_assert_cmpint(odd.x0, ==, 14);  // floor(18*50/64)
  g_assert_cmpint(odd.x1, ==, 35);  // floor(46*50/64)
}

static void
test_extremes(void)
{
  enum { H = 20, W = 20 };
  float a[H * W], b[H * W], flat[H * W], beyond[H * W];
  draw(H, W, a, b);
  for (int i = 0; i < H * W; i++) {
    flat[i] = 100.3f;
    beyond[i] = 2 * b[i] + 1000;
  }
  PctWindow full = pct_window_full(H, W), small = { 0, 10, 0, 20 };
  g_assert_cmpfloat(pct_mse(b, b, H, W, full), ==, 0);
  g_assert_cmpfloat_with_epsilon(pct_pixcorr(b, b, H, W, full), 1, 1e-12);
  g_assert_cmpfloat_with_epsilon(pct_ssim(b, b, H, W, full), 1, 1e-12);
  // A correlation has no scale and is not clipped; an error has, and is.
  g_assert_cmpfloat_with_epsilon(pct_pixcorr(beyond, b, H, W, full), 1, 1e-9);
  g_assert_cmpfloat_with_epsilon(pct_ssim_min_max(beyond, b, H, W, full), 1, 1e-6);
  double expected = 0;
  for (int i = 0; i < H * W; i++)
    expected += (255.0 - b[i]) * (255.0 - b[i]) / (H * W);
  g_assert_cmpfloat_with_epsilon(pct_mse(beyond, b, H, W, full), expected, 1e-6);
  g_assert_cmpfloat(pct_pixcorr(flat, b, H, W, full), ==, 0);
  g_assert_cmpfloat(pct_pixcorr(b, flat, H, W, full), ==, 0);
  g_assert_true(isfinite(pct_ssim_min_max(flat, b, H, W, full)));
  g_assert_true(isnan(pct_ssim(a, b, H, W, small)));
  g_assert_true(isnan(pct_ssim_min_max(a, b, H, W, small)));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/image-quality/reference", test_reference);
  g_test_add_func("/image-quality/windows", test_windows);
  g_test_add_func("/image-quality/extremes", test_extremes);
  return g_test_run();
}
