// SPDX-License-Identifier: GPL-3.0-or-later
// The files of an import: what each is, what could not be taken of it, and a button to take it away again.
#pragma once
#include <gtk/gtk.h>
#include "work/import.h"

G_BEGIN_DECLS

#define PCT_TYPE_FILE_ROWS (pct_file_rows_get_type())
G_DECLARE_FINAL_TYPE(PctFileRows, pct_file_rows, PCT, FILE_ROWS, GtkWidget)

// Its buttons activate "import.add-files", "import.add-folder" and "import.remove-path" (u).
GtkWidget *pct_file_rows_new(PctImport *import);

G_END_DECLS
