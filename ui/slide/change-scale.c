// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/change-scale.h"
#include <math.h>
#include "plots/difference.h"
#include "plots/number-text.h"

void
pct_change_compute(const PctPicture *after, const PctPicture *before, float *out)
{
  gsize n = (gsize)pct_picture_get_height(after) * (gsize)pct_picture_get_width(after);
  const float *a = pct_picture_get_pixels(after), *b = pct_picture_get_pixels(before);
  for (gsize i = 0; i < n; i++)
    out[i] = a[i] - b[i];
}

double
pct_change_limit(const float *change, gsize n)
{
  double largest = pct_difference_limit(change, n), power = pow(10, floor(log10(MAX(largest, 1))));
  for (int i = 0; i < 3; i++)
    if (largest <= (const double[]){ 1, 2, 5 }[i] * power)
      return (const double[]){ 1, 2, 5 }[i] * power;
  return 10 * power;
}

char *
pct_change_scale_text(double limit)
{
  g_autofree char *number = pct_number_text(limit, 0);
  return g_strdup_printf("±%s", number);
}
