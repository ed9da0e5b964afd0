// SPDX-License-Identifier: GPL-3.0-or-later
// Small pictures of neurons, ready to be drawn: each is made when it is first asked for, and the one that nobody asked
// for longest goes when there are too many. Tiles that scroll back into sight find theirs here.
#pragma once
#include <cairo.h>
#include "work/neurons.h"

typedef struct _PctMeiCache PctMeiCache;

// neurons: referenced.
PctMeiCache *pct_mei_cache_new(PctNeurons *neurons, guint most);
void pct_mei_cache_free(PctMeiCache *cache);
// One pixel each, stretched. Borrowed until the next call (reference it to keep it); NULL: the neuron has no MEI, or not yet.
cairo_surface_t *pct_mei_cache_get(PctMeiCache *cache, int neuron);
// The picture with its deviations from its mean made so large that the largest just fits: a contrast of a few grey
// levels is nothing to see on a screen. A new reference.
PctPicture *pct_mei_dup_stretched(const PctPicture *picture);
// Forgets all: there are other MEIs now.
void pct_mei_cache_clear(PctMeiCache *cache);
guint pct_mei_cache_get_n(const PctMeiCache *cache);
