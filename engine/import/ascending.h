// SPDX-License-Identifier: GPL-3.0-or-later
// Places in ascending times.
#pragma once
#include <glib.h>

// The first of n ascending times that is not before `time`; n: none.
static inline gsize
pct_find_time(const double *times, gsize n, double time)
{
  gsize low = 0, high = n;
  while (low < high) {
    gsize middle = low + (high - low) / 2;
    if (times[middle] < time)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static inline int
pct_compare_times(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}
