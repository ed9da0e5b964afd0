// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of a history as data: the oldest state and the differences that make the later ones of it, and which of them
// is in hand. At most PCT_SLIDE_STEPS_MOST of them, fewer if they hold more than PCT_SLIDE_STEPS_NUMBERS changed and
// pinned neurons in all (18 whole vectors of 5,335): the oldest are forgotten. For work/ itself.
#pragma once
#include "work/slide-state.h"

#define PCT_SLIDE_STEPS_MOST 200
#define PCT_SLIDE_STEPS_NUMBERS 100000

typedef struct _PctSlideSteps PctSlideSteps;

PctSlideSteps *pct_slide_steps_new(void);
PctSlideSteps *pct_slide_steps_copy(const PctSlideSteps *steps);
void pct_slide_steps_free(PctSlideSteps *steps);
// No steps, and this as the oldest state; copied.
void pct_slide_steps_begin(PctSlideSteps *steps, const PctSlideState *state);
// State k, 0..n, is the oldest with k differences; the position is the one in hand.
guint pct_slide_steps_get_n(const PctSlideSteps *steps);
guint pct_slide_steps_get_position(const PctSlideSteps *steps);
void pct_slide_steps_move(PctSlideSteps *steps, guint position);
// The state in hand. Free with pct_slide_state_free.
PctSlideState *pct_slide_steps_dup_state(const PctSlideSteps *steps);
// The step that led to the state in hand, if that is the last; NULL: there is none. Borrowed.
const PctSlideState *pct_slide_steps_get_last(const PctSlideSteps *steps);
// A step from the state in hand, which is `from`, to `to`; what was ahead is forgotten.
void pct_slide_steps_push(PctSlideSteps *steps, const PctSlideState *from, const PctSlideState *to);
// Forgets the last step, which led to the state in hand.
void pct_slide_steps_pop(PctSlideSteps *steps);
// What step k, from state k to k + 1, is of, translated. Free with g_free.
char *pct_slide_steps_dup_text(const PctSlideSteps *steps, guint k);

// Members "position", "first" and "steps" of an object that is begun; and back: NULL where they are not that.
void pct_slide_steps_write(const PctSlideSteps *steps, JsonBuilder *builder);
PctSlideSteps *pct_slide_steps_new_from_json(JsonObject *object, PctProject *project);
