// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "nn/ssim-loss.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "nn/simd.h"

#define TAPS 11
#define SIGMA 1.5
#define RANGE 255.0
// Second moments are taken about the middle of the range: about 0 they would be differences of large numbers.
#define MIDDLE 127.5f

enum { X, Y, XX, YY, XY, N_MAPS };

struct _PctSsimLoss {
  PctSsimLossOptions options;
  int max_batch;
  PctPool *pool;
  float taps[TAPS];
  gsize per_thread;
  float *scratch;   // a thread: N_MAPS maps (H,W), N_MAPS filtered, one half filtered
  double *values;   // (max_batch,)
};

PctSsimLoss *
pct_ssim_loss_new(const PctSsimLossOptions *options, int max_batch, PctPool *pool, GError **error)
{
  g_return_val_if_fail(options && max_batch > 0, NULL);
  if (options->height < TAPS || options->width < TAPS) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("Structural similarity needs pictures of at least %d × %d pixels; these have %d × %d."), TAPS, TAPS,
                options->height, options->width);
    return NULL;
  }
  gsize per_thread = (2 * N_MAPS + 1) * (gsize)options->height * (gsize)options->width;
  float *scratch = pct_aligned_new(per_thread * pct_pool_get_n_threads(pool), error);
  if (!scratch)
    return NULL;
  PctSsimLoss *loss = g_new(PctSsimLoss, 1);
  *loss = (PctSsimLoss){ .options = *options, .max_batch = max_batch, .pool = pool, .per_thread = per_thread,
                         .scratch = scratch, .values = g_new0(double, max_batch) };
  double sum = 0;
  for (int i = 0; i < TAPS; i++)
    sum += exp(-0.5 * (i - TAPS / 2) * (i - TAPS / 2) / (SIGMA * SIGMA));
  for (int i = 0; i < TAPS; i++)
    loss->taps[i] = (float)(exp(-0.5 * (i - TAPS / 2) * (i - TAPS / 2) / (SIGMA * SIGMA)) / sum);
  return loss;
}

void
pct_ssim_loss_free(PctSsimLoss *loss)
{
  if (!loss)
    return;
  pct_aligned_free(loss->scratch);
  g_free(loss->values);
  g_free(loss);
}

// out (height - 10, width - 10) = the Gaussian mean of in (height, width); half (height - 10, width) in between.
PCT_SIMD static void
filter(float *restrict out, const float *restrict in, float *restrict half, const float *restrict taps, int height,
       int width)
{
  for (int y = 0; y + TAPS <= height; y++) {
    float *row = half + (gsize)y * width, *to = out + (gsize)y * (width - TAPS + 1);
    memset(row, 0, (gsize)width * sizeof(float));
    for (int t = 0; t < TAPS; t++)
      for (int x = 0; x < width; x++)
        row[x] += taps[t] * in[(gsize)(y + t) * width + x];
    memset(to, 0, (gsize)(width - TAPS + 1) * sizeof(float));
    for (int t = 0; t < TAPS; t++)
      for (int x = 0; x < width - TAPS + 1; x++)
        to[x] += taps[t] * row[x + t];
  }
}

// Its adjoint: out (height, width) from in (height - 10, width - 10).
PCT_SIMD static void
filter_adjoint(float *restrict out, const float *restrict in, float *restrict half, const float *restrict taps,
               int height, int width)
{
  memset(out, 0, (gsize)height * width * sizeof(float));
  for (int y = 0; y + TAPS <= height; y++) {
    float *row = half + (gsize)y * width;
    const float *from = in + (gsize)y * (width - TAPS + 1);
    memset(row, 0, (gsize)width * sizeof(float));
    for (int t = 0; t < TAPS; t++)
      for (int x = 0; x < width - TAPS + 1; x++)
        row[x + t] += taps[t] * from[x];
    for (int t = 0; t < TAPS; t++)
      for (int x = 0; x < width; x++)
        out[(gsize)(y + t) * width + x] += taps[t] * row[x];
  }
}

typedef struct {
  PctSsimLoss *loss;
  const float *prediction, *target;
  float *gradient;
  int batch;
} Task;

// With means mx, my, variances vx, vy, covariance v, A1 = 2 mx my + C1, A2 = 2 v + C2, B1 = mx^2 + my^2 + C1,
// B2 = vx + vy + C2, a window's S = A1 A2 / (B1 B2). From the moments about MIDDLE (x = mx - MIDDLE, XX, XY),
// vx = XX - x^2 and v = XY - x y, so that
//   dS/dXX = -S / B2,  dS/dXY = 2 A1 / (B1 B2),
//   dS/dx = 2 (A2 my - A1 y) / (B1 B2) + 2 S (x / B2 - mx / B1).
// Replaces the filtered maps X, XX and XY by these derivatives; returns the sum of S.
static double
compare_windows(float *filtered, gsize stride, gsize n)
{
  const double c1 = (0.01 * RANGE) * (0.01 * RANGE), c2 = (0.03 * RANGE) * (0.03 * RANGE);
  double sum = 0;
  for (gsize i = 0; i < n; i++) {
    float *at = filtered + i;
    double x = at[X * stride], y = at[Y * stride], mx = x + MIDDLE, my = y + MIDDLE;
    double a1 = 2 * mx * my + c1, a2 = 2 * (at[XY * stride] - x * y) + c2;
    double b1 = mx * mx + my * my + c1, b2 = at[XX * stride] - x * x + at[YY * stride] - y * y + c2;
    double d = 1 / (b1 * b2), s = a1 * a2 * d;
    sum += s;
    at[X * stride] = (float)(2 * (a2 * my - a1 * y) * d + 2 * s * (x / b2 - mx / b1));
    at[XX * stride] = (float)(-s / b2);
    at[XY * stride] = (float)(2 * a1 * d);
  }
  return sum;
}

static void
do_picture(const Task *task, gsize index, guint thread)
{
  PctSsimLoss *loss = task->loss;
  int height = loss->options.height, width = loss->options.width;
  gsize n = (gsize)height * width, n_windows = (gsize)(height - TAPS + 1) * (gsize)(width - TAPS + 1);
  float *maps = loss->scratch + thread * loss->per_thread, *filtered = maps + N_MAPS * n, *half = filtered + N_MAPS * n;
  const float *prediction = task->prediction + index * n, *target = task->target + index * n;
  float scale = loss->options.scale, offset = loss->options.offset - MIDDLE;
  for (gsize i = 0; i < n; i++) {
    float x = scale * prediction[i] + offset, y = scale * target[i] + offset;
    maps[X * n + i] = x;
    maps[Y * n + i] = y;
    maps[XX * n + i] = x * x;
    maps[YY * n + i] = y * y;
    maps[XY * n + i] = x * y;
  }
  for (int m = 0; m < N_MAPS; m++)
    filter(filtered + m * n, maps + m * n, half, loss->taps, height, width);
  double ssim = compare_windows(filtered, n, n_windows) / (double)n_windows;
  loss->values[index] = loss->options.logarithm ? -log((ssim + 1) / 2) : 1 - ssim;
  if (!task->gradient)
    return;
  float *d = task->gradient + index * n;
  // d loss / d S of one window, times the chain from value to grey level.
  double slope = loss->options.logarithm ? -1 / (ssim + 1) : -1;
  float factor = (float)(slope * scale / (double)n_windows / task->batch);
  const float *x = maps + X * n, *y = maps + Y * n;
  filter_adjoint(maps + XX * n, filtered + X * n, half, loss->taps, height, width);
  filter_adjoint(maps + YY * n, filtered + XX * n, half, loss->taps, height, width);
  filter_adjoint(maps + XY * n, filtered + XY * n, half, loss->taps, height, width);
  for (gsize i = 0; i < n; i++)
    d[i] = factor * (maps[XX * n + i] + 2 * x[i] * maps[YY * n + i] + y[i] * maps[XY * n + i]);
}

static void
do_pictures(gsize first, gsize end, guint thread, gpointer data)
{
  for (gsize i = first; i < end; i++)
    do_picture(data, i, thread);
}

double
pct_ssim_loss(PctSsimLoss *loss, const float *prediction, const float *target, int batch, float *gradient)
{
  g_return_val_if_fail(batch > 0 && batch <= loss->max_batch, NAN);
  Task task = { loss, prediction, target, gradient, batch };
  pct_parallel_for(loss->pool, (gsize)batch, 1, do_pictures, &task);
  double sum = 0;
  for (int i = 0; i < batch; i++)
    sum += loss->values[i];
  return sum / batch;
}
