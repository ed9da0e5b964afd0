// SPDX-License-Identifier: GPL-3.0-or-later
// The images that a neuron answered most, each with its tier and its answer; pressing one goes to that image on the
// Images page.
#pragma once
#include <gtk/gtk.h>
#include "work/neuron-detail.h"

G_BEGIN_DECLS

#define PCT_TYPE_FAVOURITES (pct_favourites_get_type())
G_DECLARE_FINAL_TYPE(PctFavourites, pct_favourites, PCT, FAVOURITES, GtkWidget)

GtkWidget *pct_favourites_new(PctProject *project);
// answers (n,), read during the call.
void pct_favourites_show(PctFavourites *self, const PctNeuronAnswer *answers, int n);

G_END_DECLS
