// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/convolution-planes.h"
#include <string.h>
#include "nn/simd.h"

#define MAX_CHANNELS 2
#define MAX_TERMS 64  // taps times channels that meet in a row

typedef struct {
  const PctConvolution *c;
  float *out;
  const float *large, *small, *weights, *bias;
  float beta;
  gboolean small_first;
  float *parts;                 // (batch, taps, 2 channels) a gradient of each image
  gsize per_thread;
  int reach;                    // whole strides that a tap reaches to the right: the small planes' margin
  int rows, phase_width;        // of a large plane: rows, and columns of each remainder
  int small_width;              // of a small plane: reach + width + reach
  gsize large_plane, small_plane;
} Task;

static inline gsize
rounded(gsize n)
{
  return (n + 15) / 16 * 16;
}

static Task
task_new(const PctConvolution *c)
{
  Task t = { .c = c };
  int bottom = 0, right = 0;
  for (int i = 0; i < c->taps->n_taps; i++) {
    bottom = MAX(bottom, c->taps->taps[i].y);
    right = MAX(right, c->taps->taps[i].x);
  }
  t.reach = right / c->stride[1];
  t.rows = (c->small_height - 1) * c->stride[0] + bottom + 1;
  t.phase_width = c->small_width + t.reach;
  t.small_width = c->small_width + 2 * t.reach;
  t.large_plane = (gsize)t.rows * (gsize)c->stride[1] * (gsize)t.phase_width;
  t.small_plane = (gsize)c->small_height * (gsize)t.small_width;
  // The planes of both pictures, and a row of products.
  t.per_thread = rounded((gsize)c->large_channels * t.large_plane + (gsize)c->small_channels * t.small_plane +
                         (gsize)t.phase_width);
  return t;
}

gboolean
pct_planes_suits(const PctConvolution *c)
{
  return c->large_channels <= MAX_CHANNELS && c->small_channels <= MAX_CHANNELS &&
         c->taps->n_taps * MAX_CHANNELS <= MAX_TERMS;
}

static inline gsize
n_weights(const PctConvolution *c)
{
  return (gsize)c->taps->n_taps * (gsize)c->large_channels * (gsize)c->small_channels;
}

gsize
pct_planes_scratch(const PctConvolution *c, guint n_threads)
{
  return n_threads * task_new(c).per_thread + rounded((gsize)c->batch * n_weights(c));
}

static inline float *
large_planes(const Task *t, guint thread)
{
  return t->c->scratch + thread * t->per_thread;
}

static inline float *
small_planes(const Task *t, guint thread)
{
  return large_planes(t, thread) + (gsize)t->c->large_channels * t->large_plane;
}

// A row of a large plane: columns of remainder `phase`. row counts from the upper padding.
static inline float *
large_row(const Task *t, float *planes, int channel, int row, int phase)
{
  return planes + (gsize)channel * t->large_plane +
         ((gsize)row * (gsize)t->c->stride[1] + (gsize)phase) * (gsize)t->phase_width;
}

// Where a small plane's first pixel of a row is.
static inline float *
small_row(const Task *t, float *planes, int channel, int row)
{
  return planes + (gsize)channel * t->small_plane + (gsize)row * (gsize)t->small_width + (gsize)t->reach;
}

static inline gsize
weight_at(const Task *t, int tap, int large, int small)
{
  const PctConvolution *c = t->c;
  return (gsize)(t->small_first ? (tap * c->small_channels + small) * c->large_channels + large
                                : (tap * c->large_channels + large) * c->small_channels + small);
}

// A column of the picture is column * stride + phase - padding of the planes.
static void
load_large(const Task *t, float *planes, const float *image)
{
  const PctConvolution *c = t->c;
  int channels = c->large_channels, stride = c->stride[1];
  memset(planes, 0, (gsize)channels * t->large_plane * sizeof(float));
  for (int row = c->padding[0]; row < MIN(t->rows, c->padding[0] + c->large_height); row++) {
    const float *from = image + (gsize)(row - c->padding[0]) * (gsize)c->large_width * (gsize)channels;
    for (int k = 0; k < channels; k++)
      for (int phase = 0; phase < stride; phase++) {
        float *to = large_row(t, planes, k, row, phase);
        int first = MAX(0, (c->padding[1] - phase + stride - 1) / stride), at = first * stride + phase - c->padding[1];
        for (int i = first; i < t->phase_width && at < c->large_width; i++, at += stride)
          to[i] = from[(gsize)at * (gsize)channels + (gsize)k];
      }
  }
}

static void
load_small(const Task *t, float *planes, const float *image)
{
  const PctConvolution *c = t->c;
  gsize channels = (gsize)c->small_channels;
  memset(planes, 0, channels * t->small_plane * sizeof(float));
  for (int row = 0; row < c->small_height; row++)
    for (gsize k = 0; k < channels; k++) {
      const float *from = image + (gsize)row * (gsize)c->small_width * channels + k;
      float *to = small_row(t, planes, (int)k, row);
      for (gsize i = 0; i < (gsize)c->small_width; i++)
        to[i] = from[i * channels];
    }
}

// out (n,) = the sum of rows times their weights.
PCT_SIMD static void
sum_rows(float *restrict out, gsize n, const float *const *rows, const float *weights, int n_rows)
{
  memset(out, 0, n * sizeof(float));
  int k = 0;
  for (; k + 4 <= n_rows; k += 4) {
    const float *a = rows[k], *b = rows[k + 1], *d = rows[k + 2], *e = rows[k + 3];
    float u = weights[k], v = weights[k + 1], w = weights[k + 2], x = weights[k + 3];
    for (gsize i = 0; i < n; i++)
      out[i] += u * a[i] + v * b[i] + w * d[i] + x * e[i];
  }
  for (; k < n_rows; k++) {
    const float *a = rows[k];
    float u = weights[k];
    for (gsize i = 0; i < n; i++)
      out[i] += u * a[i];
  }
}

// out (n,) += a * b
PCT_SIMD static void
add_product(float *restrict out, gsize n, const float *a, const float *b)
{
  for (gsize i = 0; i < n; i++)
    out[i] += a[i] * b[i];
}

static inline void
store(float *out, gsize channels, const float *values, gsize n, float bias, float beta)
{
  for (gsize i = 0; i < n; i++)
    out[i * channels] = (beta != 0 ? out[i * channels] : 0) + values[i] + bias;
}

static void
gather_images(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  const PctConvolution *c = t->c;
  gsize width = (gsize)c->small_width, channels = (gsize)c->small_channels;
  float *planes = large_planes(t, thread), *sums = small_planes(t, thread);
  const float *rows[MAX_TERMS];
  float weights[MAX_TERMS];
  for (gsize b = first; b < end; b++) {
    load_large(t, planes, t->large + b * (gsize)c->large_height * (gsize)c->large_width * (gsize)c->large_channels);
    float *image = t->out + b * (gsize)c->small_height * width * channels;
    for (int y = 0; y < c->small_height; y++)
      for (int k = 0; k < c->small_channels; k++) {
        int n = 0;
        for (int l = 0; l < c->large_channels; l++)
          for (int tap = 0; tap < c->taps->n_taps; tap++, n++) {
            PctTap at = c->taps->taps[tap];
            rows[n] = large_row(t, planes, l, y * c->stride[0] + at.y, at.x % c->stride[1]) + at.x / c->stride[1];
            weights[n] = t->weights[weight_at(t, tap, l, k)];
          }
        sum_rows(sums, width, rows, weights, n);
        store(image + (gsize)y * width * channels + (gsize)k, channels, sums, width, t->bias ? t->bias[k] : 0, t->beta);
      }
  }
}

void
pct_planes_gather(const PctConvolution *c, float *small, const float *large, const float *weights, const float *bias,
                  float beta)
{
  Task t = task_new(c);
  t.out = small;
  t.large = large;
  t.weights = weights;
  t.bias = bias;
  t.beta = beta;
  pct_parallel_for(c->pool, (gsize)c->batch, 1, gather_images, &t);
}

// The sums that reach a row of a large plane, columns of one remainder.
static void
spread_row(const Task *t, float *sums, float *planes, int channel, int row, int phase)
{
  const PctConvolution *c = t->c;
  const float *rows[MAX_TERMS];
  float weights[MAX_TERMS];
  int n = 0;
  for (int tap = 0; tap < c->taps->n_taps; tap++) {
    PctTap at = c->taps->taps[tap];
    int above = row - at.y, y = above / c->stride[0];
    if (above < 0 || above % c->stride[0] != 0 || y >= c->small_height || at.x % c->stride[1] != phase)
      continue;
    for (int k = 0; k < c->small_channels; k++, n++) {
      rows[n] = small_row(t, planes, k, y) - at.x / c->stride[1];
      weights[n] = t->weights[weight_at(t, tap, channel, k)];
    }
  }
  sum_rows(sums, (gsize)t->phase_width, rows, weights, n);
}

static void
spread_images(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  const PctConvolution *c = t->c;
  gsize channels = (gsize)c->large_channels;
  int stride = c->stride[1];
  float *sums = large_planes(t, thread), *planes = small_planes(t, thread);
  for (gsize b = first; b < end; b++) {
    load_small(t, planes, t->small + b * (gsize)c->small_height * (gsize)c->small_width * (gsize)c->small_channels);
    float *image = t->out + b * (gsize)c->large_height * (gsize)c->large_width * channels;
    for (int y = 0; y < c->large_height; y++)
      for (int l = 0; l < c->large_channels; l++) {
        float *to = image + (gsize)y * (gsize)c->large_width * channels + (gsize)l, bias = t->bias ? t->bias[l] : 0;
        int row = y + c->padding[0];
        for (int phase = 0; phase < stride; phase++) {
          if (row < t->rows)
            spread_row(t, sums, planes, l, row, phase);
          int i = MAX(0, (c->padding[1] - phase + stride - 1) / stride), at = i * stride + phase - c->padding[1];
          for (; at < c->large_width; i++, at += stride) {
            // A stride beyond the kernel leaves pixels that no tap reaches.
            float value = row < t->rows && i < t->phase_width ? sums[i] : 0, *pixel = to + (gsize)at * channels;
            *pixel = (t->beta != 0 ? *pixel : 0) + value + bias;
          }
        }
      }
  }
}

void
pct_planes_spread(const PctConvolution *c, float *large, const float *small, const float *weights, gboolean small_first,
                  const float *bias, float beta)
{
  Task t = task_new(c);
  t.out = large;
  t.small = small;
  t.weights = weights;
  t.small_first = small_first;
  t.bias = bias;
  t.beta = beta;
  pct_parallel_for(c->pool, (gsize)c->batch, 1, spread_images, &t);
}

static void
multiply_images(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  const PctConvolution *c = t->c;
  float *large = large_planes(t, thread), *small = small_planes(t, thread);
  float *products = small + (gsize)c->small_channels * t->small_plane;
  gsize width = (gsize)c->small_width;
  for (gsize b = first; b < end; b++) {
    load_large(t, large, t->large + b * (gsize)c->large_height * (gsize)c->large_width * (gsize)c->large_channels);
    load_small(t, small, t->small + b * (gsize)c->small_height * width * (gsize)c->small_channels);
    for (int tap = 0; tap < c->taps->n_taps; tap++)
      for (int l = 0; l < c->large_channels; l++)
        for (int k = 0; k < c->small_channels; k++) {
          PctTap at = c->taps->taps[tap];
          // A column's products are summed down the picture first, in vectors; the row of sums in double.
          memset(products, 0, width * sizeof(float));
          for (int y = 0; y < c->small_height; y++)
            add_product(products, width,
                        large_row(t, large, l, y * c->stride[0] + at.y, at.x % c->stride[1]) + at.x / c->stride[1],
                        small_row(t, small, k, y));
          double sum = 0;
          for (gsize i = 0; i < width; i++)
            sum += products[i];
          t->parts[b * n_weights(c) + weight_at(t, tap, l, k)] = (float)sum;
        }
  }
}

void
pct_planes_weights(const PctConvolution *c, float *gradient, const float *large, const float *small,
                   gboolean small_first)
{
  Task t = task_new(c);
  t.large = large;
  t.small = small;
  t.small_first = small_first;
  t.parts = c->scratch + (c->pool ? pct_pool_get_n_threads(c->pool) : 1) * t.per_thread;
  pct_parallel_for(c->pool, (gsize)c->batch, 1, multiply_images, &t);
  for (gsize i = 0; i < n_weights(c); i++) {
    double sum = 0;
    for (gsize b = 0; b < (gsize)c->batch; b++)
      sum += t.parts[b * n_weights(c) + i];
    gradient[i] += (float)sum;
  }
}
