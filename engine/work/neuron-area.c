// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/neuron-area.h"

typedef struct {
  int neuron;
  double distance;
} Near;

static int
compare(gconstpointer a, gconstpointer b)
{
  const Near *one = a, *other = b;
  if (one->distance != other->distance)
    return one->distance < other->distance ? -1 : 1;
  return (one->neuron > other->neuron) - (one->neuron < other->neuron);
}

GArray *
pct_neurons_dup_in_area(PctNeurons *neurons, int x, int y, int width, int height)
{
  g_return_val_if_fail(PCT_IS_NEURONS(neurons), NULL);
  const double *across = pct_neurons_get_column(neurons, PCT_COLUMN_RF_X);
  const double *down = pct_neurons_get_column(neurons, PCT_COLUMN_RF_Y);
  g_autoptr(GArray) near = g_array_new(FALSE, FALSE, sizeof(Near));
  for (int j = 0; across && down && j < pct_neurons_get_n(neurons); j++) {
    // A pixel reaches half a pixel to either side of its centre; NAN is in no area.
    double right = across[j] + 0.5 - x, below = down[j] + 0.5 - y;
    if (!(right >= 0 && right < width && below >= 0 && below < height))
      continue;
    Near one = { j, (right - width / 2.0) * (right - width / 2.0) + (below - height / 2.0) * (below - height / 2.0) };
    g_array_append_val(near, one);
  }
  g_array_sort(near, compare);
  GArray *found = g_array_sized_new(FALSE, FALSE, sizeof(int), near->len);
  for (guint i = 0; i < near->len; i++)
    g_array_append_val(found, g_array_index(near, Near, i).neuron);
  return found;
}
