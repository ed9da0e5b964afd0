// SPDX-License-Identifier: GPL-3.0-or-later
// How the main window comes to foreign files: the assistant over it, at most one, and the offer to import what is no
// recording of ours. What was imported the window opens, and shows what to look at first.
#pragma once
#include "main-window.h"
#include "work/lanes.h"

G_BEGIN_DECLS

// paths: NULL-terminated, added to those of an assistant that is open; NULL: none.
void pct_window_import_open(PctMainWindow *window, PctLanes *lanes, const char *const *paths);
// FALSE: an import would not help either, and nothing was said.
gboolean pct_window_import_offer(PctMainWindow *window, GFile *file, const GError *error);

G_END_DECLS
