// SPDX-License-Identifier: GPL-3.0-or-later
// Saving a sweep from the window: the question where to, the job, and the sentence how it went.
#pragma once
#include <gtk/gtk.h>
#include "work/slide-sweep.h"

G_BEGIN_DECLS

typedef void (*PctSweepExportSay)(gpointer widget, const char *sentence);

// widget: whose window asks, and who is told; it may go meanwhile. options: of an animation; its scale is chosen here.
void pct_sweep_export_choose(GtkWidget *widget, PctSlideSweep *sweep, const PctAnimationOptions *options,
                             PctSweepExportSay say);
// Without a question.
void pct_sweep_export_save(GtkWidget *widget, PctSlideSweep *sweep, const char *path,
                           const PctAnimationOptions *options, PctSweepExportSay say);

G_END_DECLS
