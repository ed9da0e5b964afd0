// SPDX-License-Identifier: GPL-3.0-or-later
// The one registry of all kinds of models, whichever way they go: encoders, then sets of most exciting inputs, then
// decoders, each in the order they are shown. Any thread.
#pragma once
#include "model/model-kind.h"

// Kind number i; NULL beyond the last.
const PctModelKind *pct_model_kinds_get(guint i);
// NULL if there is none; a PctModelKindFind.
const PctModelKind *pct_model_kinds_find(const char *name);
