// SPDX-License-Identifier: GPL-3.0-or-later
// The neurons that a view shows, in its order: a GListModel of PctNeuronItem, filtered by an expression and by a line
// drawn around points of a map, sorted by one column. It works on the columns' plain arrays, five thousand rows in a
// few milliseconds, and again only when what it reads has changed; where that leaves every neuron in its place, nobody
// is told. Neurons whose value is unknown come last in either direction, and equals in the order of their numbers.
#pragma once
#include <gio/gio.h>
#include "work/neuron-maps.h"
#include "work/neurons.h"

G_BEGIN_DECLS

#define PCT_NEURON_NOWHERE G_MAXUINT

#define PCT_TYPE_NEURON_LIST (pct_neuron_list_get_type())
G_DECLARE_FINAL_TYPE(PctNeuronList, pct_neuron_list, PCT, NEURON_LIST, GObject)

PctNeuronList *pct_neuron_list_new(PctNeurons *neurons);

// FALSE with the sentence of pct_neuron_filter_new; the list stays as it was.
gboolean pct_neuron_list_set_filter(PctNeuronList *self, const char *text, GError **error);
const char *pct_neuron_list_get_filter(PctNeuronList *self);  // the last one that could be read; "": none
// Those that the filter reads and that are not known of any neuron yet.
PctNeuronColumns pct_neuron_list_get_unknown(PctNeuronList *self);
void pct_neuron_list_set_sort(PctNeuronList *self, PctNeuronColumn column, gboolean descending);
PctNeuronColumn pct_neuron_list_get_sort(PctNeuronList *self, gboolean *descending);
// corners (n,) in the map's units, copied. Fewer than three: no line.
void pct_neuron_list_set_lasso(PctNeuronList *self, PctNeuronMap map, const PctMapPoint *corners, int n);
// (n,) borrowed; n is 0 where no line is drawn on this map.
const PctMapPoint *pct_neuron_list_get_lasso(PctNeuronList *self, PctNeuronMap map, int *n);
gboolean pct_neuron_list_has_lasso(PctNeuronList *self);

guint pct_neuron_list_get_n(PctNeuronList *self);
int pct_neuron_list_get_neuron(PctNeuronList *self, guint position);
guint pct_neuron_list_find(PctNeuronList *self, int neuron);  // PCT_NEURON_NOWHERE: not shown
// (M,) 1 or 0; borrowed until the next change.
const guint8 *pct_neuron_list_get_shown(PctNeuronList *self);

G_END_DECLS
