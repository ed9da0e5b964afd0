// SPDX-License-Identifier: GPL-3.0-or-later
// The plan of an import as rows: for each group of roles which array is what, and the settings that matter for it.
// What is needed or assigned stands open; the rest is folded away. Made anew when the files change.
#pragma once
#include <gtk/gtk.h>
#include "work/import.h"

G_BEGIN_DECLS

#define PCT_TYPE_PLAN_ROWS (pct_plan_rows_get_type())
G_DECLARE_FINAL_TYPE(PctPlanRows, pct_plan_rows, PCT, PLAN_ROWS, GtkWidget)

GtkWidget *pct_plan_rows_new(PctImport *import);

G_END_DECLS
