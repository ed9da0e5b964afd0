// SPDX-License-Identifier: GPL-3.0-or-later
// One option of a table as a row: its title with the unit, its sentence, and a field, switch or list that holds a value
// the table allows.
#pragma once
#include <adwaita.h>
#include "work/options.h"

G_BEGIN_DECLS

#define PCT_TYPE_OPTION_ROW (pct_option_row_get_type())
G_DECLARE_FINAL_TYPE(PctOptionRow, pct_option_row, PCT, OPTION_ROW, AdwActionRow)

// Option number i of a static table, at its default. Signal "changed" (no arguments) after a person changed it.
GtkWidget *pct_option_row_new(const PctOptionTable *table, guint i);
const PctOption *pct_option_row_get_option(PctOptionRow *self);
double pct_option_row_get_value(PctOptionRow *self);
// Without the signal.
void pct_option_row_set_value(PctOptionRow *self, double value);
// Takes what is being typed, though the field still has the focus.
void pct_option_row_commit(PctOptionRow *self);

G_END_DECLS
