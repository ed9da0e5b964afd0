// SPDX-License-Identifier: GPL-3.0-or-later
// The neuron in hand on a slide, two ways: its filter (what its response does to this model's picture, here) and its
// pattern (how images and its response vary together); decode/neuron-effect.h says why they differ. Made anew on the
// interactive lane as the slide's responses, model or z change, the newest winning. Main thread only.
//
// Signal "changed" after an answer came or went.
#pragma once
#include "work/slide.h"

G_BEGIN_DECLS

#define PCT_TYPE_SLIDE_EFFECT (pct_slide_effect_get_type())
G_DECLARE_FINAL_TYPE(PctSlideEffect, pct_slide_effect, PCT, SLIDE_EFFECT, GObject)

PctSlideEffect *pct_slide_effect_new(PctProject *project, PctSlide *slide);
// Nothing is computed for neuron -1 (none), the start, nor while it is not active, e.g. not in sight.
void pct_slide_effect_set_neuron(PctSlideEffect *self, int neuron);
int pct_slide_effect_get_neuron(PctSlideEffect *self);
// FALSE, the start: its response alone moves, all others held. TRUE: the others move to their expectation given it
// (pct_response_slopes of decode/sweep.h), as they do in a brain that shares what it knows.
void pct_slide_effect_set_companions(PctSlideEffect *self, gboolean companions);
gboolean pct_slide_effect_get_companions(PctSlideEffect *self);
void pct_slide_effect_set_active(PctSlideEffect *self, gboolean active);

// (H,W) grey levels a standard deviation of the response; NULL: none (yet). Borrowed until "changed".
const float *pct_slide_effect_get_filter(PctSlideEffect *self);
const float *pct_slide_effect_get_pattern(PctSlideEffect *self);
// Pearson's correlation of the two; NAN where one of them is flat or not there.
double pct_slide_effect_get_likeness(PctSlideEffect *self);

G_END_DECLS
