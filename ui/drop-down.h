// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of a drop-down and which of them is chosen, set without doing what is already so. A drop-down's list that is
// replaced, or chosen from anew, within its own "notify::selected" makes it notify again, and for ever: a guard does not
// help, for the notification comes after it has gone.
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

// texts: NULL-terminated. chosen: GTK_INVALID_LIST_POSITION leaves the choice to the drop-down.
void pct_drop_down_show(GtkDropDown *list, const char *const *texts, guint chosen);

G_END_DECLS
