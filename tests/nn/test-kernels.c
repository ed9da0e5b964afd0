// SPDX-License-Identifier: GPL-3.0-or-later
// Every instruction set's kernels that this processor can run, against loops in double precision, at sizes with rows,
// channels and columns left over.
#include <math.h>
#include <string.h>
#include "base/random.h"
#include "nn/depthwise-kernels.h"
#include "nn/kernels.h"
#include "nn/point-kernels.h"

typedef struct {
  gsize rows, taps, channels, n;
} Size;

static const Size sizes[] = { { 1, 1, 1, 1 }, { 6, 4, 8, 16 }, { 13, 4, 9, 24 }, { 25, 16, 8, 33 }, { 12, 1, 64, 64 },
                              { 47, 3, 17, 48 } };

static float *
random_floats(gsize n, guint64 stream)
{
  float *values = g_new(float, n);
  pct_random_fill_normal(values, n, 11, stream);
  return values;
}

static void
test_indirect(gconstpointer data)
{
  const PctKernels *kernels = data;
  for (gsize s = 0; s < G_N_ELEMENTS(sizes); s++)
    for (int variant = 0; variant < 4; variant++) {
      const Size *z = &sizes[s];
      gsize k = z->taps * z->channels, pixels = z->rows + z->taps;
      g_autofree float *x = random_floats(pixels * z->channels, 1), *weights = random_floats(k * z->n, 2);
      g_autofree float *bias = random_floats(z->n, 3), *before = random_floats(z->rows * z->n, 4);
      g_autofree float *out = g_memdup2(before, z->rows * z->n * sizeof(float));
      g_autofree float *panels = g_new(float, pct_kernels_packed_size(k, z->n));
      g_autofree const float **in = g_new(const float *, z->rows * z->taps);
      g_autofree float **to = g_new(float *, z->rows);
      // Some pixels are zeros, and for the first rows one whole tap.
      memset(x, 0, z->channels * sizeof(float));
      pct_kernels_pack(panels, weights, k, z->n, 0, (z->n + PCT_PANEL - 1) / PCT_PANEL);
      for (gsize r = 0; r < z->rows; r++) {
        to[r] = out + r * z->n;
        for (gsize t = 0; t < z->taps; t++)
          in[r * z->taps + t] = x + (r < 12 && t == z->taps / 2 ? 0 : (r * 7 + t) % pixels) * z->channels;
      }
      float beta = variant & 1 ? 1 : 0;
      kernels->indirect(z->rows, z->taps, z->channels, z->n, in, variant & 1 ? x : NULL, panels, to, variant & 2 ? bias : NULL, beta);
      for (gsize r = 0; r < z->rows; r++)
        for (gsize j = 0; j < z->n; j++) {
          double sum = (variant & 2 ? bias[j] : 0) + beta * before[r * z->n + j];
          for (gsize t = 0; t < z->taps; t++)
            for (gsize c = 0; c < z->channels; c++)
              sum += (double)in[r * z->taps + t][c] * weights[(t * z->channels + c) * z->n + j];
          g_assert_cmpfloat_with_epsilon(out[r * z->n + j], sum, 1e-4 * (1 + fabs(sum)));
        }
    }
}

static void
test_outer(gconstpointer data)
{
  const PctKernels *kernels = data;
  for (gsize s = 0; s < G_N_ELEMENTS(sizes); s++) {
    const Size *z = &sizes[s];
    gsize n = (z->n + PCT_PANEL - 1) / PCT_PANEL * PCT_PANEL, k = z->channels;
    g_autofree float *x = random_floats(z->rows * k, 5), *y = random_floats(z->rows * n, 6);
    g_autofree float *before = random_floats(k * n, 7), *c = g_memdup2(before, k * n * sizeof(float));
    g_autofree const float **a = g_new(const float *, z->rows * 3), **b = g_new(const float *, z->rows);
    for (gsize r = 0; r < z->rows; r++) {
      a[3 * r] = x + r * k;
      b[r] = y + (z->rows - 1 - r) * n;
    }
    kernels->outer(z->rows, k, n, a, 3, b, 1, c);
    for (gsize i = 0; i < k; i++)
      for (gsize j = 0; j < n; j++) {
        double sum = before[i * n + j];
        for (gsize r = 0; r < z->rows; r++)
          sum += (double)a[3 * r][i] * b[r][j];
        g_assert_cmpfloat_with_epsilon(c[i * n + j], sum, 1e-4 * (1 + fabs(sum)));
      }
  }
}

typedef struct {
  int height, width, kernel[2], padding[2];
  gsize channels;
} DepthwiseSize;

static const DepthwiseSize depthwise_sizes[] = { { 1, 1, { 1, 1 }, { 0, 0 }, 1 }, { 5, 8, { 3, 3 }, { 1, 1 }, 3 },
                                                 { 6, 15, { 13, 13 }, { 6, 6 }, 16 }, { 7, 11, { 4, 2 }, { 3, 0 }, 7 },
                                                 { 9, 20, { 2, 16 }, { 0, 3 }, 20 } };

// The first vector of channels of one picture, in all three kernels.
static void
test_depthwise(gconstpointer data)
{
  const PctDepthwiseKernels *kernels = data;
  gsize lanes = (gsize)kernels->lanes;
  for (gsize i = 0; i < G_N_ELEMENTS(depthwise_sizes); i++) {
    const DepthwiseSize *z = &depthwise_sizes[i];
    gsize used = MIN(lanes, z->channels), taps = (gsize)(z->kernel[0] * z->kernel[1]);
    int height = z->height + 2 * z->padding[0] - z->kernel[0] + 1;
    int width = z->width + 2 * z->padding[1] - z->kernel[1] + 1;
    PctDepthwiseShape s = { z->height, z->width + 2 * z->padding[1], height, width, { z->kernel[0], z->kernel[1] },
                            z->padding[0] };
    gsize n_in = (gsize)(z->height * z->width) * z->channels, n_out = (gsize)(height * width) * z->channels;
    g_autofree float *in = random_floats(n_in, 1), *weights = random_floats(taps * lanes, 2);
    g_autofree float *bias = random_floats(lanes, 3), *before = random_floats(n_out, 4);
    g_autofree float *out = g_memdup2(before, n_out * sizeof(float));
    g_autofree float *d_before = random_floats(taps * lanes, 5);
    g_autofree float *d_weights = g_memdup2(d_before, taps * lanes * sizeof(float));
    g_autofree float *padded = g_new(float, (gsize)(s.in_height * s.in_width) * lanes);
    g_autofree float *d_out = g_new(float, (gsize)(height * width) * lanes);
    kernels->pack(padded, in, z->height, z->width, z->padding[1], z->channels, used);
    kernels->pack(d_out, before, height, width, 0, z->channels, used);
    kernels->correlate(&s, padded, weights, bias, out, z->channels, used, 1);
    kernels->weights(&s, padded, d_out, d_weights);
    for (gsize c = 0; c < z->channels; c++) {
      g_autofree double *d = g_new0(double, taps);
      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
          gsize at = (gsize)(y * width + x) * z->channels + c;
          double sum = before[at] + (c < used ? bias[c] : 0);
          for (int t = 0; t < (int)taps && c < used; t++) {
            int iy = y + t / z->kernel[1] - z->padding[0], ix = x + t % z->kernel[1] - z->padding[1];
            if (iy < 0 || iy >= z->height || ix < 0 || ix >= z->width)
              continue;
            float pixel = in[(gsize)(iy * z->width + ix) * z->channels + c];
            sum += (double)pixel * weights[(gsize)t * lanes + c];
            d[t] += (double)pixel * before[at];
          }
          g_assert_cmpfloat_with_epsilon(out[at], sum, 1e-4 * (1 + fabs(sum)));
        }
      for (gsize t = 0; t < taps && c < used; t++) {
        double sum = d_before[t * lanes + c] + d[t];
        g_assert_cmpfloat_with_epsilon(d_weights[t * lanes + c], sum, 1e-4 * (1 + fabs(sum)));
      }
    }
  }
}

// Each kernel against the plain one of the list, which the operation's test cannot reach.
static void
test_point(gconstpointer data)
{
  const PctPointKernels *kernels = data, *const *last = pct_point_kernels_get_all();
  while (last[1])
    last++;
  for (int channels = 1; channels < 70; channels += 11) {
    PctShape shape = { 5, 7, channels };
    gsize n = 40, n_weights = n * (gsize)channels, n_picture = pct_shape_count(shape);
    g_autofree float *picture = random_floats(n_picture, 1), *weights = random_floats(n_weights, 2);
    g_autofree float *bias = random_floats(n, 3), *positions = random_floats(2 * n, 4), *d_out = random_floats(n, 5);
    positions[0] = -1;
    positions[1] = 1;
    positions[2] = 1e30f;
    positions[3] = -1e30f;
    g_autofree float *out = g_new0(float, 2 * n), *d_picture = g_new0(float, 2 * n_picture);
    g_autofree float *d_positions = g_new0(float, 4 * n), *d_weights = g_new0(float, 2 * n_weights);
    for (gsize i = 0; i < 2; i++) {
      const PctPointKernels *k = i ? *last : kernels;
      g_autofree float *products = g_new(float, 4 * n);
      k->forward(shape, 0, n, picture, positions, weights, bias, products, out + i * n);
      k->picture(shape, 0, n, positions, weights, d_out, d_picture + i * n_picture);
      pct_point_positions(shape, 0, n, positions, products, d_out, d_positions + i * 2 * n, 0);
      k->weights(shape, 0, n, picture, positions, d_out, d_weights + i * n_weights);
    }
    for (gsize i = 0; i < n; i++)
      g_assert_cmpfloat_with_epsilon(out[i], out[n + i], 1e-4);
    for (gsize i = 0; i < n_picture; i++)
      g_assert_cmpfloat_with_epsilon(d_picture[i], d_picture[n_picture + i], 1e-4);
    for (gsize i = 0; i < 2 * n; i++)
      g_assert_cmpfloat_with_epsilon(d_positions[i], d_positions[2 * n + i], 3e-4);
    for (gsize i = 0; i < n_weights; i++)
      g_assert_cmpfloat_with_epsilon(d_weights[i], d_weights[n_weights + i], 1e-4);
    // Far beyond the picture are zeros.
    g_assert_cmpfloat(out[1], ==, bias[1]);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (const PctKernels *const *kernels = pct_kernels_get_all(); *kernels; kernels++) {
    g_autofree char *indirect = g_strconcat("/nn/kernels/indirect/", (*kernels)->name, NULL);
    g_autofree char *outer = g_strconcat("/nn/kernels/outer/", (*kernels)->name, NULL);
    g_test_add_data_func(indirect, *kernels, test_indirect);
    g_test_add_data_func(outer, *kernels, test_outer);
  }
  for (const PctDepthwiseKernels *const *kernels = pct_depthwise_kernels_get_all(); *kernels; kernels++) {
    g_autofree char *path = g_strconcat("/nn/kernels/depthwise/", (*kernels)->name, NULL);
    g_test_add_data_func(path, *kernels, test_depthwise);
  }
  for (const PctPointKernels *const *kernels = pct_point_kernels_get_all(); *kernels; kernels++) {
    g_autofree char *path = g_strconcat("/nn/kernels/point/", (*kernels)->name, NULL);
    g_test_add_data_func(path, *kernels, test_point);
  }
  return g_test_run();
}
