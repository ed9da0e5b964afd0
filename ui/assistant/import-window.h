// SPDX-License-Identifier: GPL-3.0-or-later
// The assistant that makes a recording of foreign files: the files and what is what on the left, what comes of it on
// the right, and one button that keeps it. All commands are actions of its group "import", exported at the application's
// path + "/import" while it is open.
//
// Signal "imported" (path of the recording, as text): after it was written; the window has then closed.
#pragma once
#include <adwaita.h>
#include "work/import.h"

G_BEGIN_DECLS

#define PCT_TYPE_IMPORT_WINDOW (pct_import_window_get_type())
G_DECLARE_FINAL_TYPE(PctImportWindow, pct_import_window, PCT, IMPORT_WINDOW, AdwWindow)

// paths: what to begin with, NULL-terminated; or NULL.
GtkWidget *pct_import_window_new(GtkWindow *parent, PctLanes *lanes, const char *const *paths);
// Borrowed; for tests.
PctImport *pct_import_window_get_import(PctImportWindow *self);

G_END_DECLS
