// SPDX-License-Identifier: GPL-3.0-or-later
// One run as pictures: its losses, its validation score against the run before and against ridge, the discriminator's
// accuracies where it has one, and the held-out images as they are learned. Live while the run trains.
#pragma once
#include <gtk/gtk.h>
#include "work/training.h"

G_BEGIN_DECLS

#define PCT_TYPE_RUN_VIEW (pct_run_view_get_type())
G_DECLARE_FINAL_TYPE(PctRunView, pct_run_view, PCT, RUN_VIEW, GtkWidget)

// model NULL: nothing is shown. job: the training of that model in this session, under way or over; NULL: none.
// earlier: a run to compare with, drawn grey; NULL: none. reference: the validation PixCorr to beat; NAN: none.
void pct_run_view_set_run(PctRunView *self, PctModel *model, PctJob *job, PctModel *earlier, double reference,
                          const char *reference_title);

G_END_DECLS
