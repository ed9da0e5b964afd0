// SPDX-License-Identifier: GPL-3.0-or-later
// Which array has a role in the recording, and how its axes lie: two lists, of those that fit alone. The row says why
// it was guessed, or what is wanted. What a person chooses goes to the import; the row shows what the import has.
#pragma once
#include <adwaita.h>
#include "work/import.h"

G_BEGIN_DECLS

#define PCT_TYPE_ROLE_ROW (pct_role_row_get_type())
G_DECLARE_FINAL_TYPE(PctRoleRow, pct_role_row, PCT, ROLE_ROW, AdwActionRow)

// For as long as the import's files stay as they are.
GtkWidget *pct_role_row_new(PctImport *import, PctImportRole role);
// After the plan changed.
void pct_role_row_update(PctRoleRow *self);
// Whether any array could have the role.
gboolean pct_role_row_has_choice(PctRoleRow *self);

G_END_DECLS
