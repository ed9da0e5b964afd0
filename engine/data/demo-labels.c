// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/demo-labels.h"
#include "base/random.h"
#include "data/demo-neurons.h"

#define DEGREES_PER_UNIT 1.1   // of the visual field over 36ths of the frame's height: a screen of 70 by 40 degrees
#define STREAM_LABEL ((guint64)0x21 << 32)

// Share of the simple and of the complex cells, micrometres below the surface.
static const struct {
  const char *name;
  double simple, complex, top, bottom;
} layers[] = {
  { "L2/3", 0.25, 0.6, 120, 300 },
  { "L4", 0.65, 0.1, 300, 420 },
  { "L5", 0.1, 0.3, 420, 560 },
};

void
pct_demo_label_neurons(PctRecordingData *data, guint64 seed)
{
  gsize m = (gsize)data->n_neurons;
  data->cell_area = g_new0(char *, m + 1);
  data->cell_layer = g_new0(char *, m + 1);
  data->cell_depth = g_new(float, m);
  data->degrees_per_pixel = (float)(DEGREES_PER_UNIT * 36.0 / data->height);
  for (gsize i = 0; i < m; i++) {
    PctRandom random = pct_random(seed, STREAM_LABEL + i);
    double at = pct_random_uniform(&random);
    guint layer = 0;
    for (; layer + 1 < G_N_ELEMENTS(layers); layer++) {
      double share = pct_demo_neurons_is_complex((int)i) ? layers[layer].complex : layers[layer].simple;
      if (at < share)
        break;
      at -= share;
    }
    data->cell_area[i] = g_strdup("V1");
    data->cell_layer[i] = g_strdup(layers[layer].name);
    data->cell_depth[i] =
      (float)(layers[layer].top + (layers[layer].bottom - layers[layer].top) * pct_random_uniform(&random));
  }
}
