// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/gabor-wavelets.h"
#include <math.h>
#include "encode/gabor.h"

#define N_ORIENTATIONS 4
#define N_PHASES 2

// Places a side.
static const int grids[] = { 11, 5, 3, 1 };

// Of natural images these span nearly all there is to see (on a frame of 36 x 64 their projections correlate .98), and
// neither half nor double of them is better.
#define CYCLES 0.4    // a distance between places
#define ENVELOPE 0.5  // standard deviation, in such distances

typedef struct {
  int height, width;
  float *filters;
} Drawing;

static PctGabor
get_wavelet(gsize i, int height, int width)
{
  gsize phase = i % N_PHASES, orientation = i / N_PHASES % N_ORIENTATIONS, place = i / N_PHASES / N_ORIENTATIONS;
  const int *grid = grids;
  while (place >= (gsize)(*grid * *grid))
    place -= (gsize)(*grid * *grid), grid++;
  double row = (double)(place / (gsize)*grid) + 0.5, column = (double)(place % (gsize)*grid) + 0.5;
  double distance = sqrt((double)height * width) / *grid;
  return (PctGabor){ .x = column * width / *grid - 0.5,
                     .y = row * height / *grid - 0.5,
                     .orientation = 180.0 / N_ORIENTATIONS * (double)orientation,
                     .frequency = CYCLES / distance,
                     .size = ENVELOPE * distance,
                     .aspect = 1,
                     .phase = 270 * (double)phase };
}

static void
draw(gsize first, gsize end, guint thread, gpointer data)
{
  const Drawing *d = data;
  gsize p = (gsize)d->height * (gsize)d->width;
  for (gsize i = first; i < end; i++) {
    PctGabor gabor = get_wavelet(i, d->height, d->width);
    float *filter = d->filters + i * p;
    double squares = 0;
    pct_gabor_draw_filter(&gabor, 0, d->height, d->width, filter);
    for (gsize j = 0; j < p; j++)
      squares += (double)filter[j] * filter[j];
    // An odd filter smaller than the pixel it is in has none.
    double scale = squares > 1e-12 ? 1 / sqrt(squares) : 0;
    for (gsize j = 0; j < p; j++)
      filter[j] = (float)(scale * filter[j]);
  }
}

void
pct_gabor_wavelets_draw(int height, int width, float *filters, PctPool *pool)
{
  Drawing drawing = { height, width, filters };
  pct_parallel_for(pool, PCT_GABOR_WAVELETS, 16, draw, &drawing);
}
