// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/contour.h"
#include <math.h>

static int
compare_descending(const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;
  return (x < y) - (x > y);
}

double
pct_contour_level(const float *values, int height, int width, double share)
{
  gsize n = (gsize)height * width;
  g_autofree float *sorted = g_memdup2(values, n * sizeof *values);
  double sum = 0, inside = 0;
  qsort(sorted, n, sizeof *sorted, compare_descending);
  for (gsize i = 0; i < n; i++)
    sum += sorted[i];
  for (gsize i = 0; i < n && sum > 0; i++)
    if ((inside += sorted[i]) >= share * sum)
      return sorted[i];
  return NAN;
}

// Columns (or rows) of the grid are the pixels' centres and, with the same values again, the two edges of the frame.
static double
place(int i, int n)
{
  return i == 0 ? 0 : i == n + 1 ? n : i - 0.5;
}

static double
value(const float *values, int height, int width, int y, int x)
{
  return values[(gsize)CLAMP(y - 1, 0, height - 1) * width + CLAMP(x - 1, 0, width - 1)];
}

// Where the level is met on the way from a to b.
static double
meet(double from, double to, double a, double b, double level)
{
  return from + (to - from) * (level - a) / (b - a);
}

void
pct_contour_path(cairo_t *cr, const float *values, int height, int width, double level)
{
  if (!isfinite(level))
    return;
  for (int y = 0; y <= height; y++)
    for (int x = 0; x <= width; x++) {
      // The square's corners and sides, clockwise from the upper left corner and from the upper side.
      double corners[] = { value(values, height, width, y, x), value(values, height, width, y, x + 1),
                           value(values, height, width, y + 1, x + 1), value(values, height, width, y + 1, x) };
      double x0 = place(x, width), x1 = place(x + 1, width), y0 = place(y, height), y1 = place(y + 1, height);
      const double at[4][2] = { { x0, y0 }, { x1, y0 }, { x1, y1 }, { x0, y1 } };
      double points[4][2];
      int n = 0;
      for (int side = 0; side < 4; side++) {
        int next = (side + 1) % 4;
        if ((corners[side] >= level) == (corners[next] >= level))
          continue;
        points[n][0] = meet(at[side][0], at[next][0], corners[side], corners[next], level);
        points[n][1] = meet(at[side][1], at[next][1], corners[side], corners[next], level);
        n++;
      }
      // Of a saddle's four points those go together that leave the middle's side in one piece.
      double middle = (corners[0] + corners[1] + corners[2] + corners[3]) / 4;
      int first = n == 4 && (middle >= level) == (corners[0] >= level) ? 0 : n == 4 ? 3 : 0;
      for (int i = 0; i + 1 < n; i += 2) {
        const double *a = points[(first + i) % n], *b = points[(first + i + 1) % n];
        cairo_move_to(cr, a[0], a[1]);
        cairo_line_to(cr, b[0], b[1]);
      }
    }
}
