// SPDX-License-Identifier: GPL-3.0-or-later
// A map of all neurons: on cortex, or by their receptive fields on the image. A line drawn by hand around points keeps
// to those inside, a click chooses the nearest; both go through the page's actions, and the list beside the map says the
// same to whoever cannot see it.
#pragma once
#include <gtk/gtk.h>
#include "neurons/neuron-list.h"

G_BEGIN_DECLS

#define PCT_TYPE_MAP_VIEW (pct_map_view_get_type())
G_DECLARE_FINAL_TYPE(PctMapView, pct_map_view, PCT, MAP_VIEW, GtkWidget)

GtkWidget *pct_map_view_new(PctNeurons *neurons, PctNeuronList *list, PctNeuronMap map);

// The column that colours the points; one that is unknown leaves them in one colour.
void pct_map_view_set_colour(PctMapView *self, PctNeuronColumn column);
// Shows the points as they are now. selected (M,) 1 or 0, copied; marked: the neuron in hand, -1: none.
// FALSE: no point is known, and the map is hidden.
gboolean pct_map_view_update(PctMapView *self, const guint8 *selected, int marked);
// As "neurons.lasso" has it: "cortex", "image". FALSE: another name.
const char *pct_neuron_map_get_name(PctNeuronMap map);
gboolean pct_neuron_map_from_name(const char *name, PctNeuronMap *map);

G_END_DECLS
