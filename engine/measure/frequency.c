// SPDX-License-Identifier: GPL-3.0-or-later
// Both directions as products with the orthonormal cosines: frames are small, and nothing is faster in that size.
#include "measure/frequency.h"
#include <math.h>
#include "base/blas.h"

struct _PctFrequency {
  int height, width;
  float *rows, *columns;  // (H,H), (W,W): a cosine a row
  gint8 *band;            // (H,W) of each coefficient; -1: none
  gboolean has[PCT_N_BANDS];
};

double
pct_band_get_highest(int band)
{
  static const double highest[PCT_N_BANDS] = { 1.0 / 32, 1.0 / 16, 1.0 / 8, 1.0 / 4, G_SQRT2 / 2 };
  g_return_val_if_fail(band >= 0 && band < PCT_N_BANDS, NAN);
  return highest[band];
}

static float *
cosines_new(int n)
{
  float *out = g_new(float, (gsize)n * n);
  for (int k = 0; k < n; k++)
    for (int i = 0; i < n; i++)
      out[k * n + i] = (float)(sqrt((k ? 2.0 : 1.0) / n) * cos(G_PI * k * (2 * i + 1) / (2.0 * n)));
  return out;
}

PctFrequency *
pct_frequency_new(int height, int width)
{
  PctFrequency *self = g_new0(PctFrequency, 1);
  self->height = height;
  self->width = width;
  self->rows = cosines_new(height);
  self->columns = cosines_new(width);
  self->band = g_new(gint8, (gsize)height * width);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      double frequency = hypot(y / (2.0 * height), x / (2.0 * width));
      int band = 0;
      // A frequency on the border belongs below it, whichever way it was rounded.
      while (band < PCT_N_BANDS - 1 && frequency > pct_band_get_highest(band) * (1 + 1e-12))
        band++;
      self->band[y * width + x] = (gint8)(y == 0 && x == 0 ? -1 : band);
      if (y > 0 || x > 0)
        self->has[band] = TRUE;
    }
  return self;
}

void
pct_frequency_free(PctFrequency *self)
{
  if (!self)
    return;
  g_free(self->rows);
  g_free(self->columns);
  g_free(self->band);
  g_free(self);
}

// out (H,W) coefficients of the window; between (H,W) and centred (H,W) are scratch. Returns the sum of the squares of
// the window's own pixels, the scale of what is rounding.
static double
transform(const PctFrequency *self, const float *picture, int stride, PctWindow window, float *out, float *between,
          float *centred)
{
  gsize h = (gsize)self->height, w = (gsize)self->width;
  double sum = 0, squares = 0;
  for (gsize y = 0; y < h; y++)
    for (gsize x = 0; x < w; x++) {
      double value = picture[(gsize)(window.y0 + (int)y) * (gsize)stride + (gsize)window.x0 + x];
      sum += value;
      squares += value * value;
    }
  // The constant is in no band, and without it nothing of it is rounded into the others.
  double mean = sum / (double)(h * w);
  for (gsize y = 0; y < h; y++)
    for (gsize x = 0; x < w; x++)
      centred[y * w + x] =
        (float)(picture[(gsize)(window.y0 + (int)y) * (gsize)stride + (gsize)window.x0 + x] - mean);
  pct_gemm_serial(FALSE, TRUE, h, w, w, 1, centred, w, self->columns, w, 0, between, w);
  pct_gemm_serial(FALSE, FALSE, h, w, h, 1, self->rows, h, between, w, 0, out, w);
  return squares;
}

void
pct_frequency_correlate(const PctFrequency *self, const float *a, const float *b, int stride, PctWindow window,
                        double *out)
{
  gsize p = (gsize)self->height * (gsize)self->width;
  g_return_if_fail(window.y1 - window.y0 == self->height && window.x1 - window.x0 == self->width);
  for (int band = 0; band < PCT_N_BANDS; band++)
    out[band] = NAN;
  if (p == 0)
    return;
  g_autofree float *scratch = g_new(float, 4 * p);
  float *of_a = scratch, *of_b = scratch + p;
  double size_a = transform(self, a, stride, window, of_a, scratch + 2 * p, scratch + 3 * p);
  double size_b = transform(self, b, stride, window, of_b, scratch + 2 * p, scratch + 3 * p);
  double aa[PCT_N_BANDS] = { 0 }, bb[PCT_N_BANDS] = { 0 }, ab[PCT_N_BANDS] = { 0 };
  for (gsize i = 0; i < p; i++) {
    int band = self->band[i];
    if (band < 0)
      continue;
    aa[band] += (double)of_a[i] * of_a[i];
    bb[band] += (double)of_b[i] * of_b[i];
    ab[band] += (double)of_a[i] * of_b[i];
  }
  for (int band = 0; band < PCT_N_BANDS; band++) {
    if (!self->has[band])
      continue;
    gboolean nothing = aa[band] <= 1e-12 * size_a || bb[band] <= 1e-12 * size_b;
    out[band] = nothing ? 0 : ab[band] / sqrt(aa[band] * bb[band]);
  }
}
