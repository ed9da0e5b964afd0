// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/neuron-maps.h"
#include <math.h>

// Around the known points; neither side of it is nothing.
static void
find_bounds(PctMapPoints *points)
{
  points->least = (PctMapPoint){ INFINITY, INFINITY };
  points->most = (PctMapPoint){ -INFINITY, -INFINITY };
  for (int i = 0; i < points->n; i++)
    if (isfinite(points->x[i]) && isfinite(points->y[i])) {
      points->least.x = MIN(points->least.x, points->x[i]);
      points->least.y = MIN(points->least.y, points->y[i]);
      points->most.x = MAX(points->most.x, points->x[i]);
      points->most.y = MAX(points->most.y, points->y[i]);
    }
}

gboolean
pct_neuron_map_get(PctNeurons *neurons, PctNeuronMap map, PctMapPoints *points)
{
  gboolean cortex = map == PCT_MAP_CORTEX;
  *points = (PctMapPoints){ .n = pct_neurons_get_n(neurons),
                            .x = pct_neurons_get_column(neurons, cortex ? PCT_COLUMN_X : PCT_COLUMN_RF_X),
                            .y = pct_neurons_get_column(neurons, cortex ? PCT_COLUMN_Y : PCT_COLUMN_RF_Y) };
  if (points->x && points->y) {
    find_bounds(points);
    if (!cortex) {
      PctProject *project = pct_neurons_get_project(neurons);
      points->least = (PctMapPoint){ -0.5, -0.5 };
      points->most = (PctMapPoint){ pct_project_get_width(project) - 0.5, pct_project_get_height(project) - 0.5 };
    } else if (points->least.x <= points->most.x) {
      // Cells in one line or one place still want room.
      double side = MAX(points->most.x - points->least.x, points->most.y - points->least.y);
      double room = side > 0 ? 0.05 * side : 1;
      points->least = (PctMapPoint){ points->least.x - room, points->least.y - room };
      points->most = (PctMapPoint){ points->most.x + room, points->most.y + room };
    }
    if (points->least.x < points->most.x)
      return TRUE;
  }
  *points = (PctMapPoints){ 0 };
  return FALSE;
}

int
pct_points_in_polygon(const double *x, const double *y, int n, const PctMapPoint *corners, int n_corners,
                      guint8 *inside)
{
  int n_inside = 0;
  for (int i = 0; i < n; i++) {
    gboolean in = FALSE;
    // A ray to the right crosses an edge that has one end above the point and one not: a corner on the ray is counted
    // with one of its two edges, so never twice.
    for (int k = 0, before = n_corners - 1; n_corners >= 3 && k < n_corners; before = k++) {
      PctMapPoint a = corners[before], b = corners[k];
      if ((a.y > y[i]) != (b.y > y[i]) && x[i] < a.x + (y[i] - a.y) / (b.y - a.y) * (b.x - a.x))
        in = !in;
    }
    inside[i] = in;
    n_inside += in;
  }
  return n_inside;
}

int
pct_points_find_nearest(const double *xs, const double *ys, int n, PctMapPoint at, double scale_x, double scale_y,
                        double farthest)
{
  int nearest = -1;
  double least = farthest;
  for (int i = 0; i < n; i++) {
    double distance = hypot((xs[i] - at.x) * scale_x, (ys[i] - at.y) * scale_y);
    // FALSE for NAN.
    if (distance < least || (distance == least && nearest < 0)) {
      least = distance;
      nearest = i;
    }
  }
  return nearest;
}
