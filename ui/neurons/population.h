// SPDX-License-Identifier: GPL-3.0-or-later
// Where one neuron stands among all: the spread of the encoder's test correlation with this neuron marked, and the same
// against reliability, which bounds it.
#pragma once
#include <gtk/gtk.h>
#include "work/neurons.h"

G_BEGIN_DECLS

// Plot views. FALSE: not known yet. marked: -1: none; shown, selected (M,) 1 or 0.
GtkWidget *pct_correlation_view_new(void);
gboolean pct_correlation_view_show(GtkWidget *view, PctNeurons *neurons, int marked);
GtkWidget *pct_reliability_view_new(void);
gboolean pct_reliability_view_show(GtkWidget *view, PctNeurons *neurons, const guint8 *shown, const guint8 *selected,
                                   int marked);

G_END_DECLS
