// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to several responses at once, in terms of setting them.
#include "config.h"
#include <math.h>
#include "work/slide.h"

void
pct_slide_silence(PctSlide *self, const int *neurons, guint n)
{
  pct_slide_scale(self, neurons, n, 0);
}

void
pct_slide_scale(PctSlide *self, const int *neurons, guint n, double factor)
{
  g_return_if_fail(PCT_IS_SLIDE(self) && isfinite(factor));
  const float *mean = pct_project_get_ranges(pct_slide_get_project(self))->mean;
  g_autofree float *values = g_new(float, MAX(n, 1));
  for (guint i = 0; i < n; i++) {
    float recorded = pct_slide_get_recorded(self, neurons[i]), usual = mean[neurons[i]];
    // As recorded to the last bit.
    values[i] = factor == 1 ? recorded : (float)((double)usual + factor * ((double)recorded - (double)usual));
  }
  pct_slide_set_responses(self, neurons, values, n);
}

double
pct_slide_get_scale(PctSlide *self, const int *neurons, guint n)
{
  g_return_val_if_fail(PCT_IS_SLIDE(self), NAN);
  const float *mean = pct_project_get_ranges(pct_slide_get_project(self))->mean;
  // The neuron that answered most beyond its mean tells the factor best.
  double most = 0, factor = 1;
  for (guint i = 0; i < n; i++) {
    double beyond = (double)pct_slide_get_recorded(self, neurons[i]) - mean[neurons[i]];
    if (fabs(beyond) > most) {
      most = fabs(beyond);
      factor = ((double)pct_slide_get_response(self, neurons[i]) - mean[neurons[i]]) / beyond;
    }
  }
  for (guint i = 0; i < n; i++) {
    double usual = mean[neurons[i]], beyond = (double)pct_slide_get_recorded(self, neurons[i]) - usual;
    if (fabs(usual + factor * beyond - pct_slide_get_response(self, neurons[i])) > 1e-5 * (most + fabs(usual)))
      return NAN;
  }
  return factor;
}

void
pct_slide_reset(PctSlide *self, const int *neurons, guint n)
{
  g_return_if_fail(PCT_IS_SLIDE(self));
  if (!pct_slide_is_changed(self))
    return;
  if (neurons)
    pct_slide_scale(self, neurons, n, 1);
  else
    pct_slide_set_all(self, pct_slide_get_recorded_responses(self), 0);
}
