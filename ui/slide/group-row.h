// SPDX-License-Identifier: GPL-3.0-or-later
// One slider for all pinned neurons: each at its mean response plus so many times what it answered beyond that. It shows
// the factor that they are at, if they are at one; the action slide.group-scale (d) sets any.
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "work/slide.h"

G_BEGIN_DECLS

#define PCT_TYPE_GROUP_ROW (pct_group_row_get_type())
G_DECLARE_FINAL_TYPE(PctGroupRow, pct_group_row, PCT, GROUP_ROW, GtkWidget)

// Visible while two neurons or more are pinned.
GtkWidget *pct_group_row_new(PctProject *project, PctSelection *selection, PctSlide *slide);
// Borrowed.
GtkRange *pct_group_row_get_range(PctGroupRow *self);

G_END_DECLS
