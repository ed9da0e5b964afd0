// SPDX-License-Identifier: GPL-3.0-or-later
// What is odd about a recording, a row each: a sign, the sentence, and what to do about it.
#pragma once
#include <gtk/gtk.h>
#include "work/look.h"

G_BEGIN_DECLS

// remarks: of PctRemark. With none, one row says so.
GtkWidget *pct_remark_list_new(const GPtrArray *remarks);

G_END_DECLS
