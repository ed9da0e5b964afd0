// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a model's options, made from its option table: what percept-cli takes by --set, a person sets here. The
// widget owns the values, and the seed, which every model has; a new option in a table needs nothing here. Advanced ones
// are folded away.
#pragma once
#include <adwaita.h>
#include "work/options.h"

G_BEGIN_DECLS

#define PCT_TYPE_OPTION_ROWS (pct_option_rows_get_type())
G_DECLARE_FINAL_TYPE(PctOptionRows, pct_option_rows, PCT, OPTION_ROWS, GtkWidget)

// The table is static and outlives the widget; the first preset is what is set. Signal "changed" (no arguments) after a
// value changed.
GtkWidget *pct_option_rows_new(const PctOptionTable *table);
// Borrowed, as they are set now.
const PctOptionValues *pct_option_rows_get_values(PctOptionRows *self);
// Takes what is being typed, though its field still has the focus, for set.
void pct_option_rows_commit(PctOptionRows *self);
guint64 pct_option_rows_get_seed(PctOptionRows *self);

G_END_DECLS
