// SPDX-License-Identifier: GPL-3.0-or-later
// The image in hand as every finished model draws it, side by side with the original, each with its scores; below,
// where this image stands among all held-out ones. Every command is an action of the group "compare".
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "work/compare.h"

G_BEGIN_DECLS

#define PCT_TYPE_COMPARE_PAGE (pct_compare_page_get_type())
G_DECLARE_FINAL_TYPE(PctComparePage, pct_compare_page, PCT, COMPARE_PAGE, GtkWidget)

GtkWidget *pct_compare_page_new(PctProject *project, PctSelection *selection);
// The percept-cli commands that make what it shows anew, one a line (HACKING.md). NULL with G_IO_ERROR_NOT_SUPPORTED:
// there are none, one sentence why. Free with g_free.
char *pct_compare_page_dup_command(GtkWidget *page, GError **error);
// For tests. Borrowed.
PctCompare *pct_compare_page_get_compare(PctComparePage *self);

G_END_DECLS
