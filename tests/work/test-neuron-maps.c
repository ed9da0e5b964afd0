// SPDX-License-Identifier: GPL-3.0-or-later
// Which points lie inside a line drawn by hand, and which is nearest.
#include <math.h>
#include "base/random.h"
#include "work/neuron-maps.h"

#define N 2000

typedef struct {
  double x[N], y[N];
} Points;

static void
scatter(Points *points)
{
  PctRandom random = pct_random(5, 2);
  for (int i = 0; i < N; i++) {
    points->x[i] = 10 * pct_random_uniform(&random);
    points->y[i] = 10 * pct_random_uniform(&random);
  }
  points->x[7] = points->y[8] = NAN;
}

// By another rule than the one tested: the angle under which the corners are seen, in whole turns. Even-odd holds odd
// ones.
static gboolean
is_inside(double x, double y, const PctMapPoint *corners, int n)
{
  double angle = 0;
  for (int k = 0; k < n; k++) {
    PctMapPoint a = corners[k], b = corners[(k + 1) % n];
    double ax = a.x - x, ay = a.y - y, bx = b.x - x, by = b.y - y;
    angle += atan2(ax * by - ay * bx, ax * bx + ay * by);
  }
  return lround(angle / (2 * G_PI)) % 2 != 0;
}

static void
test_lasso(void)
{
  static const PctMapPoint triangle[] = { { 1, 1 }, { 9, 2 }, { 4, 8 } };
  static const PctMapPoint dented[] = { { 1, 1 }, { 9, 1 }, { 9, 9 }, { 5, 3 }, { 1, 9 } };
  // Crosses itself: its middle is wound round twice, so outside.
  static const PctMapPoint star[] = { { 5, 9.5 }, { 2, 1 }, { 9.5, 6 }, { 0.5, 6 }, { 8, 1 } };
  static const struct {
    const PctMapPoint *corners;
    int n;
  } polygons[] = { { triangle, 3 }, { dented, 5 }, { star, 5 } };
  Points points;
  scatter(&points);
  for (guint p = 0; p < G_N_ELEMENTS(polygons); p++) {
    guint8 inside[N];
    int n = pct_points_in_polygon(points.x, points.y, N, polygons[p].corners, polygons[p].n, inside), expected = 0;
    for (int i = 0; i < N; i++) {
      gboolean known = isfinite(points.x[i]) && isfinite(points.y[i]);
      gboolean in = known && is_inside(points.x[i], points.y[i], polygons[p].corners, polygons[p].n);
      g_assert_cmpint(inside[i], ==, in);
      expected += in;
    }
    g_assert_cmpint(n, ==, expected);
    g_assert_cmpint(n, >, N / 10);
    g_assert_cmpint(pct_points_in_polygon(points.x, points.y, N, polygons[p].corners, 2, inside), ==, 0);
    g_assert_cmpint(pct_points_in_polygon(points.x, points.y, N, NULL, 0, inside), ==, 0);
  }
  // A grid cut in tiles that share their edges and corners: every point of the grid is in one tile, never in two.
  double x[81], y[81];
  int times[81] = { 0 };
  for (int i = 0; i < 81; i++) {
    x[i] = i % 9;
    y[i] = i / 9;
  }
  for (int tile = 0; tile < 16; tile++) {
    double left = 2 * (tile % 4), top = 2 * (tile / 4);
    PctMapPoint corners[] = { { left, top }, { left + 2, top }, { left + 2, top + 2 }, { left, top + 2 } };
    guint8 inside[81];
    pct_points_in_polygon(x, y, 81, corners, 4, inside);
    for (int i = 0; i < 81; i++)
      times[i] += inside[i];
  }
  for (int i = 0; i < 81; i++)
    g_assert_cmpint(times[i], ==, x[i] < 8 && y[i] < 8);
}

static void
test_nearest(void)
{
  Points points;
  scatter(&points);
  PctRandom random = pct_random(6, 2);
  for (int k = 0; k < 200; k++) {
    PctMapPoint at = { 10 * pct_random_uniform(&random), 10 * pct_random_uniform(&random) };
    double least = INFINITY;
    int nearest = -1;
    for (int i = 0; i < N; i++) {
      double d = pow(3 * (points.x[i] - at.x), 2) + pow(0.5 * (points.y[i] - at.y), 2);
      if (d < least) {
        least = d;
        nearest = i;
      }
    }
    double distance = sqrt(least);
    g_assert_cmpint(pct_points_find_nearest(points.x, points.y, N, at, 3, 0.5, distance * 1.001), ==, nearest);
    g_assert_cmpint(pct_points_find_nearest(points.x, points.y, N, at, 3, 0.5, INFINITY), ==, nearest);
    g_assert_cmpint(pct_points_find_nearest(points.x, points.y, N, at, 3, 0.5, distance * 0.999), ==, -1);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/work/neuron-maps/lasso", test_lasso);
  g_test_add_func("/work/neuron-maps/nearest", test_nearest);
  return g_test_run();
}
