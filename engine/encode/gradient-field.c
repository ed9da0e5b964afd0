// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode/gradient-field.h"
#include "base/blas.h"

// Neurons an evaluation: the same flat image for each, so memory is what bounds it.
#define SLAB 256

gboolean
pct_gradient_fields(const PctEncoder *encoder, double grey, const int *neurons, gsize n, float *gradients, float *rates,
                    const PctRun *run, GError **error)
{
  const PctEncoderDesign *design = pct_encoder_get_design(encoder);
  gsize p = (gsize)design->height * (gsize)design->width;
  g_autoptr(PctFloats) images = pct_aligned_new(MIN(SLAB, n) * p, error);
  if (!images)
    return FALSE;
  for (gsize i = 0; i < MIN(SLAB, n) * p; i++)
    images[i] = (float)grey;
  for (gsize first = 0; first < n; first += SLAB) {
    gsize count = MIN(SLAB, n - first);
    if (!pct_encoder_compute_gradients(encoder, images, neurons + first, count, rates ? rates + first : NULL,
                                       gradients + first * p, run, error) ||
        !pct_run_step(run, (double)(first + count), (double)n, error))
      return FALSE;
  }
  return TRUE;
}
