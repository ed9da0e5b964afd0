// SPDX-License-Identifier: GPL-3.0-or-later
// One figure of a first look: a title, the figure, and below it in words what it shows, which is also what a screen
// reader says of it. A button exports the figure by its name (action "look.export").
#pragma once
#include <gtk/gtk.h>
#include "plots/plot.h"

G_BEGIN_DECLS

#define PCT_TYPE_LOOK_CARD (pct_look_card_get_type())
G_DECLARE_FINAL_TYPE(PctLookCard, pct_look_card, PCT, LOOK_CARD, GtkWidget)

// name: of the figure ("reliability"), for its export; NULL: it cannot be exported. title: translated. draw: of what
// pct_look_card_take_figure gets; NULL: no figure, content is set.
GtkWidget *pct_look_card_new(const char *name, const char *title, PctPlotDrawFunc draw);
const char *pct_look_card_get_name(PctLookCard *self);
// Consumed, freed by destroy (NULL: not freed).
void pct_look_card_take_figure(PctLookCard *self, gpointer figure, GDestroyNotify destroy);
// In place of a figure.
void pct_look_card_set_content(PctLookCard *self, GtkWidget *content);
// NULL: none.
void pct_look_card_set_note(PctLookCard *self, const char *note);
const char *pct_look_card_get_note(PctLookCard *self);
// As pct_plot_view_export.
gboolean pct_look_card_export(PctLookCard *self, const char *path, GError **error);

G_END_DECLS
