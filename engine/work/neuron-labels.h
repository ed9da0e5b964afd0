// SPDX-License-Identifier: GPL-3.0-or-later
// The areas and the layers of a recording's neurons as numbers: the names that there are, each once and in order, of
// which a column's value says the place. So lists, filters and maps treat them as every other fact. Immutable.
#pragma once
#include "work/neuron-columns.h"

G_BEGIN_DECLS

typedef struct _PctNeuronLabels PctNeuronLabels;

// area and layer (M,) and a NULL each, "" where it is not known; NULL: of no neuron.
PctNeuronLabels *pct_neuron_labels_new(char *const *area, char *const *layer);
void pct_neuron_labels_free(PctNeuronLabels *labels);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctNeuronLabels, pct_neuron_labels_free)

// The names that the values 0, 1, ... of a column stand for, NULL at the end; NULL: the recording has none, or it is no
// column of text. Borrowed.
char *const *pct_neuron_labels_get(const PctNeuronLabels *labels, PctNeuronColumn column);
// (M,), NAN where the recording does not know; NULL as above. Borrowed.
const double *pct_neuron_labels_get_values(const PctNeuronLabels *labels, PctNeuronColumn column);

G_END_DECLS
