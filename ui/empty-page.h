// SPDX-License-Identifier: GPL-3.0-or-later
// What a page shows while no decoder is trained: what it will be for, and the way to the Train page.
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *pct_empty_page_new(const char *icon_name, const char *title, const char *description);

G_END_DECLS
