// SPDX-License-Identifier: GPL-3.0-or-later
// Every finished decoder's picture of the same responses and the same z, side by side: what a slide shows of one, for all.
// Each has a live session of its own, told only what changed; the slide's own picture comes first, then these in their
// order. Nothing is drawn while it is not active. Main thread only.
//
// Signal "changed" with an index after that decoder's picture came or went; with -1 after the decoders did.
#pragma once
#include "work/slide.h"

G_BEGIN_DECLS

#define PCT_TYPE_SLIDE_ROW (pct_slide_row_get_type())
G_DECLARE_FINAL_TYPE(PctSlideRow, pct_slide_row, PCT, SLIDE_ROW, GObject)

PctSlideRow *pct_slide_row_new(PctProject *project, PctSlide *slide);
void pct_slide_row_set_active(PctSlideRow *self, gboolean active);

// In the project's order. All borrowed until the next "changed"; NULL (or NAN): nothing yet.
guint pct_slide_row_get_n(PctSlideRow *self);
PctModel *pct_slide_row_get_model(PctSlideRow *self, guint i);
PctPicture *pct_slide_row_get_reconstruction(PctSlideRow *self, guint i);
PctPicture *pct_slide_row_get_baseline(PctSlideRow *self, guint i);  // of the recorded responses
PctPictureScore pct_slide_row_get_score(PctSlideRow *self, guint i);
// Why there is no picture, a sentence; NULL: no problem.
const char *pct_slide_row_get_problem(PctSlideRow *self, guint i);

G_END_DECLS
