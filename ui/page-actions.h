// SPDX-License-Identifier: GPL-3.0-or-later
// A page's commands: a group of GActions that its buttons and keys activate, and that is also exported beside the
// window's, so that D-Bus reaches them.
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

// Makes the group, inserts it into page under name, and exports it at the application's object path + "/" + name while
// page is mapped. Returns the group; borrowed from page.
GSimpleActionGroup *pct_page_actions_new(GtkWidget *page, const char *name, const GActionEntry *entries, int n_entries,
                                         gpointer data);
void pct_page_actions_set_enabled(GSimpleActionGroup *group, const char *action, gboolean enabled);
// A key of the page, e.g. "<Alt>Left", for one of its actions without parameter. A bare one ("Left") leaves text fields
// and sliders alone.
void pct_page_actions_add_key(GtkWidget *page, const char *key, const char *action);

G_END_DECLS
