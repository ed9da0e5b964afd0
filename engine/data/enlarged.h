// SPDX-License-Identifier: GPL-3.0-or-later
// Grey levels as bytes of an image file, every pixel a crisp square: enlarged by a whole number, because a smoothed
// enlargement would show detail that nobody measured.
#pragma once
#include <glib.h>

// 0..255, rounded and clipped; NaN is black, not an undefined conversion.
static inline guint8
pct_grey_byte(float level)
{
  return level > 0 ? (guint8)(MIN(level, 255.0f) + 0.5f) : 0;
}

// out: height * scale rows of width * scale pixels, `stride` bytes from row to row; a pixel is `channels` (3, 4) bytes,
// three of the grey level and an opaque fourth. pixels (H,W) grey levels.
void pct_enlarge_grey(const float *pixels, int height, int width, int scale, guint8 *out, gsize stride, int channels);
