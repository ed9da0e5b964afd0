// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of one neuron as a small table, each fact with its unit, its meaning in the tooltip, and "–" where it
// is not known.
#pragma once
#include <gtk/gtk.h>
#include "work/neurons.h"

G_BEGIN_DECLS

#define PCT_TYPE_FACT_TABLE (pct_fact_table_get_type())
G_DECLARE_FINAL_TYPE(PctFactTable, pct_fact_table, PCT, FACT_TABLE, GtkWidget)

GtkWidget *pct_fact_table_new(PctNeurons *neurons);
void pct_fact_table_show(PctFactTable *self, int neuron);  // -1: none

G_END_DECLS
