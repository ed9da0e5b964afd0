// SPDX-License-Identifier: GPL-3.0-or-later
// Undo and redo of what is done on the Slide page: responses, image and trial, z, decoder and pinned neurons. What changes
// within one turn of the main loop is one step; so is a slider that is dragged, or the same thing changed again within a
// second. Steps are kept as differences, the newest 200 of them (work/slide-steps.h), in the workspace's slide-history.json. Looking at
// images before anything is done is no step, nor is what is done to a photograph, which an undo leaves. Main thread only.
//
// Signal "restore" (PctSlideState *): whoever holds the model, pins and view puts everything in hand back to this, by
// pct_slide_state_restore and its own means; nothing of it counts as a step. Signal "changed": what can be undone is other.
#pragma once
#include "work/slide-state.h"

G_BEGIN_DECLS

#define PCT_TYPE_SLIDE_HISTORY (pct_slide_history_get_type())
G_DECLARE_FINAL_TYPE(PctSlideHistory, pct_slide_history, PCT, SLIDE_HISTORY, GObject)

// With the steps of before, if there are any: the first undo then brings back what was in hand last.
PctSlideHistory *pct_slide_history_new(PctProject *project, PctSlide *slide);

// The page's part of the state; copied. The view is no part of the steps: an undo leaves it.
void pct_slide_history_set_pinned(PctSlideHistory *self, const int *neurons, guint n);
void pct_slide_history_set_view(PctSlideHistory *self, const char *view);
// What is in hand now, for a bookmark. Free with pct_slide_state_free.
PctSlideState *pct_slide_history_dup_state(PctSlideHistory *self);
// While something is held (a slider's knob under a pressed button) its changes are one step, however long it takes.
void pct_slide_history_hold(PctSlideHistory *self);
void pct_slide_history_release(PctSlideHistory *self);
// Takes what was changed as a step now, without waiting for the turn of the main loop to end.
void pct_slide_history_flush(PctSlideHistory *self);

gboolean pct_slide_history_can_undo(PctSlideHistory *self);
gboolean pct_slide_history_can_redo(PctSlideHistory *self);
// FALSE: there was nothing.
gboolean pct_slide_history_undo(PctSlideHistory *self);
gboolean pct_slide_history_redo(PctSlideHistory *self);
// Puts a state in hand, e.g. a bookmark's, as one step that can be undone.
void pct_slide_history_go_to(PctSlideHistory *self, const PctSlideState *state);
// What the next undo or redo is of, translated ("response of neuron 12"); NULL: nothing. Free with g_free.
char *pct_slide_history_dup_undo_text(PctSlideHistory *self);
char *pct_slide_history_dup_redo_text(PctSlideHistory *self);
guint pct_slide_history_get_n_steps(PctSlideHistory *self);

// Why the steps of before are not there, or why these cannot be kept; NULL: no problem. Told by "changed".
const char *pct_slide_history_get_problem(PctSlideHistory *self);

G_END_DECLS
