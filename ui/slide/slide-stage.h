// SPDX-License-Identifier: GPL-3.0-or-later
// The stage of the Slide page: the reconstruction as large as the room allows, beside it the original and the change.
// The three cards end flush: the small pictures get the size at which two of them are as tall as the large one.
#pragma once
#include "picture-card.h"

G_BEGIN_DECLS

#define PCT_TYPE_SLIDE_STAGE (pct_slide_stage_get_type())
G_DECLARE_FINAL_TYPE(PctSlideStage, pct_slide_stage, PCT, SLIDE_STAGE, GtkWidget)

GtkWidget *pct_slide_stage_new(void);

// Borrowed.
PctPictureCard *pct_slide_stage_get_reconstruction(PctSlideStage *self);
PctPictureCard *pct_slide_stage_get_original(PctSlideStage *self);
PctPictureCard *pct_slide_stage_get_change(PctSlideStage *self);

// Whose tier every picture's badge tells; -1: none.
void pct_slide_stage_set_image(PctSlideStage *self, PctProject *project, int image);

// The pictures' shape, pixels.
void pct_slide_stage_set_shape(PctSlideStage *self, int height, int width);

G_END_DECLS
