// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/convolution.h"
#include <string.h>
#include "base/blas.h"
#include "nn/convolution-indirect.h"
#include "nn/convolution-planes.h"
#include "nn/convolution-rows.h"

// Floats of patches a thread holds at a time: large enough that packing the weights for gemm is a small part of the
// product, small enough for the third-level cache.
#define PATCHES (1 << 20)
// Weight gradients up to this many numbers are summed in parts over the batch; larger ones in tiles of the gradient.
#define SMALL_GRADIENT (1 << 16)
#define GRADIENT_PARTS 8

static gsize
rows_of(gsize rows, gsize columns)
{
  gsize fits = CLAMP(PATCHES / MAX(columns, 1), 64, 1024);
  // At least four tiles where there are rows enough, so that two threads share them.
  gsize shared = MAX((rows / 4 + 15) / 16 * 16, 64);
  return MAX(MIN(MIN(fits, shared), rows), 1);
}

static inline gsize
small_pixels(const PctConvolution *c)
{
  return (gsize)c->batch * c->small_height * c->small_width;
}

// patches (end - first, tap, large channel) of small pixels first .. end.
static void
gather_patches(const PctConvolution *c, float *patches, const float *large, gsize first, gsize end)
{
  gsize channels = (gsize)c->large_channels;
  for (gsize p = first; p < end; p++) {
    int x = (int)(p % c->small_width), y = (int)(p / c->small_width % c->small_height);
    const float *image = large + p / ((gsize)c->small_width * c->small_height) * c->large_height * c->large_width * channels;
    int y0 = y * c->stride[0] - c->padding[0], x0 = x * c->stride[1] - c->padding[1];
    for (int t = 0; t < c->taps->n_taps; t++, patches += channels) {
      int ly = y0 + c->taps->taps[t].y, lx = x0 + c->taps->taps[t].x;
      gboolean inside = ly >= 0 && ly < c->large_height && lx >= 0 && lx < c->large_width;
      const float *from = image + ((gssize)ly * c->large_width + lx) * (gssize)channels;
      if (!inside)
        memset(patches, 0, channels * sizeof(float));
      else if (channels <= 4)
        for (gsize i = 0; i < channels; i++)
          patches[i] = from[i];
      else
        memcpy(patches, from, channels * sizeof(float));
    }
  }
}

// Puts bias (or nothing) where a product is to be added, and says with which beta to add it.
static float
prepare(float *out, gsize rows, gsize columns, gsize stride, const float *bias, float beta)
{
  if (!bias)
    return beta;
  for (gsize r = 0; r < rows; r++, out += stride)
    if (beta == 0)
      memcpy(out, bias, columns * sizeof(float));
    else
      for (gsize i = 0; i < columns; i++)
        out[i] += bias[i];
  return 1;
}

typedef struct {
  const PctConvolution *c;
  float *out, *patches;
  const float *in, *weights, *bias;
  float beta;
  gsize columns, per_thread;
  gboolean only_patches;
  int phase, phase_height, phase_width;
} Task;

static void
gather_tile(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  gsize n = (gsize)t->c->small_channels;
  if (t->only_patches) {
    gather_patches(t->c, t->patches + first * t->columns, t->in, first, end);
    return;
  }
  float *patches = t->patches + thread * t->per_thread, *out = t->out + first * n;
  gather_patches(t->c, patches, t->in, first, end);
  float beta = prepare(out, end - first, n, n, t->bias, t->beta);
  pct_gemm_serial(FALSE, FALSE, end - first, n, t->columns, 1, patches, t->columns, t->weights, n, beta, out, n);
}

void
pct_convolution_gather(const PctConvolution *c, float *small, const float *large, const float *weights,
                       const float *bias, float beta)
{
  gsize rows = small_pixels(c), columns = (gsize)c->taps->n_taps * c->large_channels, n = (gsize)c->small_channels;
  if (pct_planes_suits(c)) {
    pct_planes_gather(c, small, large, weights, bias, beta);
    return;
  }
  if (pct_rows_suits(c)) {
    pct_rows_gather(c, small, large, weights, bias, beta);
    return;
  }
  if (pct_indirect_suits(c)) {
    pct_indirect_gather(c, small, large, weights, bias, beta);
    return;
  }
  gsize tile = rows_of(rows, columns);
  Task task = { .c = c, .out = small, .patches = c->scratch, .in = large, .weights = weights, .bias = bias,
                .beta = beta, .columns = columns, .per_thread = tile * columns };
  if (rows > tile) {
    pct_parallel_for(c->pool, rows, tile, gather_tile, &task);
    return;
  }
  // Too few rows to share: share the columns of the product.
  task.only_patches = TRUE;
  pct_parallel_for(c->pool, rows, MAX(rows / 4, 1), gather_tile, &task);
  beta = prepare(small, rows, n, n, bias, beta);
  pct_gemm(c->pool, FALSE, FALSE, rows, n, columns, 1, task.patches, columns, weights, n, beta, small, n);
}

static void
spread_tile(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  const PctConvolution *c = t->c;
  gsize n_in = (gsize)c->small_channels, n_out = (gsize)c->large_channels;
  int tap0 = c->taps->first[t->phase], tap1 = c->taps->first[t->phase + 1];
  int fy = pct_phase_first(t->phase / c->stride[1], c->stride[0], c->padding[0]);
  int fx = pct_phase_first(t->phase % c->stride[1], c->stride[1], c->padding[1]);
  gsize per_image = (gsize)t->phase_height * t->phase_width;
  float *patches = t->patches + thread * t->per_thread, *products = patches + (end - first) * t->columns, *patch = patches;
  for (gsize p = first; p < end; p++) {
    int y = fy + (int)(p % per_image / t->phase_width) * c->stride[0], x = fx + (int)(p % t->phase_width) * c->stride[1];
    const float *image = t->in + p / per_image * c->small_height * c->small_width * n_in;
    for (int tap = tap0; tap < tap1; tap++, patch += n_in) {
      // Exact: within a phase, y + padding - tap.y is a multiple of the stride (maybe a negative one).
      int sy = (y + c->padding[0] - c->taps->taps[tap].y) / c->stride[0];
      int sx = (x + c->padding[1] - c->taps->taps[tap].x) / c->stride[1];
      if (y + c->padding[0] < c->taps->taps[tap].y || x + c->padding[1] < c->taps->taps[tap].x || sy >= c->small_height ||
          sx >= c->small_width)
        memset(patch, 0, n_in * sizeof(float));
      else
        memcpy(patch, image + ((gsize)sy * c->small_width + (gsize)sx) * n_in, n_in * sizeof(float));
    }
  }
  pct_gemm_serial(FALSE, FALSE, end - first, n_out, t->columns, 1, patches, t->columns,
                  t->weights + (gsize)tap0 * n_in * n_out, n_out, 0, products, n_out);
  for (gsize p = first; p < end; p++, products += n_out) {
    int y = fy + (int)(p % per_image / t->phase_width) * c->stride[0], x = fx + (int)(p % t->phase_width) * c->stride[1];
    float *out = t->out + ((p / per_image * c->large_height + (gsize)y) * c->large_width + (gsize)x) * n_out;
    if (t->beta == 0)
      memcpy(out, products, n_out * sizeof(float));
    else
      for (gsize i = 0; i < n_out; i++)
        out[i] += products[i];
    if (t->bias)
      for (gsize i = 0; i < n_out; i++)
        out[i] += t->bias[i];
  }
}

typedef struct {
  const PctConvolution *c;
  float *out;
  const float *in, *weights, *bias;
  float beta;
} OnePixel;

// From a single small pixel without padding, every large pixel is met by one tap: a product a tap.
static void
one_pixel_taps(gsize first, gsize end, guint thread, gpointer data)
{
  const OnePixel *t = data;
  const PctConvolution *c = t->c;
  gsize n_in = (gsize)c->small_channels, n_out = (gsize)c->large_channels;
  gsize stride = (gsize)c->large_height * c->large_width * n_out;
  for (gsize tap = first; tap < end; tap++) {
    gsize pixel = (gsize)c->taps->taps[tap].y * c->large_width + (gsize)c->taps->taps[tap].x;
    float *out = t->out + pixel * n_out;
    float beta = prepare(out, (gsize)c->batch, n_out, stride, t->bias, t->beta);
    pct_gemm_serial(FALSE, FALSE, (gsize)c->batch, n_out, n_in, 1, t->in, n_in, t->weights + tap * n_in * n_out, n_out,
                    beta, out, stride);
  }
}

void
pct_convolution_spread(const PctConvolution *c, float *large, const float *small, const float *weights,
                       const float *bias, float beta)
{
  if (pct_planes_suits(c)) {
    pct_planes_spread(c, large, small, weights, TRUE, bias, beta);
    return;
  }
  if (c->small_height == 1 && c->small_width == 1 && c->padding[0] == 0 && c->padding[1] == 0 &&
      c->large_height * c->large_width == c->taps->n_taps) {
    OnePixel task = { c, large, small, weights, bias, beta };
    pct_parallel_for(c->pool, (gsize)c->taps->n_taps, 1, one_pixel_taps, &task);
    return;
  }
  if (pct_indirect_suits(c)) {
    pct_indirect_spread(c, large, small, weights, bias, beta);
    return;
  }
  for (int phase = 0; phase < c->taps->n_phases; phase++) {
    Task task = { .c = c, .out = large, .patches = c->scratch, .in = small, .weights = weights, .bias = bias,
                  .beta = beta, .phase = phase,
                  .phase_height = pct_phase_count(c->large_height, phase / c->stride[1], c->stride[0], c->padding[0]),
                  .phase_width = pct_phase_count(c->large_width, phase % c->stride[1], c->stride[1], c->padding[1]),
                  .columns = (gsize)(c->taps->first[phase + 1] - c->taps->first[phase]) * c->small_channels };
    gsize rows = (gsize)c->batch * task.phase_height * task.phase_width, tile = rows_of(rows, task.columns);
    task.per_thread = tile * (task.columns + (gsize)c->large_channels);
    pct_parallel_for(c->pool, rows, tile, spread_tile, &task);
  }
}

static void
scatter_images(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  const PctConvolution *c = t->c;
  gsize n = (gsize)c->large_channels, pixels = (gsize)c->small_height * c->small_width;
  float *products = t->patches + thread * t->per_thread;
  for (gsize b = first; b < end; b++) {
    float *image = t->out + b * c->large_height * c->large_width * n;
    gsize large_pixels = (gsize)c->large_height * c->large_width;
    if (t->beta == 0)
      memset(image, 0, large_pixels * n * sizeof(float));
    if (t->bias)
      prepare(image, large_pixels, n, n, t->bias, 1);
    pct_gemm_serial(FALSE, TRUE, pixels, t->columns, (gsize)c->small_channels, 1,
                    t->in + b * pixels * (gsize)c->small_channels, (gsize)c->small_channels, t->weights,
                    (gsize)c->small_channels, 0, products, t->columns);
    const float *product = products;
    for (int y = 0; y < c->small_height; y++)
      for (int x = 0; x < c->small_width; x++)
        for (int tap = 0; tap < c->taps->n_taps; tap++, product += n) {
          int ly = y * c->stride[0] - c->padding[0] + c->taps->taps[tap].y;
          int lx = x * c->stride[1] - c->padding[1] + c->taps->taps[tap].x;
          if (ly < 0 || ly >= c->large_height || lx < 0 || lx >= c->large_width)
            continue;
          float *to = image + ((gsize)ly * c->large_width + (gsize)lx) * n;
          for (gsize i = 0; i < n; i++)
            to[i] += product[i];
        }
  }
}

void
pct_convolution_scatter(const PctConvolution *c, float *large, const float *small, const float *weights,
                        const float *bias, float beta)
{
  if (pct_planes_suits(c)) {
    pct_planes_spread(c, large, small, weights, FALSE, bias, beta);
    return;
  }
  gsize columns = (gsize)c->taps->n_taps * c->large_channels;
  Task task = { .c = c, .out = large, .patches = c->scratch, .in = small, .weights = weights, .bias = bias,
                .beta = beta, .columns = columns, .per_thread = (gsize)c->small_height * c->small_width * columns };
  pct_parallel_for(c->pool, (gsize)c->batch, 1, scatter_images, &task);
}

typedef struct {
  const PctConvolution *c;
  const float *large, *small;
  float *parts, *patches, *gradient;
  gboolean small_first;
  gsize columns, part_rows, patch_rows, rows;
} Gradient;

// The pictures are their own patches.
static inline gboolean
is_one_by_one(const PctConvolution *c)
{
  return c->taps->n_taps == 1 && c->stride[0] == 1 && c->stride[1] == 1 && c->padding[0] == 0 && c->padding[1] == 0;
}

// gradient (tap, ...) += patches (rows, tap, large channel) x small (rows, small channel).
static void
add_products(const PctConvolution *c, float *gradient, const float *patches, const float *small, gsize rows,
             gboolean small_first, int tap0, int tap1)
{
  gsize n_large = (gsize)c->large_channels, n_small = (gsize)c->small_channels, columns = (gsize)c->taps->n_taps * n_large;
  if (!small_first || n_large == 1) {
    // (tap, large) x small in one product; with one large channel the two orders are the same.
    gsize first = (gsize)tap0 * n_large;
    pct_gemm_serial(TRUE, FALSE, (gsize)(tap1 - tap0) * n_large, n_small, rows, 1, patches + first, columns, small,
                    n_small, 1, gradient + first * n_small, n_small);
    return;
  }
  for (int tap = tap0; tap < tap1; tap++)
    pct_gemm_serial(TRUE, FALSE, n_small, n_large, rows, 1, small, n_small, patches + (gsize)tap * n_large, columns, 1,
                    gradient + (gsize)tap * n_small * n_large, n_large);
}

static void
gradient_part(gsize first, gsize end, guint thread, gpointer data)
{
  const Gradient *t = data;
  const PctConvolution *c = t->c;
  gsize size = t->columns * (gsize)c->small_channels;
  float *patches = t->patches + thread * t->patch_rows * t->columns;
  for (gsize part = first; part < end; part++) {
    float *gradient = t->parts + part * size;
    memset(gradient, 0, size * sizeof(float));
    gsize last = MIN((part + 1) * t->part_rows, t->rows);
    for (gsize row = part * t->part_rows; row < last; row += t->patch_rows) {
      gsize stop = MIN(row + t->patch_rows, last);
      const float *at = patches;
      if (is_one_by_one(c))
        at = t->large + row * t->columns;
      else
        gather_patches(c, patches, t->large, row, stop);
      add_products(c, gradient, at, t->small + row * (gsize)c->small_channels, stop - row, t->small_first, 0,
                   c->taps->n_taps);
    }
  }
}

static void
gradient_patches(gsize first, gsize end, guint thread, gpointer data)
{
  const Gradient *t = data;
  gather_patches(t->c, t->patches + first * t->columns, t->large, t->rows + first, t->rows + end);
}

static void
gradient_taps(gsize first, gsize end, guint thread, gpointer data)
{
  const Gradient *t = data;
  add_products(t->c, t->gradient, t->patches, t->small + t->rows * (gsize)t->c->small_channels, t->part_rows,
               t->small_first, (int)first, (int)end);
}

void
pct_convolution_weights(const PctConvolution *c, float *gradient, const float *large, const float *small,
                        gboolean small_first)
{
  if (pct_planes_suits(c)) {
    pct_planes_weights(c, gradient, large, small, small_first);
    return;
  }
  // With one large channel the two orders of the gradient are the same.
  if (pct_rows_suits(c)) {
    pct_rows_weights(c, gradient, large, small);
    return;
  }
  if (pct_indirect_suits_weights(c, small_first)) {
    pct_indirect_weights(c, gradient, large, small, small_first);
    return;
  }
  gsize columns = (gsize)c->taps->n_taps * c->large_channels, size = columns * c->small_channels, rows = small_pixels(c);
  Gradient task = { .c = c, .large = large, .small = small, .small_first = small_first, .columns = columns, .rows = rows };
  if (size <= SMALL_GRADIENT) {
    task.part_rows = (rows + GRADIENT_PARTS - 1) / GRADIENT_PARTS;
    task.patch_rows = rows_of(rows, columns);
    task.parts = c->scratch;
    task.patches = c->scratch + GRADIENT_PARTS * size;
    gsize parts = (rows + task.part_rows - 1) / task.part_rows;
    pct_parallel_for(c->pool, parts, 1, gradient_part, &task);
    for (gsize part = 0; part < parts; part++)
      for (gsize i = 0; i < size; i++)
        gradient[i] += task.parts[part * size + i];
    return;
  }
  gsize chunk = MIN(MAX(4 * (gsize)PATCHES / columns, 64), rows);
  task.patches = c->scratch;
  task.gradient = gradient;
  for (gsize row = 0; row < rows; row += chunk) {
    task.rows = row;
    task.part_rows = MIN(chunk, rows - row);
    pct_parallel_for(c->pool, task.part_rows, MAX(task.part_rows / 8, 1), gradient_patches, &task);
    gsize taps = (gsize)c->taps->n_taps;
    pct_parallel_for(c->pool, taps, small_first ? 1 : (taps + 7) / 8, gradient_taps, &task);
  }
}

gsize
pct_convolution_scratch(const PctConvolution *c, guint n_threads)
{
  if (pct_planes_suits(c))
    return pct_planes_scratch(c, n_threads);
  gsize columns = (gsize)c->taps->n_taps * c->large_channels, rows = small_pixels(c);
  gsize gather = MAX(rows_of(rows, columns) * columns * n_threads, MIN(rows, 64) * columns);
  gsize spread = 0;
  for (int phase = 0; phase < c->taps->n_phases; phase++) {
    gsize phase_columns = (gsize)(c->taps->first[phase + 1] - c->taps->first[phase]) * c->small_channels;
    gsize phase_rows = (gsize)c->batch * ((gsize)c->large_height / c->stride[0] + 1) * ((gsize)c->large_width / c->stride[1] + 1);
    // rows_of grows with the rows, so the bound on them bounds it.
    spread = MAX(spread, rows_of(phase_rows, phase_columns) * (phase_columns + (gsize)c->large_channels));
  }
  gsize scatter = (gsize)c->small_height * c->small_width * columns;
  gsize size = columns * c->small_channels, weights;
  if (size <= SMALL_GRADIENT)
    weights = GRADIENT_PARTS * size + n_threads * rows_of(rows, columns) * columns;
  else
    weights = MIN(MAX(4 * (gsize)PATCHES / columns, 64), rows) * columns;
  gsize other = MAX(pct_indirect_scratch(c, n_threads), pct_rows_suits(c) ? pct_rows_scratch(c, n_threads) : 0);
  return MAX(MAX(MAX(gather, spread * n_threads), MAX(scatter * n_threads, weights)), other);
}

PctConvolution
pct_convolution_of(const PctNode *node, PctShape large, PctShape small, int batch, PctPool *pool, float *scratch)
{
  return (PctConvolution){ .batch = batch, .large_height = large.height, .large_width = large.width,
                           .large_channels = large.channels, .small_height = small.height, .small_width = small.width,
                           .small_channels = small.channels, .stride = { node->conv.stride[0], node->conv.stride[1] },
                           .padding = { node->conv.padding[0], node->conv.padding[1] }, .taps = node->taps,
                           .pool = pool, .scratch = scratch };
}

gsize
pct_convolution_weights_size(const PctConvolution *c)
{
  return ((gsize)c->taps->n_taps * c->large_channels * c->small_channels + 15) / 16 * 16;
}

typedef struct {
  float *out;
  const float *in;
  int a, b;
} Transpose;

static void
transpose_taps(gsize first, gsize end, guint thread, gpointer data)
{
  const Transpose *t = data;
  for (gsize tap = first; tap < end; tap++) {
    const float *in = t->in + tap * (gsize)t->a * t->b;
    float *out = t->out + tap * (gsize)t->a * t->b;
    // In squares of 16, so that both sides stay within a few cache lines.
    for (int i0 = 0; i0 < t->a; i0 += 16)
      for (int j0 = 0; j0 < t->b; j0 += 16)
        for (int j = j0; j < MIN(j0 + 16, t->b); j++)
          for (int i = i0; i < MIN(i0 + 16, t->a); i++)
            out[(gsize)j * t->a + i] = in[(gsize)i * t->b + j];
  }
}

void
pct_convolution_transpose(PctPool *pool, float *out, const float *in, int n_taps, int a, int b)
{
  Transpose task = { out, in, a, b };
  pct_parallel_for(pool, (gsize)n_taps, 1, transpose_taps, &task);
}

typedef struct {
  float *out;
  const float *in;
  gsize rows, columns;
} Sums;

static void
sum_columns(gsize first, gsize end, guint thread, gpointer data)
{
  const Sums *t = data;
  float sums[64] = { 0 };
  // Blocks of rows are summed apart, which keeps float32 sums over a long batch exact to a few units in the last place.
  for (gsize row = 0; row < t->rows; row += 256) {
    float block[64] = { 0 };
    for (gsize r = row; r < MIN(row + 256, t->rows); r++)
      for (gsize i = first; i < end; i++)
        block[i - first] += t->in[r * t->columns + i];
    for (gsize i = 0; i < end - first; i++)
      sums[i] += block[i];
  }
  for (gsize i = first; i < end; i++)
    t->out[i] += sums[i - first];
}

void
pct_add_column_sums(PctPool *pool, float *out, const float *in, gsize rows, gsize columns)
{
  Sums task = { out, in, rows, columns };
  pct_parallel_for(pool, columns, 64, sum_columns, &task);
}
