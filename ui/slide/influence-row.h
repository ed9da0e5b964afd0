// SPDX-License-Identifier: GPL-3.0-or-later
// One neuron of a ranking by influence: its most exciting input where there is one, its number, a bar, and a button
// that pins it. The bar's colour says which way it goes; its value is told by the tooltip, and to a screen reader.
#pragma once
#include <gtk/gtk.h>
#include "work/slide-influence.h"

G_BEGIN_DECLS

#define PCT_TYPE_INFLUENCE_ROW (pct_influence_row_get_type())
G_DECLARE_FINAL_TYPE(PctInfluenceRow, pct_influence_row, PCT, INFLUENCE_ROW, GtkListBoxRow)

GtkWidget *pct_influence_row_new(void);
// largest: the absolute value of a full bar. mei: NULL: none.
void pct_influence_row_show(PctInfluenceRow *self, PctInfluenceMeasure measure, PctNeuronInfluence influence,
                            double largest, PctPicture *mei, gboolean pinned);
int pct_influence_row_get_neuron(PctInfluenceRow *self);

G_END_DECLS
