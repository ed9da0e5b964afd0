// SPDX-License-Identifier: GPL-3.0-or-later
// A line below the pictures: whether an encoder, shown the changed picture, predicts of the neuron in hand what it was set
// to, and how far all responses together are from anything recorded (work/slide-check.h).
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "work/slide.h"

G_BEGIN_DECLS

#define PCT_TYPE_CHECK_LINE (pct_check_line_get_type())
G_DECLARE_FINAL_TYPE(PctCheckLine, pct_check_line, PCT, CHECK_LINE, GtkWidget)

GtkWidget *pct_check_line_new(PctProject *project, PctSelection *selection, PctSlide *slide);

G_END_DECLS
