// SPDX-License-Identifier: GPL-3.0-or-later
// Where neurons are, on cortex and on the image, and which of them lie inside a line drawn by hand. Plain functions
// over arrays; a point with an unknown coordinate (NAN) is nowhere.
#pragma once
#include "work/neurons.h"

G_BEGIN_DECLS

typedef enum {
  PCT_MAP_CORTEX,  // x, y of the cells, micrometres, y upwards as the recording has it
  PCT_MAP_IMAGE,   // centres of receptive fields, pixels, y downwards; the frame is -0.5..W - 0.5 by -0.5..H - 0.5
} PctNeuronMap;

typedef struct {
  double x, y;
} PctMapPoint;

typedef struct {
  int n;               // M
  const double *x, *y; // (M,) borrowed from the columns until their next "changed"
  PctMapPoint least, most;  // of the known points, or the image's frame; least.x < most.x and least.y < most.y
} PctMapPoints;

// FALSE: not known (no positions in the recording, no receptive fields yet); points is then all 0.
gboolean pct_neuron_map_get(PctNeurons *neurons, PctNeuronMap map, PctMapPoints *points);

// inside (n,): 1 where the point lies inside the closed polygon through corners (n_corners,), by the even-odd rule, 0
// elsewhere; a polygon of fewer than three corners holds nothing. x, y (n,). Returns how many.
int pct_points_in_polygon(const double *x, const double *y, int n, const PctMapPoint *corners, int n_corners,
                          guint8 *inside);
// The point nearest to `at`, at most `farthest` away; -1: none. Distances are those of a view that stretches the axes
// by scale_x and scale_y; farthest is in the view's units.
int pct_points_find_nearest(const double *xs, const double *ys, int n, PctMapPoint at, double scale_x, double scale_y,
                            double farthest);

G_END_DECLS
