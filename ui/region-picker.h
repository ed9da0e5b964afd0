// SPDX-License-Identifier: GPL-3.0-or-later
// Marking a region of a picture: by dragging, or by keys while the picture has the focus. The picker asks for a region
// by an action; the region is whatever rectangle the picture then shows, so that there is one truth and one way to it.
//
// Keys: Enter marks the middle, arrows move the region (with Control farther), with Shift its lower right corner moves,
// Escape clears it. A click clears it too.
#pragma once
#include "picture-view.h"

G_BEGIN_DECLS

// Makes the picture focusable. region: an action that takes (iiii), left column, upper row, width and height in pixels;
// clear: one without parameter. Both are found from the picture's place in the window.
void pct_region_picker_attach(PctPictureView *view, const char *region, const char *clear);

G_END_DECLS
