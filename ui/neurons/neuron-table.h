// SPDX-License-Identifier: GPL-3.0-or-later
// The table of neurons: a column for each fact that is worth a look, "–" where it is not known. A click on a header
// asks for another order, which is the list's to make.
#pragma once
#include <gtk/gtk.h>
#include "neurons/neuron-list.h"

G_BEGIN_DECLS

#define PCT_TYPE_NEURON_TABLE (pct_neuron_table_get_type())
G_DECLARE_FINAL_TYPE(PctNeuronTable, pct_neuron_table, PCT, NEURON_TABLE, GtkWidget)

GtkWidget *pct_neuron_table_new(PctNeurons *neurons, PctNeuronList *list);
// model: over the list; NULL while the table is out of sight, so that it costs nothing then.
void pct_neuron_table_set_model(PctNeuronTable *self, GtkSelectionModel *model);
void pct_neuron_table_update_sort(PctNeuronTable *self);
void pct_neuron_table_scroll_to(PctNeuronTable *self, guint position);

// (n,) of the wanted columns those that this recording can have. Free with g_free.
PctNeuronColumn *pct_neuron_columns_dup_present(PctNeurons *neurons, const PctNeuronColumn *wanted, guint n_wanted,
                                                guint *n);
// (n,) the facts a list of neurons is sorted by and a table shows. Free with g_free.
PctNeuronColumn *pct_neuron_table_dup_columns(PctNeurons *neurons, guint *n);

G_END_DECLS
