// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/taps.h"

PctTaps *
pct_taps_new(int kernel_height, int kernel_width, int stride_y, int stride_x)
{
  PctTaps *taps = g_new(PctTaps, 1);
  taps->n_taps = kernel_height * kernel_width;
  taps->taps = g_new(PctTap, taps->n_taps);
  taps->n_phases = stride_y * stride_x;
  taps->first = g_new(int, taps->n_phases + 1);
  int n = 0;
  for (int phase = 0; phase < taps->n_phases; phase++) {
    taps->first[phase] = n;
    for (int y = phase / stride_x; y < kernel_height; y += stride_y)
      for (int x = phase % stride_x; x < kernel_width; x += stride_x)
        taps->taps[n++] = (PctTap){ y, x };
  }
  taps->first[taps->n_phases] = n;
  return taps;
}

void
pct_taps_free(PctTaps *taps)
{
  if (!taps)
    return;
  g_free(taps->taps);
  g_free(taps->first);
  g_free(taps);
}
