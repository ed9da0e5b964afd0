// SPDX-License-Identifier: GPL-3.0-or-later
// The thread of the interactive lane: takes the request of the slot whose turn it is, works, and posts the answer.
// For lanes.c and slot.c.
#pragma once
#include "work/slot.h"

typedef struct _PctInteractive PctInteractive;

PctInteractive *pct_interactive_new(void);
PctInteractive *pct_interactive_ref(PctInteractive *self);
void pct_interactive_unref(PctInteractive *self);
// Ends the thread by deadline (monotonic microseconds); FALSE if it did not and was left behind.
gboolean pct_interactive_stop(PctInteractive *self, gint64 deadline);

PctInteractive *pct_lanes_get_interactive(PctLanes *lanes);
