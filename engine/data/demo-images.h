// SPDX-License-Identifier: GPL-3.0-or-later
// Procedural scenes with the statistics that matter to visual cortex, and none of a photograph's owners: dead leaves
// (occluding shapes with power-law sizes; Lee, Mumford & Huang 2001, Int. J. Comput. Vis. 41:35), shaded and covered
// with 1/f texture, and large letters, digits and figures before a fainter scene of the same kind.
// Invariant: a picture is a function of (seed, index, glyph, size) alone.
#pragma once
#include <glib.h>

typedef struct _PctDemoScenes PctDemoScenes;

PctDemoScenes *pct_demo_scenes_new(int height, int width, guint64 seed);
void pct_demo_scenes_free(PctDemoScenes *scenes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctDemoScenes, pct_demo_scenes_free)

// Scene number index with a glyph mid-frame, or -1: leaves only. Sometimes another glyph stands beside it.
// out (H,W) grey levels. Any number of threads at once.
void pct_demo_scenes_draw(const PctDemoScenes *scenes, guint64 index, int glyph, guint8 *out);
