// SPDX-License-Identifier: GPL-3.0-or-later
// What a sweep is over, as fields: neurons, image, steps, ranges, draws of z, and how fast it plays. Only those that
// matter to the mode are shown. Signal "edited" when the person changed one; then read.
#pragma once
#include <gtk/gtk.h>
#include "work/slide-sweep.h"

G_BEGIN_DECLS

#define PCT_TYPE_SWEEP_SETUP (pct_sweep_setup_get_type())
G_DECLARE_FINAL_TYPE(PctSweepSetup, pct_sweep_setup, PCT, SWEEP_SETUP, GtkWidget)

GtkWidget *pct_sweep_setup_new(PctProject *project);
// resolved: the ranges as observed, where the request leaves them open; NULL: unknown. has_latent: the model draws z.
void pct_sweep_setup_show(PctSweepSetup *self, const PctSlideSweepRequest *request, const PctSweepRecipe *resolved,
                          gboolean has_latent, double rate);
// Into a request of the same mode, whatever else it holds.
void pct_sweep_setup_read(PctSweepSetup *self, PctSlideSweepRequest *request, double *rate);

G_END_DECLS
