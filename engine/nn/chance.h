// SPDX-License-Identifier: GPL-3.0-or-later
// How an operation that draws (dropout, noise) numbers its draws: piece by piece of PCT_CHANCE_PIECE values, each piece
// a stream of its own, so that any thread may draw any piece and the backward pass draws the same again.
#pragma once
#include "base/random.h"
#include "nn/operation.h"

#define PCT_CHANCE_PIECE 1024

// The stream of the piece that begins at value `first` of the node's output.
static inline guint64
pct_chance_stream(const PctCall *call, gsize first)
{
  return (guint64)(first / PCT_CHANCE_PIECE) << 32 | (guint32)call->node->id;
}
