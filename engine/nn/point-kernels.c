// SPDX-License-Identifier: GPL-3.0-or-later
// Where a position's four pixels are and what they count: the arithmetic that all instruction sets share.
#include "nn/point-kernels.h"
#include <string.h>
#include "nn/kernels.h"

typedef struct {
  gsize at[4];         // offset of each pixel: above left, above right, below left, below right
  float value[4];      // what each counts
  float slope[2][4];   // derivative of that along x and y, per unit of position
} Corners;

// Along one axis: the pixel before coordinate and the one after, what they count and its derivative. Pixels beyond the
// picture count 0, and stand for the nearest one of it. A coordinate that is not a number makes what they count so.
static inline __attribute__((always_inline)) void
interpolate(float coordinate, int size, int index[2], float value[2], float slope[2])
{
  float scale = 0.5f * (float)(size - 1), x = (coordinate + 1) * scale;
  x = x < -2 ? -2 : x;
  x = x > (float)size + 1 ? (float)size + 1 : x;
  // Rounds down: x + 2 is not negative. (Nothing compares with NaN.)
  int before = x >= -2 ? (int)(x + 2) - 2 : 0, after = before + 1;
  float fraction = x - (float)before;
  gboolean has_before = before >= 0 && before < size, has_after = after >= 0 && after < size;
  index[0] = CLAMP(before, 0, size - 1);
  index[1] = CLAMP(after, 0, size - 1);
  value[0] = has_before ? 1 - fraction : 0;
  value[1] = has_after ? fraction : 0;
  slope[0] = has_before ? -scale : 0;
  slope[1] = has_after ? scale : 0;
}

static inline __attribute__((always_inline)) Corners
corners_of(PctShape shape, const float *position)
{
  int column[2], row[2];
  float wx[2], wy[2], dx[2], dy[2];
  interpolate(position[0], shape.width, column, wx, dx);
  interpolate(position[1], shape.height, row, wy, dy);
  Corners corners;
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++) {
    int i = k / 2, j = k % 2;
    corners.at[k] = ((gsize)row[i] * (gsize)shape.width + (gsize)column[j]) * (gsize)shape.channels;
    corners.value[k] = wy[i] * wx[j];
    corners.slope[0][k] = wy[i] * dx[j];
    corners.slope[1][k] = dy[i] * wx[j];
  }
  return corners;
}

void
pct_point_positions(PctShape shape, gsize first, gsize end, const float *positions, const float *products,
                    const float *d_out, float *d_positions, float beta)
{
  for (gsize m = first; m < end; m++) {
    Corners at = corners_of(shape, positions + 2 * m);
    const float *product = products + 4 * m;
    for (gsize i = 0; i < 2; i++) {
      const float *slope = at.slope[i];
      float d = d_out[m] * (slope[0] * product[0] + slope[1] * product[1] + slope[2] * product[2] + slope[3] * product[3]);
      float *to = d_positions + 2 * m + i;
      *to = beta != 0 ? *to + d : d;
    }
  }
}

#define BODY "nn/point-kernels-body.h"
#include "nn/each-target.h"

const PctPointKernels *
pct_point_kernels_get(void)
{
  return pct_point_kernels_get_all()[0];
}

const PctPointKernels *const *
pct_point_kernels_get_all(void)
{
  static const PctPointKernels *const all[] = { &kernels_avx512, &kernels_avx2, &kernels_plain, NULL };
  return all + pct_kernels_get_first();
}
