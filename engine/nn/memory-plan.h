// SPDX-License-Identifier: GPL-3.0-or-later
// Where buffers with known lifetimes go in one block: two that live at the same time never overlap, the rest share.
#pragma once
#include <glib.h>

typedef struct {
  gsize size;      // floats
  int start, end;  // first and last moment of use, inclusive
  gsize offset;    // the answer, a multiple of 16 floats
} PctBuffer;

// Sets every offset; returns the block's size in floats. First fit, largest first.
gsize pct_memory_plan(PctBuffer *buffers, guint n);
