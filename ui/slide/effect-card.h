// SPDX-License-Identifier: GPL-3.0-or-later
// The neuron in hand, as two maps side by side: its filter, what this decoder draws for it here, and its pattern, how images
// differ when it answers more (work/slide-effect.h). Both in grey levels a standard deviation of its response, on one
// symmetric scale each, with a line that says how alike they are.
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "work/slide.h"

G_BEGIN_DECLS

#define PCT_TYPE_EFFECT_CARD (pct_effect_card_get_type())
G_DECLARE_FINAL_TYPE(PctEffectCard, pct_effect_card, PCT, EFFECT_CARD, GtkWidget)

GtkWidget *pct_effect_card_new(PctProject *project, PctSelection *selection, PctSlide *slide);

G_END_DECLS
