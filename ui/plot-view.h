// SPDX-License-Identifier: GPL-3.0-or-later
// A figure of ui/plots in the window: drawn in the widget's own colours and font, and told to a screen reader by a
// label and a description. The view owns the figure's struct; whoever sets it again has the view redrawn.
#pragma once
#include <gtk/gtk.h>
#include "plots/plot.h"

G_BEGIN_DECLS

#define PCT_TYPE_PLOT_VIEW (pct_plot_view_get_type())
G_DECLARE_FINAL_TYPE(PctPlotView, pct_plot_view, PCT, PLOT_VIEW, GtkWidget)

// draw gets the figure that was set last; before one is set, nothing is drawn. Sizes in pixels, the least it asks for.
GtkWidget *pct_plot_view_new(PctPlotDrawFunc draw, int least_width, int least_height);

// figure: what draw takes; consumed, freed by destroy (NULL: not freed). NULL: nothing is drawn.
void pct_plot_view_take_figure(PctPlotView *self, gpointer figure, GDestroyNotify destroy);
// Borrowed; NULL where none is set.
gconstpointer pct_plot_view_get_figure(PctPlotView *self);

// What a screen reader says: label names the figure, description tells what it shows (NULL: nothing more).
void pct_plot_view_describe(PctPlotView *self, const char *label, const char *description);

// The theme that fits a widget: light or dark, its text colour, its accent and its font. For figures drawn elsewhere.
PctPlotTheme pct_plot_view_theme(GtkWidget *widget);

// As pct_plot_export: in light colours, at the size it has in the window.
gboolean pct_plot_view_export(PctPlotView *self, const char *path, GError **error);

G_END_DECLS
