// SPDX-License-Identifier: GPL-3.0-or-later
// A photograph in place of a recorded image: which it is, by which encoder its responses were predicted, whether a trial's
// noise is on them, and the way back. In sight only while there is one, or something to say about one.
#pragma once
#include <gtk/gtk.h>
#include "work/slide.h"

G_BEGIN_DECLS

#define PCT_TYPE_PHOTOGRAPH_BAR (pct_photograph_bar_get_type())
G_DECLARE_FINAL_TYPE(PctPhotographBar, pct_photograph_bar, PCT, PHOTOGRAPH_BAR, GtkWidget)

// Its buttons activate slide.photograph-noise and slide.close-photograph.
GtkWidget *pct_photograph_bar_new(PctProject *project, PctSlide *slide);
// The slide starts from it as soon as the project's best encoder has predicted its responses.
void pct_photograph_bar_show(PctPhotographBar *self, const char *path);
// Another trial each time it is set; nothing happens without a photograph.
void pct_photograph_bar_set_noise(PctPhotographBar *self, gboolean with_noise);
// Forgets it; the slide stays where it is.
void pct_photograph_bar_close(PctPhotographBar *self);
gboolean pct_photograph_bar_is_open(PctPhotographBar *self);

G_END_DECLS
