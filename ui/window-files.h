// SPDX-License-Identifier: GPL-3.0-or-later
// How files come to the main window by hand: chosen (pct_main_window_choose), or dropped on it. One is opened, several are
// one experiment's and are imported, and a photograph dropped on the Slide page is shown there.
#pragma once
#include "main-window.h"

G_BEGIN_DECLS

// Files can be dropped on box from now on.
void pct_window_files_attach(PctMainWindow *window, GtkWidget *box);

G_END_DECLS
