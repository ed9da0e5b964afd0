// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/area-resize.h"
#include <glib.h>
#include <math.h>
#include <string.h>

// The weighted mean of values over [from, to), stride apart; pixels that the interval cuts count in part.
static double
average(const double *values, double from, double to)
{
  double sum = 0.0;
  for (int i = (int)from; i < to; i++)
    sum += values[i] * (MIN(to, i + 1.0) - MAX(from, i));
  return sum / (to - from);
}

// Columns first.
void
pct_area_resize(const float *grey, int height, int width, double x, double y, double crop_height, double crop_width,
                int frame_height, int frame_width, float *out)
{
  g_autofree double *column = g_new(double, height), *row = g_new(double, width);
  double step_y = crop_height / frame_height, step_x = crop_width / frame_width;
  g_autofree double *narrow = g_new(double, (gsize)height * (gsize)frame_width);
  int first = (int)y, end = MIN(height, (int)ceil(y + crop_height));
  for (int i = first; i < end; i++) {
    for (int j = 0; j < width; j++)
      row[j] = grey[(gsize)i * (gsize)width + (gsize)j];
    for (int j = 0; j < frame_width; j++)
      narrow[(gsize)i * (gsize)frame_width + (gsize)j] = average(row, x + j * step_x, MIN(width, x + (j + 1) * step_x));
  }
  for (int j = 0; j < frame_width; j++) {
    for (int i = first; i < end; i++)
      column[i] = narrow[(gsize)i * (gsize)frame_width + (gsize)j];
    for (int i = 0; i < frame_height; i++)
      out[i * frame_width + j] = (float)average(column, y + i * step_y, MIN(height, y + (i + 1) * step_y));
  }
}

void
pct_area_resize_middle(const float *grey, int height, int width, int frame_height, int frame_width, float *out)
{
  if (height == frame_height && width == frame_width) {
    memcpy(out, grey, (gsize)height * (gsize)width * sizeof *out);
    return;
  }
  double scale = MIN((double)height / frame_height, (double)width / frame_width);
  double crop_height = MIN(height, scale * frame_height), crop_width = MIN(width, scale * frame_width);
  pct_area_resize(grey, height, width, (width - crop_width) / 2, (height - crop_height) / 2, crop_height, crop_width,
                  frame_height, frame_width, out);
}
