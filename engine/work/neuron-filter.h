// SPDX-License-Identifier: GPL-3.0-or-later
// Which neurons? A small language over the columns: `reliability > 0.3 and (rf_x < 32 or area = "V1")`. Its grammar is
// filter-parser.h's, its words the columns and simple and energy (of gabor_kind). Immutable; any thread.
#pragma once
#include "work/neuron-columns.h"
#include "work/neuron-labels.h"

G_BEGIN_DECLS

typedef struct _PctNeuronFilter PctNeuronFilter;

// labels: of the recording; needed while parsing only; NULL: it says no areas and layers. NULL with PCT_ERROR_FORMAT:
// the sentence of pct_filter_parse, with the nearest column's name after a typing error, or the known names.
PctNeuronFilter *pct_neuron_filter_new(const char *text, const PctNeuronLabels *labels, int *position, GError **error);
void pct_neuron_filter_free(PctNeuronFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctNeuronFilter, pct_neuron_filter_free)

// The columns it reads.
PctNeuronColumns pct_neuron_filter_get_columns(const PctNeuronFilter *filter);
// pass (n,): 1 or 0. columns: (n,) each by PctNeuronColumn; NULL: unknown for every neuron. Returns how many pass.
int pct_neuron_filter_evaluate(const PctNeuronFilter *filter, const double *const columns[PCT_N_COLUMNS], int n,
                               guint8 *pass);

G_END_DECLS
