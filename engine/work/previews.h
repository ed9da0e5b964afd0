// SPDX-License-Identifier: GPL-3.0-or-later
// What a training drew of its held-out images, from its first report to its last: a strip of pictures a report. Memory
// is bounded: when there are too many strips, every other one is forgotten (the first and the newest stay).
// Main thread only. Signal "changed" after a strip was added or strips were forgotten.
#pragma once
#include "work/picture.h"

G_BEGIN_DECLS

#define PCT_TYPE_PREVIEWS (pct_previews_get_type())
G_DECLARE_FINAL_TYPE(PctPreviews, pct_previews, PCT, PREVIEWS, GObject)

PctPreviews *pct_previews_new(void);

guint pct_previews_get_n(PctPreviews *self);  // strips
double pct_previews_get_step(PctPreviews *self, guint i);
// The strip as (n,H,W) grey levels, borrowed until the next "changed".
const float *pct_previews_get_pixels(PctPreviews *self, guint i, int *n, int *height, int *width);
// Picture k of strip i.
PctPicture *pct_previews_dup_picture(PctPreviews *self, guint i, int k);

// pixels (n,H,W), copied.
void pct_previews_append(PctPreviews *self, double step, const float *pixels, int n, int height, int width);

G_END_DECLS
