// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings opened lately, as a menu. The desktop's own list of recent files keeps them, so that what another program
// clears is cleared here too; files that are gone are left out.
#pragma once
#include <gtk/gtk.h>

// A menu of at most eight recordings (app.open-uri), that follows the desktop's list. Give back with g_object_unref.
GMenuModel *pct_recent_menu_new(void);
void pct_recent_add(GFile *file);
