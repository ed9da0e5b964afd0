// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/convolution-rows.h"
#include <string.h>
#include "nn/kernels.h"

#define TILE 192   // pixels a task computes; a multiple of the kernels' rows
#define BLOCK 512  // pixels a weights' gradient passes over at a time
#define PARTS 8    // of the pixels, summed apart

typedef struct {
  const PctConvolution *c;
  const PctKernels *kernels;
  float *out;
  const float *in, *small, *weights, *bias;
  float beta;
  float *panels, *pointers;  // parts of the scratch; the panels are the parts of a gradient
  gsize per_thread;          // floats of pointers
  gsize kernel[2], n;
  gsize rows, part_rows;
} Task;

static inline gsize
small_pixels(const PctConvolution *c)
{
  return (gsize)c->batch * (gsize)c->small_height * (gsize)c->small_width;
}

static inline gsize
rounded(gsize n)
{
  return (n + 15) / 16 * 16;
}

static inline gsize
pointer_floats(gsize n)
{
  return rounded(n * sizeof(float *) / sizeof(float));
}

static gsize
kernel_height(const PctConvolution *c)
{
  return (gsize)(c->large_height - c->small_height + 1);
}

static gsize
kernel_width(const PctConvolution *c)
{
  return (gsize)(c->large_width - c->small_width + 1);
}

gboolean
pct_rows_suits(const PctConvolution *c)
{
  return c->large_channels == 1 && c->small_channels % PCT_PANEL == 0 && c->stride[0] == 1 && c->stride[1] == 1 &&
         c->padding[0] == 0 && c->padding[1] == 0 && kernel_width(c) >= 4;
}

gsize
pct_rows_scratch(const PctConvolution *c, guint n_threads)
{
  gsize k = kernel_height(c) * kernel_width(c), n = (gsize)c->small_channels, rows = kernel_height(c);
  gsize gather = rounded(pct_kernels_packed_size(k, n)) + n_threads * pointer_floats(TILE * (rows + 1));
  gsize weights = rounded(PARTS * k * n) + n_threads * pointer_floats(BLOCK * (rows + 1));
  return MAX(gather, weights);
}

static Task
task_new(const PctConvolution *c, gsize panels, gsize pixels)
{
  Task task = { .c = c, .kernels = pct_kernels_get(), .kernel = { kernel_height(c), kernel_width(c) },
                .n = (gsize)c->small_channels, .rows = small_pixels(c), .panels = c->scratch,
                .pointers = c->scratch + rounded(panels) };
  task.per_thread = pointer_floats(pixels * (task.kernel[0] + 1));
  return task;
}

// in (end - first, kernel height): where the rows under the kernel begin, for small pixels first .. end.
static void
point_at_rows(const Task *t, const float **in, gsize first, gsize end)
{
  const PctConvolution *c = t->c;
  gsize width = (gsize)c->small_width, height = (gsize)c->small_height, row = (gsize)c->large_width;
  for (gsize p = first; p < end; p++) {
    gsize x = p % width, y = p / width % height, image = p / (width * height);
    const float *from = t->in + (image * (gsize)c->large_height + y) * row + x;
    for (gsize i = 0; i < t->kernel[0]; i++)
      *in++ = from + i * row;
  }
}

static void
pack(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  pct_kernels_pack(t->panels, t->weights, t->kernel[0] * t->kernel[1], t->n, first, end);
}

static void
gather_tile(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  gsize rows = end - first;
  const float **in = (const float **)(gpointer)(t->pointers + thread * t->per_thread);
  float **out = (float **)(gpointer)(in + rows * t->kernel[0]);
  point_at_rows(t, in, first, end);
  for (gsize r = 0; r < rows; r++)
    out[r] = t->out + (first + r) * t->n;
  t->kernels->indirect(rows, t->kernel[0], t->kernel[1], t->n, in, NULL, t->panels, out, t->bias, t->beta);
}

void
pct_rows_gather(const PctConvolution *c, float *small, const float *large, const float *weights, const float *bias,
                float beta)
{
  gsize k = kernel_height(c) * kernel_width(c), n = (gsize)c->small_channels;
  Task task = task_new(c, pct_kernels_packed_size(k, n), TILE);
  task.out = small;
  task.in = large;
  task.weights = weights;
  task.bias = bias;
  task.beta = beta;
  pct_parallel_for(c->pool, n / PCT_PANEL, 2, pack, &task);
  // At least four tiles, so that two threads share them.
  pct_parallel_for(c->pool, task.rows, CLAMP((task.rows / 4 + 11) / 12 * 12, 12, TILE), gather_tile, &task);
}

static void
sum_part(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  gsize size = t->kernel[0] * t->kernel[1] * t->n;
  const float **in = (const float **)(gpointer)(t->pointers + thread * t->per_thread);
  const float **small = in + BLOCK * t->kernel[0];
  for (gsize part = first; part < end; part++) {
    float *gradient = t->panels + part * size;
    memset(gradient, 0, size * sizeof(float));
    gsize last = MIN((part + 1) * t->part_rows, t->rows);
    for (gsize row = part * t->part_rows; row < last; row += BLOCK) {
      gsize stop = MIN(row + BLOCK, last);
      point_at_rows(t, in, row, stop);
      for (gsize r = row; r < stop; r++)
        small[r - row] = t->small + r * t->n;
      for (gsize i = 0; i < t->kernel[0]; i++)
        t->kernels->outer(stop - row, t->kernel[1], t->n, in + i, t->kernel[0], small, 1,
                          gradient + i * t->kernel[1] * t->n);
    }
  }
}

void
pct_rows_weights(const PctConvolution *c, float *gradient, const float *large, const float *small)
{
  gsize size = kernel_height(c) * kernel_width(c) * (gsize)c->small_channels;
  Task task = task_new(c, PARTS * size, BLOCK);
  task.in = large;
  task.small = small;
  task.part_rows = (task.rows + PARTS - 1) / PARTS;
  gsize parts = (task.rows + task.part_rows - 1) / task.part_rows;
  pct_parallel_for(c->pool, parts, 1, sum_part, &task);
  for (gsize part = 0; part < parts; part++)
    for (gsize i = 0; i < size; i++)
      gradient[i] += task.panels[part * size + i];
}
