// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/convolution-indirect.h"
#include <string.h>
#include "nn/kernels.h"

// Fewer channels than these leave most of a vector, or of the work between two pointers, empty.
#define LEAST_CHANNELS 8
// Rows (pixels) a task computes at most: what its pointers and its part of the pictures leave in the second-level cache.
#define TILE 192
// A gradient of a few taps is left to the matrix product unless it has so many rows.
#define LEAST_ROWS 16
// A gradient of so many channels on both sides is the matrix product's too: rows that far apart, one load each, miss the
// translation of addresses (17 to 28 GFLOP/s a core against 70).
#define MANY_CHANNELS 256
// Rows of pixels that a weight gradient passes over at a time: pixels that many taps use again may lie in the second-level
// cache, those of few taps stay in the first. And in how many parts a small one is summed.
#define BLOCK 512
#define FEW_TAPS_BLOCK 64
#define PARTS 8
#define SMALL_GRADIENT (1 << 16)
#define CHUNK 4096
// In small pictures many taps lie beyond the edge. Rows of as many images are taken together, pixel by pixel, so that the
// kernels (whose rows at a time divide this) find such a tap in all their rows and leave it out.
#define TOGETHER 12
#define SMALL_PICTURE 256

typedef struct {
  const PctConvolution *c;
  const PctKernels *kernels;
  float *out;
  const float *in, *weights, *bias;
  const float *small;                // of a weight gradient
  float beta;
  gboolean small_first;
  float *zeros, *panels, *pointers;  // parts of the scratch
  gsize per_thread;                  // floats of pointers
  gsize k, n;                        // of the weights
  int phase, phase_height, phase_width;
  gsize rows, part_rows, first_row;
} Task;

static inline gsize
small_pixels(const PctConvolution *c)
{
  return (gsize)c->batch * c->small_height * c->small_width;
}

static inline gsize
rounded(gsize n)
{
  return (n + 15) / 16 * 16;
}

// Floats that so many pointers take.
static inline gsize
pointer_floats(gsize n)
{
  return rounded(n * sizeof(float *) / sizeof(float));
}

static gsize
tile_of(gsize rows)
{
  // At least four tiles, so that two threads share them; a multiple of the kernels' rows.
  return CLAMP((rows / 4 + 11) / 12 * 12, 12, TILE);
}

// Which of the (image, pixel) is row r of a product over all pixels of a batch.
static inline gsize
pixel_of_row(const PctConvolution *c, gsize r, gsize per_image)
{
  if (per_image > SMALL_PICTURE || (c->padding[0] == 0 && c->padding[1] == 0))
    return r;
  gsize first = r / (TOGETHER * per_image) * TOGETHER, together = MIN((gsize)c->batch - first, TOGETHER);
  gsize within = r - first * per_image;
  return (first + within % together) * per_image + within / together;
}

gboolean
pct_indirect_suits(const PctConvolution *c)
{
  return c->large_channels >= LEAST_CHANNELS && c->small_channels >= LEAST_CHANNELS;
}

gboolean
pct_indirect_suits_weights(const PctConvolution *c, gboolean small_first)
{
  int k = small_first ? c->small_channels : c->large_channels, n = small_first ? c->large_channels : c->small_channels;
  return n % PCT_PANEL == 0 && k >= 2 && MIN(k, n) < MANY_CHANNELS && (c->taps->n_taps >= 4 || k >= LEAST_ROWS);
}

gsize
pct_indirect_scratch(const PctConvolution *c, guint n_threads)
{
  gsize taps = (gsize)c->taps->n_taps, lc = (gsize)c->large_channels, sc = (gsize)c->small_channels;
  gsize zeros = rounded(MAX(lc, sc));
  gsize panels = MAX(pct_kernels_packed_size(taps * lc, sc), pct_kernels_packed_size(taps * sc, lc));
  gsize tiles = n_threads * pointer_floats(TILE * (taps + 1));
  gsize parts = taps * lc * sc <= SMALL_GRADIENT ? PARTS * taps * lc * sc : 0;
  gsize blocks = MAX(n_threads * pointer_floats(BLOCK * (taps + 1)), pointer_floats(CHUNK * (taps + 1)));
  return zeros + MAX(rounded(panels) + tiles, rounded(parts) + blocks);
}

static Task
task_new(const PctConvolution *c, float *out, const float *in, const float *weights, const float *bias, float beta,
         gsize k, gsize n)
{
  gsize zeros = rounded((gsize)MAX(c->large_channels, c->small_channels));
  memset(c->scratch, 0, zeros * sizeof(float));
  return (Task){ .c = c, .kernels = pct_kernels_get(), .out = out, .in = in, .weights = weights, .bias = bias,
                 .beta = beta, .zeros = c->scratch, .panels = c->scratch + zeros, .k = k, .n = n,
                 .pointers = c->scratch + zeros + rounded(pct_kernels_packed_size(k, n)),
                 .per_thread = pointer_floats(TILE * ((gsize)c->taps->n_taps + 1)) };
}

static void
pack_panels(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  pct_kernels_pack(t->panels, t->weights, t->k, t->n, first, end);
}

// in (end - first, tap): where the large pixels of small pixels first .. end are.
static void
point_at_patches(const PctConvolution *c, const float **in, const float *large, const float *zeros, gsize first, gsize end)
{
  gsize channels = (gsize)c->large_channels;
  for (gsize p = first; p < end; p++) {
    int x = (int)(p % (gsize)c->small_width), y = (int)(p / (gsize)c->small_width % (gsize)c->small_height);
    const float *image = large + p / ((gsize)c->small_width * c->small_height) * c->large_height * c->large_width * channels;
    int y0 = y * c->stride[0] - c->padding[0], x0 = x * c->stride[1] - c->padding[1];
    for (int t = 0; t < c->taps->n_taps; t++) {
      int ly = y0 + c->taps->taps[t].y, lx = x0 + c->taps->taps[t].x;
      gboolean inside = ly >= 0 && ly < c->large_height && lx >= 0 && lx < c->large_width;
      *in++ = inside ? image + ((gsize)ly * c->large_width + (gsize)lx) * channels : zeros;
    }
  }
}

static void
gather_tile(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  const PctConvolution *c = t->c;
  gsize rows = end - first, taps = (gsize)c->taps->n_taps;
  const float **in = (const float **)(gpointer)(t->pointers + thread * t->per_thread);
  float **out = (float **)(gpointer)(in + rows * taps);
  for (gsize r = 0; r < rows; r++) {
    gsize p = pixel_of_row(c, first + r, (gsize)c->small_height * (gsize)c->small_width);
    point_at_patches(c, in + r * taps, t->in, t->zeros, p, p + 1);
    out[r] = t->out + p * t->n;
  }
  t->kernels->indirect(rows, taps, (gsize)c->large_channels, t->n, in, t->zeros, t->panels, out, t->bias, t->beta);
}

void
pct_indirect_gather(const PctConvolution *c, float *small, const float *large, const float *weights, const float *bias,
                    float beta)
{
  gsize k = (gsize)c->taps->n_taps * c->large_channels, n = (gsize)c->small_channels, rows = small_pixels(c);
  Task task = task_new(c, small, large, weights, bias, beta, k, n);
  pct_parallel_for(c->pool, (n + PCT_PANEL - 1) / PCT_PANEL, 2, pack_panels, &task);
  pct_parallel_for(c->pool, rows, tile_of(rows), gather_tile, &task);
}

static void
spread_tile(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  const PctConvolution *c = t->c;
  gsize channels = (gsize)c->small_channels, rows = end - first, per_image = (gsize)t->phase_height * t->phase_width;
  int tap0 = c->taps->first[t->phase], tap1 = c->taps->first[t->phase + 1];
  int fy = pct_phase_first(t->phase / c->stride[1], c->stride[0], c->padding[0]);
  int fx = pct_phase_first(t->phase % c->stride[1], c->stride[1], c->padding[1]);
  const float **in = (const float **)(gpointer)(t->pointers + thread * t->per_thread), **at = in;
  float **out = (float **)(gpointer)(in + rows * (gsize)(tap1 - tap0));
  for (gsize r = first; r < end; r++) {
    gsize p = pixel_of_row(c, r, per_image);
    int y = fy + (int)(p % per_image / (gsize)t->phase_width) * c->stride[0];
    int x = fx + (int)(p % (gsize)t->phase_width) * c->stride[1];
    const float *image = t->in + p / per_image * c->small_height * c->small_width * channels;
    for (int tap = tap0; tap < tap1; tap++) {
      // Exact: within a phase, y + padding - tap.y is a multiple of the stride (maybe a negative one).
      int dy = y + c->padding[0] - c->taps->taps[tap].y, dx = x + c->padding[1] - c->taps->taps[tap].x;
      int sy = dy / c->stride[0], sx = dx / c->stride[1];
      gboolean inside = dy >= 0 && dx >= 0 && sy < c->small_height && sx < c->small_width;
      *at++ = inside ? image + ((gsize)sy * c->small_width + (gsize)sx) * channels : t->zeros;
    }
    out[r - first] = t->out + ((p / per_image * c->large_height + (gsize)y) * c->large_width + (gsize)x) * t->n;
  }
  t->kernels->indirect(rows, (gsize)(tap1 - tap0), channels, t->n, in, t->zeros, t->panels, out, t->bias, t->beta);
}

void
pct_indirect_spread(const PctConvolution *c, float *large, const float *small, const float *weights, const float *bias,
                    float beta)
{
  gsize n = (gsize)c->large_channels;
  for (int phase = 0; phase < c->taps->n_phases; phase++) {
    gsize tap0 = (gsize)c->taps->first[phase], k = ((gsize)c->taps->first[phase + 1] - tap0) * c->small_channels;
    Task task = task_new(c, large, small, weights + tap0 * c->small_channels * n, bias, beta, k, n);
    task.phase = phase;
    task.phase_height = pct_phase_count(c->large_height, phase / c->stride[1], c->stride[0], c->padding[0]);
    task.phase_width = pct_phase_count(c->large_width, phase % c->stride[1], c->stride[1], c->padding[1]);
    gsize rows = (gsize)c->batch * task.phase_height * task.phase_width;
    pct_parallel_for(c->pool, (n + PCT_PANEL - 1) / PCT_PANEL, 2, pack_panels, &task);
    pct_parallel_for(c->pool, rows, tile_of(rows), spread_tile, &task);
  }
}

static inline gsize
block_of(const PctConvolution *c)
{
  return c->taps->n_taps >= 4 ? BLOCK : FEW_TAPS_BLOCK;
}

// gradient of taps tap0 .. tap1 += the sum over rows (at most BLOCK) of pixels pointed at.
static void
add_outer(const Task *t, float *gradient, const float *const *large, const float *const *small, gsize rows, gsize tap0,
          gsize tap1)
{
  gsize taps = (gsize)t->c->taps->n_taps;
  for (gsize tap = tap0; tap < tap1; tap++) {
    const float *const *pixels = large + tap;
    float *c = gradient + tap * t->k * t->n;
    if (t->small_first)
      t->kernels->outer(rows, t->k, t->n, small, 1, pixels, taps, c);
    else
      t->kernels->outer(rows, t->k, t->n, pixels, taps, small, 1, c);
  }
}

static void
point_at_rows(const Task *t, const float **large, const float **small, gsize first, gsize end)
{
  point_at_patches(t->c, large, t->in, t->zeros, first, end);
  for (gsize r = first; r < end; r++)
    small[r - first] = t->small + r * (gsize)t->c->small_channels;
}

static void
gradient_part(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  gsize taps = (gsize)t->c->taps->n_taps, size = taps * t->k * t->n;
  const float **large = (const float **)(gpointer)(t->pointers + thread * t->per_thread);
  const float **small = large + BLOCK * taps;
  for (gsize part = first; part < end; part++) {
    float *gradient = t->panels + part * size;
    memset(gradient, 0, size * sizeof(float));
    gsize last = MIN((part + 1) * t->part_rows, t->rows);
    for (gsize row = part * t->part_rows, block = block_of(t->c); row < last; row += block) {
      gsize stop = MIN(row + block, last);
      point_at_rows(t, large, small, row, stop);
      add_outer(t, gradient, large, small, stop - row, 0, taps);
    }
  }
}

static void
gradient_pointers(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  gsize taps = (gsize)t->c->taps->n_taps;
  const float **large = (const float **)(gpointer)t->pointers, **small = large + CHUNK * taps;
  point_at_rows(t, large + first * taps, small + first, t->first_row + first, t->first_row + end);
}

static void
gradient_taps(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  gsize taps = (gsize)t->c->taps->n_taps;
  const float *const *large = (const float *const *)(gpointer)t->pointers, *const *small = large + CHUNK * taps;
  for (gsize row = 0; row < t->part_rows; row += BLOCK)
    add_outer(t, t->out, large + row * taps, small + row, MIN(BLOCK, t->part_rows - row), first, end);
}

void
pct_indirect_weights(const PctConvolution *c, float *gradient, const float *large, const float *small, gboolean small_first)
{
  gsize taps = (gsize)c->taps->n_taps, k = (gsize)(small_first ? c->small_channels : c->large_channels);
  gsize n = (gsize)(small_first ? c->large_channels : c->small_channels), size = taps * k * n;
  Task task = task_new(c, gradient, large, NULL, NULL, 0, k, n);
  task.small = small;
  task.small_first = small_first;
  task.rows = small_pixels(c);
  if (size <= SMALL_GRADIENT) {
    task.part_rows = (task.rows + PARTS - 1) / PARTS;
    task.pointers = task.panels + rounded(PARTS * size);
    task.per_thread = pointer_floats(BLOCK * (taps + 1));
    gsize parts = (task.rows + task.part_rows - 1) / task.part_rows;
    pct_parallel_for(c->pool, parts, 1, gradient_part, &task);
    for (gsize part = 0; part < parts; part++)
      for (gsize i = 0; i < size; i++)
        gradient[i] += task.panels[part * size + i];
    return;
  }
  task.pointers = task.panels;
  for (task.first_row = 0; task.first_row < task.rows; task.first_row += CHUNK) {
    task.part_rows = MIN(CHUNK, task.rows - task.first_row);
    pct_parallel_for(c->pool, task.part_rows, BLOCK, gradient_pointers, &task);
    pct_parallel_for(c->pool, taps, 1, gradient_taps, &task);
  }
}
