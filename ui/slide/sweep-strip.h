// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of a sweep, as a film strip or a grid, each with what it is of below it. One is marked as the nearest to
// what is in hand, one may be on while the strip plays. Arrow keys go from picture to picture, Enter or a click takes
// one: signal "taken" (int).
#pragma once
#include <gtk/gtk.h>
#include "work/slide-sweep.h"

G_BEGIN_DECLS

#define PCT_TYPE_SWEEP_STRIP (pct_sweep_strip_get_type())
G_DECLARE_FINAL_TYPE(PctSweepStrip, pct_sweep_strip, PCT, SWEEP_STRIP, GtkWidget)

// sweep: followed. height, width: of its pictures, pixels.
GtkWidget *pct_sweep_strip_new(PctSlideSweep *sweep, int height, int width);
// -1: none.
void pct_sweep_strip_set_playing(PctSweepStrip *self, int i);

// What picture i is of, in a word ("1.35", "40 %"), or, whole, for somebody who does not see the strip. Free with
// g_free. NULL without a sweep of so many.
char *pct_sweep_dup_text(PctSlideSweep *sweep, guint i, gboolean whole);

G_END_DECLS
