// SPDX-License-Identifier: GPL-3.0-or-later
// One run in the history of a kind: the model's name, how it ended, when, how long it took, and what it scores.
#pragma once
#include <gtk/gtk.h>
#include "work/model.h"

G_BEGIN_DECLS

#define PCT_TYPE_RUN_ROW (pct_run_row_get_type())
G_DECLARE_FINAL_TYPE(PctRunRow, pct_run_row, PCT, RUN_ROW, GtkListBoxRow)

GtkWidget *pct_run_row_new(PctModel *model);
PctModel *pct_run_row_get_model(PctRunRow *self);

// "3 min 10 s", translated. Free with g_free.
char *pct_format_seconds(double seconds);

G_END_DECLS
