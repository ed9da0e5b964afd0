// SPDX-License-Identifier: GPL-3.0-or-later
// Where to save something: a question, whose answer activates an action that saves, so that keys, tests and D-Bus save
// without it; and the sentence how it went.
#pragma once
#include <gtk/gtk.h>
#include "work/job.h"

G_BEGIN_DECLS

typedef struct {
  const char *ending, *title;  // ".png"; marked by N_, translated when shown
} PctSaveFormat;

// widget: whose window asks, and who activates action ("slide.save-lesion") with the path, as text. name: suggested.
// A name without an ending of formats gets that of the format chosen.
void pct_save_dialog_ask(GtkWidget *widget, const char *title, const char *name, const PctSaveFormat *formats,
                         guint n_formats, const char *action);

// say is called with widget and a sentence once the job is over, unless widget is gone. path: what it saves.
typedef void (*PctSaveDialogSay)(gpointer widget, const char *sentence);
void pct_save_dialog_watch(GtkWidget *widget, PctJob *job, const char *path, PctSaveDialogSay say);

G_END_DECLS
