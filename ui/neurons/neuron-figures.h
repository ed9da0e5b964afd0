// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of one neuron: its tuning over the images shown more than once, and how much it and the pinned neurons
// answer to one another's MEIs.
#pragma once
#include <gtk/gtk.h>
#include "work/cross-activation.h"
#include "work/neuron-detail.h"

G_BEGIN_DECLS

// A plot view that shows the detail's tuning, with the answers to image (-1: none) marked. FALSE: there is none.
GtkWidget *pct_tuning_view_new(void);
gboolean pct_tuning_view_show(GtkWidget *view, PctNeuronDetail *detail, double usual, int image);
// A plot view that shows the matrix; neuron: its row is bold. FALSE: there is none.
GtkWidget *pct_cross_view_new(void);
gboolean pct_cross_view_show(GtkWidget *view, PctCrossActivation *cross, int neuron);

G_END_DECLS
