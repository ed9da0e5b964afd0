// SPDX-License-Identifier: GPL-3.0-or-later
// What to give away of a project: the recording or not, with what either comes to in bytes, and which models. Saving asks
// where, and then activates "win.share-to" of the window that asked.
#pragma once
#include "main-window.h"

G_BEGIN_DECLS

#define PCT_TYPE_SHARE_DIALOG (pct_share_dialog_get_type())
G_DECLARE_FINAL_TYPE(PctShareDialog, pct_share_dialog, PCT, SHARE_DIALOG, AdwWindow)

// models: of PctModel, those that may be given. To be presented; it goes when it is answered.
GtkWidget *pct_share_dialog_new(PctMainWindow *parent, PctProject *project, GPtrArray *models);

G_END_DECLS
