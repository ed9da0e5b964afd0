// SPDX-License-Identifier: GPL-3.0-or-later
// What the line over the pictures is: where the recorded neurons' receptive fields lie. It has the map made when it is
// first wanted, and says so; why there is none stands in its place. Signal "changed" when the line came.
#pragma once
#include <gtk/gtk.h>
#include "picture-view.h"
#include "work/field-density.h"

G_BEGIN_DECLS

#define PCT_TYPE_FIELD_LEGEND (pct_field_legend_get_type())
G_DECLARE_FINAL_TYPE(PctFieldLegend, pct_field_legend, PCT, FIELD_LEGEND, GtkWidget)

GtkWidget *pct_field_legend_new(PctProject *project);
// It is seen while the line is wanted.
void pct_field_legend_set_wanted(PctFieldLegend *self, gboolean wanted);
// Draws the line over a picture, as far as it is wanted and there; takes it off else.
void pct_field_legend_apply(PctFieldLegend *self, PctPictureView *view);
// NULL: none yet. Borrowed.
const PctFieldDensity *pct_field_legend_get_density(PctFieldLegend *self);

G_END_DECLS
