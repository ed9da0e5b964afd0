// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/enlarged.h"
#include <string.h>

void
pct_enlarge_grey(const float *pixels, int height, int width, int scale, guint8 *out, gsize stride, int channels)
{
  for (int y = 0; y < height; y++) {
    guint8 *first = out + (gsize)y * (gsize)scale * stride, *at = first;
    for (int x = 0; x < width; x++) {
      guint8 grey = pct_grey_byte(pixels[(gsize)y * (gsize)width + (gsize)x]);
      for (int i = 0; i < scale; i++, at += channels) {
        memset(at, grey, 3);
        if (channels == 4)
          at[3] = 255;
      }
    }
    for (int i = 1; i < scale; i++)
      memcpy(first + (gsize)i * stride, first, (gsize)(at - first));
  }
}
