// SPDX-License-Identifier: GPL-3.0-or-later
// Held-out images as a model learns them: the originals above, their reconstructions below, and a slider back in time
// through every strip of the run. At the slider's end it follows the present.
#pragma once
#include <gtk/gtk.h>
#include "work/training.h"

G_BEGIN_DECLS

#define PCT_TYPE_PREVIEW_CARD (pct_preview_card_get_type())
G_DECLARE_FINAL_TYPE(PctPreviewCard, pct_preview_card, PCT, PREVIEW_CARD, GtkWidget)

// A training's job (pct_project_train); NULL: none, and the card hides. It hides as well where nothing is held out.
void pct_preview_card_set_job(PctPreviewCard *self, PctJob *job);

G_END_DECLS
