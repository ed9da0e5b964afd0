// SPDX-License-Identifier: GPL-3.0-or-later
// Losses against their definitions in double precision, gradients against central differences of those.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "nn/loss.h"
#include "nn/ssim-loss.h"

#define N 1003

typedef double (*Loss)(const float *prediction, const float *target, gsize n, float *gradient);

static double
naive_mse(double p, double t)
{
  return (p - t) * (p - t);
}

static double
naive_l1(double p, double t)
{
  return fabs(p - t);
}

static double
naive_bce(double p, double t)
{
  return -t * log(1 / (1 + exp(-p))) - (1 - t) * log(1 / (1 + exp(p)));
}

static double
naive_poisson(double p, double t)
{
  return p - fmax(t, 0) * log(p + 1e-8);
}

static double
bce_of_ones(const float *prediction, const float *target, gsize n, float *gradient)
{
  return pct_loss_bce_constant(prediction, 1, n, gradient);
}

static double
naive_bce_of_ones(double p, double t)
{
  return naive_bce(p, 1);
}

typedef struct {
  const char *name;
  Loss loss;
  double (*naive)(double p, double t);
  gboolean positive, probability;
} Case;

static const Case cases[] = {
  { "mse", pct_loss_mse, naive_mse },
  { "l1", pct_loss_l1, naive_l1 },
  { "bce", pct_loss_bce, naive_bce, .probability = TRUE },
  { "bce-constant", bce_of_ones, naive_bce_of_ones },
  { "poisson", pct_loss_poisson, naive_poisson, .positive = TRUE },
};

static void
test_loss(gconstpointer data)
{
  const Case *c = data;
  float p[N], t[N], gradient[N];
  pct_random_fill_normal(p, N, 1, 1);
  pct_random_fill_normal(t, N, 1, 2);
  for (int i = 0; i < N; i++) {
    p[i] = c->positive ? fabsf(p[i]) + 0.1f : 3 * p[i];
    t[i] = c->probability ? 1 / (1 + expf(-t[i])) : t[i];
  }
  for (gsize n = 1; n <= N; n = n * 3 + 1) {
    double expected = 0;
    for (gsize i = 0; i < n; i++)
      expected += c->naive(p[i], t[i]) / (double)n;
    g_assert_cmpfloat_with_epsilon(c->loss(p, t, n, gradient), expected, 1e-9 * (1 + fabs(expected)));
    g_assert_true(c->loss(p, t, n, NULL) == c->loss(p, t, n, gradient));
    for (gsize i = 0; i < n; i++) {
      double slope = (c->naive(p[i] + 1e-6, t[i]) - c->naive(p[i] - 1e-6, t[i])) / 2e-6;
      g_assert_cmpfloat_with_epsilon(gradient[i] * (double)n, slope, 1e-5 * (1 + fabs(slope)));
    }
  }
  p[N / 2] = NAN;
  g_assert_true(isnan(c->loss(p, t, N, gradient)));
}

static void
test_bce_extremes(void)
{
  float p[] = { 200, -200, 200, -200, 0 }, t[] = { 1, 0, 0, 1, 0.5f }, gradient[5];
  double loss = pct_loss_bce(p, t, 5, gradient);
  g_assert_cmpfloat_with_epsilon(loss, (400 + log(2)) / 5, 1e-9);
  const double expected[] = { 0, 0, 1, -1, 0 };
  for (int i = 0; i < 5; i++)
    g_assert_cmpfloat_with_epsilon(gradient[i] * 5, expected[i], 1e-9);
}

// Structural similarity by its definition, window by window.
static double
naive_ssim(const double *a, const double *b, int height, int width)
{
  double weights[11][11], sum = 0, total = 0;
  int n = 0;
  for (int y = 0; y < 11; y++)
    for (int x = 0; x < 11; x++)
      sum += weights[y][x] = exp(-((y - 5) * (y - 5) + (x - 5) * (x - 5)) / 4.5);
  for (int top = 0; top + 11 <= height; top++)
    for (int left = 0; left + 11 <= width; left++, n++) {
      double ma = 0, mb = 0, va = 0, vb = 0, v = 0;
      for (int y = 0; y < 11; y++)
        for (int x = 0; x < 11; x++) {
          ma += weights[y][x] / sum * a[(top + y) * width + left + x];
          mb += weights[y][x] / sum * b[(top + y) * width + left + x];
        }
      for (int y = 0; y < 11; y++)
        for (int x = 0; x < 11; x++) {
          double da = a[(top + y) * width + left + x] - ma, db = b[(top + y) * width + left + x] - mb;
          va += weights[y][x] / sum * da * da;
          vb += weights[y][x] / sum * db * db;
          v += weights[y][x] / sum * da * db;
        }
      const double c1 = 2.55 * 2.55, c2 = 7.65 * 7.65;
      total += (2 * ma * mb + c1) * (2 * v + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
    }
  return total / n;
}

#define HEIGHT 14
#define WIDTH 19
#define PIXELS (HEIGHT * WIDTH)
#define BATCH 3

typedef struct {
  const char *name;
  float scale, offset;
  gboolean logarithm;
} SsimCase;

static const SsimCase ssim_cases[] = { { "grey", 1, 0, FALSE }, { "grey-logarithm", 1, 0, TRUE },
                                       { "scaled", 60, 110, FALSE }, { "scaled-logarithm", -60, 110, TRUE } };

static double
naive_ssim_loss(const SsimCase *c, const double *a, const double *b)
{
  double grey_a[PIXELS], grey_b[PIXELS];
  for (int i = 0; i < PIXELS; i++) {
    grey_a[i] = (double)c->scale * a[i] + (double)c->offset;
    grey_b[i] = (double)c->scale * b[i] + (double)c->offset;
  }
  double ssim = naive_ssim(grey_a, grey_b, HEIGHT, WIDTH);
  return c->logarithm ? -log((ssim + 1) / 2) : 1 - ssim;
}

static void
test_ssim(gconstpointer data)
{
  const SsimCase *c = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  PctSsimLossOptions options = { HEIGHT, WIDTH, c->scale, c->offset, c->logarithm };
  g_autoptr(PctSsimLoss) loss = pct_ssim_loss_new(&options, BATCH, NULL, &error);
  g_autoptr(PctSsimLoss) shared = pct_ssim_loss_new(&options, BATCH, pool, &error);
  g_assert_no_error(error);
  float a[BATCH * PIXELS], b[BATCH * PIXELS], gradient[BATCH * PIXELS], other[BATCH * PIXELS];
  double wide_a[BATCH * PIXELS], wide_b[BATCH * PIXELS], expected = 0;
  pct_random_fill_normal(a, G_N_ELEMENTS(a), 1, 1);
  pct_random_fill_normal(b, G_N_ELEMENTS(b), 1, 2);
  for (guint i = 0; i < G_N_ELEMENTS(a); i++) {
    // Half alike, in the units at hand; one picture is flat.
    b[i] = i < PIXELS ? 0 : 0.5f * a[i] + b[i];
    wide_a[i] = a[i] = (110 + 60 * a[i] - c->offset) / c->scale;
    wide_b[i] = b[i] = (110 + 60 * b[i] - c->offset) / c->scale;
  }
  for (int k = 0; k < BATCH; k++)
    expected += naive_ssim_loss(c, wide_a + k * PIXELS, wide_b + k * PIXELS) / BATCH;
  double found = pct_ssim_loss(loss, a, b, BATCH, gradient);
  g_assert_cmpfloat_with_epsilon(found, expected, 1e-5);
  g_assert_true(found == pct_ssim_loss(loss, a, b, BATCH, NULL));
  g_assert_true(found == pct_ssim_loss(shared, a, b, BATCH, other));
  g_assert_true(memcmp(gradient, other, sizeof gradient) == 0);
  double typical = 0;
  for (int i = 0; i < BATCH * PIXELS; i++)
    typical += fabs((double)gradient[i]) / (BATCH * PIXELS);
  for (int i = 0; i < BATCH * PIXELS; i += 7) {
    const double *picture = wide_b + i / PIXELS * PIXELS;
    double kept = wide_a[i], step = 1e-4;
    wide_a[i] = kept + step;
    double up = naive_ssim_loss(c, wide_a + i / PIXELS * PIXELS, picture);
    wide_a[i] = kept - step;
    double down = naive_ssim_loss(c, wide_a + i / PIXELS * PIXELS, picture);
    wide_a[i] = kept;
    double slope = (up - down) / (2 * step) / BATCH;
    g_assert_cmpfloat_with_epsilon(gradient[i], slope, 1e-3 * (fabs(slope) + 0.1 * typical));
  }
}

static void
test_ssim_of_itself(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctSsimLoss) loss = pct_ssim_loss_new(&(PctSsimLossOptions){ 11, 11, 1, 0, FALSE }, 1, NULL, &error);
  g_assert_no_error(error);
  float a[121], gradient[121];
  pct_random_fill_uniform(a, 121, 1, 1);
  for (int i = 0; i < 121; i++)
    a[i] *= 255;
  g_assert_cmpfloat_with_epsilon(pct_ssim_loss(loss, a, a, 1, gradient), 0, 1e-6);
  for (int i = 0; i < 121; i++)
    g_assert_cmpfloat_with_epsilon(gradient[i], 0, 1e-7);
  g_assert_null(pct_ssim_loss_new(&(PctSsimLossOptions){ 10, 64, 1, 0, FALSE }, 1, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strconcat("/loss/", cases[i].name, NULL);
    g_test_add_data_func(path, &cases[i], test_loss);
  }
  g_test_add_func("/loss/bce-extremes", test_bce_extremes);
  for (guint i = 0; i < G_N_ELEMENTS(ssim_cases); i++) {
    g_autofree char *path = g_strconcat("/loss/ssim/", ssim_cases[i].name, NULL);
    g_test_add_data_func(path, &ssim_cases[i], test_ssim);
  }
  g_test_add_func("/loss/ssim/of-itself", test_ssim_of_itself);
  return g_test_run();
}
