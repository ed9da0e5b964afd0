// SPDX-License-Identifier: GPL-3.0-or-later
// One client of the interactive lane, e.g. a slider: at most one request under way and one waiting, and the newest
// wins. An answer reaches the main loop ahead of drawing. For work/ itself, not for views. Invariant: after
// pct_slot_close, `done` is never called again; request data and answers are freed in any case.
#pragma once
#include "work/lanes.h"

G_BEGIN_DECLS

typedef struct _PctSlot PctSlot;

typedef struct {
  // In the lane's thread. The answer; NULL: none (cancelled: nothing is told). run says stop once the slot is closed,
  // and, with supersede, once a newer request waits.
  gpointer (*work)(gpointer state, gpointer request, const PctRun *run);
  // On the main thread. The answer is freed after it.
  void (*done)(gpointer owner, gpointer answer);
  GDestroyNotify free_request, free_answer;
  gboolean supersede;
  // Lower runs first; the slider's is 0.
  int rank;
} PctSlotClass;

// owner: borrowed, handed to done; it closes the slot before it goes. state: what the lane's thread keeps between
// requests, touched by it alone; freed with free_state in the lane's thread (or, after shutdown, by whoever closes).
PctSlot *pct_slot_new(PctLanes *lanes, const PctSlotClass *klass, gpointer owner, gpointer state,
                      GDestroyNotify free_state);
// Takes the request; one that waits is dropped.
void pct_slot_request(PctSlot *slot, gpointer request);
// Drops what waits and forgets an answer under way.
void pct_slot_cancel(PctSlot *slot);
// Something requested has not been told yet.
gboolean pct_slot_is_busy(PctSlot *slot);
void pct_slot_close(PctSlot *slot);

G_END_DECLS
