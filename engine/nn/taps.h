// SPDX-License-Identifier: GPL-3.0-or-later
// The order of a convolution kernel's taps in memory. Taps are sorted by phase, (row mod stride, column mod stride):
// an output pixel of a transposed convolution is reached by the taps of one phase only, so with this order each of its
// phases is one dense matrix product over a contiguous piece of the weights. A plain convolution uses all taps and does
// not care.
#pragma once
#include <glib.h>

typedef struct {
  int y, x;
} PctTap;

typedef struct {
  int n_taps;
  PctTap *taps;        // (n_taps,)
  int n_phases;        // stride y * stride x
  int *first;          // (n_phases + 1,) where each phase's taps begin; phase = (y mod stride y) * stride x + x mod stride x
} PctTaps;

PctTaps *pct_taps_new(int kernel_height, int kernel_width, int stride_y, int stride_x);
void pct_taps_free(PctTaps *taps);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctTaps, pct_taps_free)
