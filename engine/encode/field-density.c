// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode/field-density.h"
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "encode/gradient-field.h"

#define MOST_GRADIENTS 512
#define AT_A_TIME 32
#define USUAL_SPREAD 2.0

// out (n,): what a Gaussian at `at` covers of each pixel of a row; its sum over all the plane is 1.
static void
fill_gaussian(double *out, int n, double at, double spread)
{
  for (int i = 0; i < n; i++)
    out[i] = exp(-0.5 * (i - at) * (i - at) / (spread * spread)) / (spread * sqrt(2 * G_PI));
}

// To 1 at the most.
static void
normalise(const double *sums, gsize n, float *out)
{
  double most = 0;
  for (gsize i = 0; i < n; i++)
    most = MAX(most, sums[i]);
  for (gsize i = 0; i < n; i++)
    out[i] = most > 0 ? (float)(sums[i] / most) : 0;
}

void
pct_field_density_of_points(const float *x, const float *y, const float *spread, int n, int height, int width, float *out)
{
  g_autofree double *sums = g_new0(double, (gsize)height * (gsize)width), *across = g_new(double, width);
  g_autofree double *down = g_new(double, height);
  for (int i = 0; i < n; i++) {
    double wide = spread ? spread[i] : USUAL_SPREAD;
    if (!isfinite(x[i]) || !isfinite(y[i]) || !isfinite(wide))
      continue;
    // Narrower than a pixel, a field would fall between two.
    fill_gaussian(across, width, x[i], MAX(wide, 1));
    fill_gaussian(down, height, y[i], MAX(wide, 1));
    for (int row = 0; row < height; row++)
      for (int column = 0; column < width; column++)
        sums[row * width + column] += down[row] * across[column];
  }
  normalise(sums, (gsize)height * (gsize)width, out);
}

static void
find_at_points(const PctEncoder *encoder, const float *points, float *out)
{
  const PctEncoderDesign *design = pct_encoder_get_design(encoder);
  int n = design->n_neurons;
  g_autofree float *x = g_new(float, n), *y = g_new(float, n), *spread = g_new(float, n);
  // The first layer has no padding: its map lies half a kernel inside the image. The others keep its size.
  float inset = (float)(design->input_kernel - 1) / 2;
  for (int i = 0; i < n; i++) {
    x[i] = points[2 * i] + inset;
    y[i] = points[2 * i + 1] + inset;
    spread[i] = (float)design->input_kernel / 4;
  }
  pct_field_density_of_points(x, y, spread, n, design->height, design->width, out);
}

static gboolean
find_by_gradients(const PctEncoder *encoder, double grey, float *out, const PctRun *run, GError **error)
{
  const PctEncoderDesign *design = pct_encoder_get_design(encoder);
  gsize p = (gsize)design->height * (gsize)design->width;
  int n = MIN(design->n_neurons, MOST_GRADIENTS), neurons[AT_A_TIME];
  g_autofree double *sums = g_new0(double, p);
  g_autoptr(PctFloats) gradients = pct_aligned_new(AT_A_TIME * p, error);
  if (!gradients)
    return FALSE;
  for (int first = 0, count; first < n; first += count) {
    count = MIN(AT_A_TIME, n - first);
    for (int i = 0; i < count; i++)
      neurons[i] = (int)((gint64)(first + i) * design->n_neurons / n);
    if (!pct_gradient_fields(encoder, grey, neurons, (gsize)count, gradients, NULL, run, error))
      return FALSE;
    for (int i = 0; i < count; i++) {
      const float *gradient = gradients + (gsize)i * p;
      double square = 0;
      for (gsize j = 0; j < p; j++)
        square += (double)gradient[j] * gradient[j];
      for (gsize j = 0; square > 0 && j < p; j++)
        sums[j] += (double)gradient[j] * gradient[j] / square;
    }
    if (!pct_run_step(run, first + count, n, error))
      return FALSE;
  }
  normalise(sums, p, out);
  return TRUE;
}

gboolean
pct_field_density_of_encoder(const PctEncoder *encoder, double grey, float *out, const PctRun *run, GError **error)
{
  const float *points = pct_encoder_get_readout_points(encoder);
  if (!points)
    return find_by_gradients(encoder, grey, out, run, error);
  find_at_points(encoder, points, out);
  return pct_run_step(run, 1, 1, error);
}
