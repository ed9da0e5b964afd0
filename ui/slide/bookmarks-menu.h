// SPDX-License-Identifier: GPL-3.0-or-later
// A popover with the bookmarks: a press goes to one, a pencil renames it in place, a bin deletes it; below, a line to name
// what is in hand now. What is done goes through the page's actions.
#pragma once
#include <gtk/gtk.h>
#include "work/slide-bookmarks.h"

G_BEGIN_DECLS

GtkWidget *pct_bookmarks_menu_new(PctSlideBookmarks *bookmarks);

G_END_DECLS
