// SPDX-License-Identifier: GPL-3.0-or-later
// The original and what every decoder makes of it, as a grid of cards, each with its tier's badge and its scores; as
// pictures, or as their differences from the original. It follows the PctCompare: cards come and go as models do.
#pragma once
#include "compare/field-legend.h"
#include "work/compare.h"

G_BEGIN_DECLS

#define PCT_TYPE_COMPARISON_GRID (pct_comparison_grid_get_type())
G_DECLARE_FINAL_TYPE(PctComparisonGrid, pct_comparison_grid, PCT, COMPARISON_GRID, GtkWidget)

// legend says which line is drawn over the pictures, and is followed. A card's button activates compare.detail.
GtkWidget *pct_comparison_grid_new(PctProject *project, PctCompare *compare, PctFieldLegend *legend);
// After the image or the trial of the PctCompare was set.
void pct_comparison_grid_update(PctComparisonGrid *self);
void pct_comparison_grid_set_differences(PctComparisonGrid *self, gboolean differences);

G_END_DECLS
